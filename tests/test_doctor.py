"""``python -m rnn_helpers`` in installations of fake packages: whole, and broken in many ways."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from unittest import mock

import pytest
from conftest import LABS, LESSONS, PATHS, ROOT

import rnn_helpers
from rnn_helpers import doctor

TORCH = """
__version__ = "2.10.0+cpu"
class version:
    cuda = None
def get_num_threads():
    return 3
"""
PSUTIL = """
from types import SimpleNamespace
def virtual_memory():
    return SimpleNamespace(available={} * 2**20)
"""
WHOLE = {
    "numpy": "__version__ = '2.1.0'",
    "torch": TORCH,
    "matplotlib": "__version__ = '3.10.0'",
    "IPython": "__version__ = '9.0.0'",
    "ipykernel": "print('hello', end=''); __version__ = '7.2.0'",
    "ipywidgets": "__version__ = '8.1.5'",
    "psutil": PSUTIL.format(4000),
}
NOTED = {
    "jupyterlab": "4.5.0",
    "nbval": "0.11.0",
    "jupyter_client": "8.7.0",
    "pytest": "9.0.0",
}


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python without any package."""
    place = tmp_path_factory.mktemp("bare")
    venv.create(place, symlinks=os.name != "nt", with_pip=False)
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@pytest.fixture
def course(tmp_path, bare_python):
    return Course(tmp_path, bare_python)


