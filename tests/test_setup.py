"""The files that set the course up agree with each other and with the README."""

import os
import re
import tomllib

from course import NOTEBOOKS, PATHS, ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from teaching.publish.sources import SITE

CONDA_NAMES = {"torch": "pytorch-cpu"}


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def requirements():
    lines = [
        line.partition("#")[0].strip() for line in read("requirements.txt").splitlines()
    ]
    assert lines[-1] == "-e ."
    return {r.name: r.specifier for r in map(Requirement, filter(None, lines[:-1]))}


def conda_requirements(path):
    specs = re.findall(r"^  - (\S+?)((?:[<>=].*)?)$", read(path), re.M)
    return {
        name: SpecifierSet(re.sub(r"^=(?!=)", "==", spec))
        for name, spec in specs
        if name != "conda-forge"
    }


def test_environment_is_the_requirements_in_condas_names():
    conda = conda_requirements("environment.yml")
    assert str(conda.pop("python")) == "==3.11"
    (name,) = re.findall(r"^name: (.+)$", read("environment.yml"), re.M)
    assert f"`conda activate {name}`" in read("README.md")
    assert conda.pop("pip") == SpecifierSet("")
    assert conda == {CONDA_NAMES.get(n, n): spec for n, spec in requirements().items()}


def test_binder_holds_a_copy_and_installs_the_package():
    assert read("binder/environment.yml") == read("environment.yml")
    assert "pip install --no-deps -e ." in read("binder/postBuild")
    assert os.name == "nt" or (ROOT / "binder/postBuild").stat().st_mode & 0o100


def test_package_declares_its_own_part_of_the_requirements():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    own = {r.name: r.specifier for r in map(Requirement, project["dependencies"])}
    assert set(own) == {"torch", "numpy", "matplotlib", "ipython", "ipywidgets"}
    assert own.items() <= requirements().items()


def test_readme_says_the_same_of_pytorch_and_python():
    (line,) = re.findall(r'install "(.*)" --index-url', read("README.md"))
    assert Requirement(line).specifier == requirements()["torch"]
    least, last = re.search(r"Python 3\.(\d+) to 3\.(\d+)", read("README.md")).groups()
    project = tomllib.loads(read("pyproject.toml"))["project"]
    needed = SpecifierSet(f">=3.{least},<3.{int(last) + 1}")
    assert SpecifierSet(project["requires-python"]) == needed


def test_line_endings_are_those_of_the_repository():
    assert "* text=auto eol=lf" in read(".gitattributes").splitlines()


def test_every_requirement_has_its_reason_and_its_bounds():
    for line in read("requirements.txt").splitlines()[1:]:
        assert "#" in line, line
    for name, specifier in requirements().items():
        assert any(spec.operator in ("<", "==") for spec in specifier), name


def test_readme_has_exactly_two_lines_to_copy():
    blocks = re.findall(r"```bash\n(.*?)\n```", read("README.md"), re.S)
    start, test = blocks
    for line in blocks:
        assert "\n" not in line
        assert line.startswith("python3 -m venv .venv && ")
        assert "pip install -r requirements.txt && " in line
    assert start.endswith("jupyter lab notebooks/01_elman_sine.ipynb")
    assert test.endswith("/pytest")


def test_readme_maps_every_notebook_and_its_links_exist():
    text = read("README.md")
    for name in NOTEBOOKS:
        assert f"]({PATHS[name].relative_to(ROOT).as_posix()})" in text
    for link in re.findall(r"\]\(([^):]+)\)", text):
        assert (ROOT / link).exists() or ROOT / link in PATHS.values(), link


def test_a_hub_leaves_a_kernel_alone_for_a_lecture():
    hub = read("teaching/hub.yaml")
    (minutes,) = re.findall(r"(\d+) minutes are a lecture", hub)
    (kernel,) = re.findall(r"cull_idle_timeout: (\d+)", hub)
    assert int(kernel) == 60 * int(minutes)
    assert "cull_connected: true" in hub  # else an open tab keeps it for ever
    (server,) = {*re.findall(r"cull(?:\.timeout|: \{ timeout:) (\d+)", hub)}
    assert int(server) > int(kernel)


def test_what_is_published_is_the_site():
    (path,) = re.findall(r"^ +path: (.+)$", read(".github/workflows/pages.yml"), re.M)
    assert ROOT / path == SITE