class Course:
    """A copy of the course with fake packages, and a folder to stand in."""

    def __init__(self, place, python):
        self.root, self.packages, self.here = (
            place / name for name in ("course", "packages", "here")
        )
        for folder in (self.root, self.packages, self.here):
            folder.mkdir()
        self.python = python
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "rnn_helpers", self.root / "rnn_helpers", ignore=ignore)
        for path in PATHS.values():
            notebook = self.root / path.relative_to(ROOT)
            notebook.parent.mkdir(parents=True, exist_ok=True)
            notebook.touch()

    def install(self, modules, noted):
        for name, source in modules.items():
            (self.packages / name).mkdir()
            (self.packages / name / "__init__.py").write_text(source)
        for name, version in noted.items():
            note = self.packages / f"{name}-{version or 0}.dist-info"
            note.mkdir()
            words = f"Version: {version}\n" if version else ""
            (note / "METADATA").write_text(f"Name: {name}\n{words}")
        return self

    def run(self, *arguments, here=None, **environment):
        path = os.pathsep.join([str(self.root), str(self.packages)])
        environment = {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": path, **environment}
        return subprocess.run(
            [self.python, *(arguments or ["-m", "rnn_helpers"])],
            cwd=here or self.here,
            env={**os.environ, **environment},
            capture_output=True,
        )

    def check(self, **options):
        """Run the check; give its exit code, its lines by their names, and the advice."""
        done = self.run(**options)
        assert not done.stderr, done.stderr.decode()
        lines = done.stdout.decode().splitlines()
        named = {
            line[2:17].strip(): line[0] + line[17:] for line in lines if line[1] == " "
        }
        return done.returncode, named, lines[len(named) :]


def test_a_whole_installation_is_well(course):
    code, lines, advice = course.install(WHOLE, NOTED).check(here=course.root)
    assert code == 0
    assert {line[0] for line in lines.values()} == {"✓"}
    assert list(lines) == [
        *("Python", *doctor.PACKAGES, "PyTorch build", "cores", "memory"),
        *("name clashes", "notebooks"),
    ]
    assert lines["torch"].split() == ["✓", "2.10.0+cpu", "tested:", ">=2.9.1,<2.14"]
    assert lines["ipykernel"].split()[1] == "7.2.0"
    assert "PyTorch's threads: 3" in lines["cores"]
    assert "4,000 MiB free" in lines["memory"]
    lesson = "notebooks/01_elman_sine.ipynb"
    assert advice == [f"All is well: {course.python} -m jupyter lab {lesson}"]


def test_what_a_lesson_can_do_without_is_a_remark(course):
    gpu = TORCH.replace("2.10.0+cpu", "2.12.0+cu126").replace("None", "'12.6'")
    modules = {
        **WHOLE,
        "torch": gpu,
        "numpy": "__version__ = '3.0.0'",
        "psutil": PSUTIL.format(300),
    }
    course.install(modules, {"jupyterlab": "4.5.0", "nbval": "0.12", "pytest": None})
    (course.here / "torch").mkdir()
    code, lines, advice = course.check()
    assert code == 0
    remarks = {name: line for name, line in lines.items() if line[0] == "!"}
    telling = {
        "numpy": "newer than tested",
        "nbval": "newer than tested",
        "jupyter_client": "is missing",
        "pytest": "has no version",
        "PyTorch build": "CUDA 12.6",
        "memory": "close other programs",
        "name clashes": "torch",
    }
    assert remarks.keys() == telling.keys()
    for name, words in telling.items():
        assert words in remarks[name]
    lesson = course.root.resolve() / "notebooks/01_elman_sine.ipynb"
    assert advice[0].endswith(f"jupyter lab {lesson}")


def test_what_is_missing_is_said_with_its_mend(course):
    code, lines, advice = course.check(here=course.root)
    assert code == 1
    for name, (tested, _) in doctor.PACKAGES.items():
        assert "is missing" in lines[name]
        assert f'{course.python} -m pip install "{name}{tested}"' in lines[name]
        assert lines[name][0] == ("!" if name in doctor.FOR_TESTS else "✗")
    assert "PyTorch build" not in lines
    assert "not known" in lines["memory"]
    assert advice[0].startswith("Mend the 7 lines marked ✗ from the top")
    assert advice[1].endswith("-m pip install -r requirements.txt")


BROKEN = [
    (
        {
            "numpy": ("def f(:", "SyntaxError: invalid syntax"),
            "torch": ("import os; os.abort()", "ends Python (exit code"),
            "matplotlib": (
                "import numpi",
                "ModuleNotFoundError: No module named 'numpi'",
            ),
            "IPython": ("raise OSError('a DLL\\nfailed')", "OSError: a DLL failed"),
            "ipykernel": (
                "import jupyter_client",
                "needs jupyter_client, which is missing",
            ),
            "ipywidgets": ("__version__ = '7.9'", "7.9 is too old"),
        },
        {"jupyterlab": None},
        "has no version",
    ),
    (
        {
            "numpy": ("raise SystemExit", "SystemExit"),
            "torch": ("", "has no version"),
            "matplotlib": ("raise OSError('[WinError 126]')", "WinError"),
            "IPython": ("import os; os._exit(0)", "ends Python (exit code 0)"),
            "ipykernel": (
                "from json import nothing",
                "ImportError: cannot import name",
            ),
            "ipywidgets": ("__version__ = 'unknown'", "has no version"),
        },
        {"jupyterlab": "3.6"},
        "3.6 is too old",
    ),
]


@pytest.mark.parametrize("modules, noted, jupyterlab", BROKEN)
def test_what_is_broken_is_said_with_its_mend(course, modules, noted, jupyterlab):
    course.install({name: source for name, (source, _) in modules.items()}, noted)
    code, lines, advice = course.check()
    assert code == 1
    for name, (_, words) in {**modules, "jupyterlab": ("", jupyterlab)}.items():
        line = lines[name.lower()]
        assert line[0] == "✗"
        assert words in line
        _, mend = line.split("Mend: ")
        assert mend == mend_of(course.python, name.lower(), words)
    assert advice[0].startswith("Mend the 7 lines marked ✗ from the top")


def mend_of(python, name, trouble):
    if "needs" in trouble:
        return "jupyter_client first"
    if "DLL" in trouble or "WinError" in trouble:
        return "install Microsoft's Visual C++ Redistributable"
    install = "install" if "old" in trouble else "install --force-reinstall"
    return f'{python} -m pip {install} "{name}{doctor.PACKAGES[name][0]}"'


def test_an_import_that_does_not_end_is_said(tmp_path, monkeypatch):
    (tmp_path / "endless.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(doctor, "PATIENCE", 0.5)
    found = doctor.ask("endless", "endless")
    mark, _, finding, _ = doctor.judge("torch", found)
    assert (mark, finding) == ("✗", "takes more than 0.5 seconds (try again)")


def test_files_that_hide_a_module_are_named_and_do_no_harm(course):
    course.install(WHOLE, NOTED)
    for name in ("torch", "numpy", "random", "token", "inspect", "json", "time"):
        (course.here / f"{name}.py").write_text("raise RuntimeError")
    (course.here / "matplotlib").mkdir()
    (course.here / "matplotlib" / "__init__.py").write_text("raise RuntimeError")
    (course.root / "notebooks" / "labs" / "string.py").touch()
    code, lines, advice = course.check()
    assert code == 1
    faults = [name for name, line in lines.items() if line[0] != "✓"]
    assert faults == ["name clashes"]
    *names, _ = lines["name clashes"][1:].split("  ")
    assert "".join(names).strip().split(", ") == [
        str(course.root.resolve() / "notebooks/labs/string.py"),
        *("inspect.py", "json.py", os.path.join("matplotlib", "__init__.py")),
        *("numpy.py", "random.py", "token.py", "torch.py"),  # time is built in
    ]
    assert "Mend: rename it" in lines["name clashes"]
    assert advice == ["Mend the line marked ✗, then run this again."]


def test_lost_files_are_named_and_where_they_were_looked_for(course):
    course.install(WHOLE, NOTED)
    (course.root / "notebooks/labs/was_it_luck.ipynb").unlink()
    code, lines, _ = course.check()
    assert code == 1
    finding = f"notebooks/labs/was_it_luck.ipynb is not in {course.root.resolve()}"
    assert finding in lines["notebooks"]
    assert "Mend: clone the repository" in lines["notebooks"]
    (course.root / ".git").mkdir()
    _, _, _, mend = doctor.look_at_files(course.root)
    assert mend.endswith("restore notebooks/labs/was_it_luck.ipynb")


def test_plain_marks_stand_in_for_those_that_cannot_be_printed(course):
    course.install({"numpy": "raise OSError('\\u65e5')"}, NOTED)
    done = course.run(PYTHONIOENCODING="cp1252")
    lines = done.stdout.decode("ascii").splitlines()
    assert (done.returncode, done.stderr) == (1, b"")
    assert {line[0] for line in lines[:-1]} == {"+", "!", "x"}
    assert "marked x" in lines[-1]


@pytest.mark.parametrize(
    "name, version, mark, words",
    [
        ("torch", "2.9.1", "✓", "tested"),
        ("torch", "2.9.0+cpu", "✗", "too old"),
        ("torch", "2.13.9", "✓", "tested"),
        ("torch", "2.14.0", "!", "newer"),
        ("torch", "2.14.0a0+git", "!", "newer"),
        ("torch", "10.0", "!", "newer"),
        ("ipython", "8.4", "✗", "too old"),
        ("numpy", "2.10", "✓", "tested"),
        ("numpy", "3", "!", "newer"),
        ("nbval", "0.11", "✓", "tested"),
        ("nbval", "0.11.0.1", "!", "newer"),
        ("nbval", "0.10.9", "!", "too old"),
    ],
)
def test_versions_are_compared_as_numbers(name, version, mark, words):
    line = doctor.judge(name, {"version": version})
    assert line[0] == mark
    assert words in f"{line[2]} {line[3]}"


def test_an_old_python_is_the_only_fault(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "PYTHON", (4, 0))
    assert doctor.main() == 1
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert "is too old" in first and "Mend: install a newer one" in first
    assert second.startswith("Mend the line marked")


@pytest.mark.parametrize("name", ["__init__", "__main__", "doctor"])
def test_an_old_python_can_read_what_checks_it(name):
    source = (ROOT / "rnn_helpers" / f"{name}.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


def test_one_core_is_enough(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {5}, raising=False)
    assert doctor.look_at_cores(1)[:3] == ("✓", "cores", 1)


def test_the_courses_own_python_is_named_to_another(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    assert "own Python" not in doctor.advise(1)
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    assert doctor.advise(1).endswith(f"{own} -m rnn_helpers")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    assert "own Python" not in doctor.advise(1)


def test_a_systems_python_is_sent_to_the_readme(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(doctor.sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert "README" not in doctor.advise(1)
    (tmp_path / "EXTERNALLY-MANAGED").touch()
    assert doctor.advise(1).endswith("start as README says.")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    assert "README" not in doctor.advise(1)


def test_a_builds_kind_is_told():
    assert doctor.look_at_build(None, "6.4")[:3] == ("!", "PyTorch build", "ROCm 6.4")
    with mock.patch("sys.platform", "darwin"):
        assert doctor.look_at_build(None, None)[:3] == ("✓", "PyTorch build", "Mac")


def test_what_is_checked_is_what_the_course_asks_for():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    reasons = dict(line.split("#") for line in text.splitlines()[1:-1])
    checked = [name + tested for name, (tested, _) in doctor.PACKAGES.items()]
    assert sorted(checked) == sorted(map(str.strip, reasons))
    for_tests = [line for line, reason in reasons.items() if reason[:6] == " tests"]
    assert [line.split("=")[0].strip(">") for line in for_tests] == list(
        doctor.FOR_TESTS
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    oldest = ">={}.{}".format(*doctor.PYTHON)
    assert project["project"]["requires-python"] == oldest
    *notebooks, names = doctor.FILES
    assert notebooks == [
        PATHS[name].relative_to(ROOT).as_posix() for name in LESSONS + LABS
    ]
    assert (ROOT / names).is_file()


# The package imports a name when it is asked for, and nothing before.


def test_the_package_needs_nothing_until_a_name_is_asked_for(course):
    course.install({"numpy": ""}, {})
    done = course.run("-c", "import rnn_helpers; print(*dir(rnn_helpers))")
    assert set(rnn_helpers.__all__) <= set(done.stdout.decode().split())
    done = course.run("-c", "from rnn_helpers import make_sine_wave")
    assert done.stderr.decode().strip().endswith("No module named 'torch'")
    done = course.run("-c", "import rnn_helpers.__main__")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("module", rnn_helpers._NAMES)
def test_every_name_is_at_home_in_its_module(module):
    for name in rnn_helpers._NAMES[module]:
        assert getattr(rnn_helpers, name).__module__ == f"rnn_helpers.{module}"


def test_explore_is_the_function_also_when_its_module_is_imported():
    module = sys.modules[rnn_helpers.explore.__module__]
    rnn_helpers.explore = module  # as the import of a module does
    assert rnn_helpers.explore is module.explore
    assert rnn_helpers.figures is sys.modules["rnn_helpers.figures"]


def test_a_name_can_be_patched_and_comes_back():
    before = rnn_helpers.show_figure
    with mock.patch("rnn_helpers.show_figure") as other:
        assert rnn_helpers.show_figure is other
    assert rnn_helpers.show_figure is before


def test_an_unknown_name_is_refused_as_by_python():
    with pytest.raises(AttributeError) as refusal:
        rnn_helpers.show_figur  # noqa: B018
    with pytest.raises(AttributeError) as usual:
        venv.show_figur  # noqa: B018
    assert str(refusal.value) == str(usual.value).replace("venv", "rnn_helpers")
    with pytest.raises(ImportError, match="cannot import name 'show_figur'"):
        from rnn_helpers import show_figur  # noqa: F401


def test_a_broken_package_is_not_taken_for_an_unknown_name(monkeypatch):
    broken = AttributeError("module 'torch' has no attribute 'Tensor'")
    monkeypatch.delattr(rnn_helpers, "choice")
    monkeypatch.setattr(rnn_helpers, "import_module", mock.Mock(side_effect=broken))
    with pytest.raises(ImportError, match="'torch' has no attribute 'Tensor'"):
        from rnn_helpers import choice  # noqa: F401
