"""`python tests/check_setup.py` in copies of the course with fake packages, whole and broken."""

import ast
import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

import check_setup
import pytest
from check_setup import FAULT, FINE, REMARK
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(check_setup.__file__).parents[1]
ODD = """it's a "test" & more $HOME"""
NOTEBOOK = '{"cells": [{}]}'
NOTEBOOKS = re.findall(
    r"\]\((notebooks/.+?\.ipynb)\)", (ROOT / "README.md").read_text(encoding="utf-8")
)


def requirements():
    """Give what requirements.txt asks for, as pip reads it, and the reason of each."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    lines = re.findall(r"^(\w.*?) *# (.*)", text, re.M)
    return {Requirement(line).name: (Requirement(line), why) for line, why in lines}


def least(name):
    """Give the first version that the course takes of a package."""
    return re.search(r"[>=]=([\d.]+)", str(requirements()[name][0])).group(1)


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python without any package."""
    place = tmp_path_factory.mktemp("bare") / ODD
    venv.create(place, symlinks=os.name != "nt", with_pip=False)
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@pytest.fixture
def course(tmp_path, bare_python):
    return Course(tmp_path, bare_python)


class Course:
    """A copy of the course with fake packages, and a folder to stand in."""

    def __init__(self, place, python):
        self.root, self.packages, self.here = (
            place / name for name in (ODD, "packages", "here")
        )
        self.python = python
        for folder in ("notebooks/labs", "rnn_helpers/data", "tests"):
            (self.root / folder).mkdir(parents=True)
        for folder in (self.packages, self.here):
            folder.mkdir()
        for file in ("tests/check_setup.py", *check_setup.FILES):
            shutil.copy(ROOT / file, self.root / file)
        for file in NOTEBOOKS:
            (self.root / file).write_text(NOTEBOOK)
        (self.root / "rnn_helpers/__init__.py").write_text("from .data import length")
        (self.root / "rnn_helpers/data.py").write_text("length = 10")
        (self.root / "rnn_helpers/show.py").write_text("width = 11")

    def install(self, missing=(), sources=None, versions=None):
        """Install fakes of all packages but the missing, some with other contents."""
        for name in {*requirements()} - {*missing}:
            module = self.packages / name.replace("ipython", "IPython")
            module.mkdir()
            source = (sources or {}).get(name, "print('hello', end='')")
            (module / "__init__.py").write_text(source)
            note = self.packages / f"{name.replace('-', '_')}-1.dist-info"
            note.mkdir()
            version = (versions or {}).get(name, least(name))
            (note / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
        return self

    def run(self, here=None, **environment):
        path = os.pathsep.join([str(self.root), str(self.packages)])
        environment = {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": path, **environment}
        return subprocess.run(
            [self.python, self.root / "tests/check_setup.py"],
            cwd=here or self.here,
            env={**os.environ, **environment},
            capture_output=True,
        )

    def check(self, **options):
        """Run the check; give its exit code, its lines with their mends, what is next."""
        done = self.run(**options)
        assert not done.stderr, done.stderr.decode()
        *lines, advice = done.stdout.decode().splitlines()
        found = []
        for line in lines:
            if line.startswith("    "):
                found[-1][1] = line.strip()
            else:
                found.append([line, None])
        for line, mend in found:
            assert line[0] in (REMARK, FAULT) if mend else FINE + REMARK + FAULT
        mends = [mend for _, mend in found if mend]
        assert len(mends) == len(set(mends))  # each is said once
        assert done.returncode == any(line[0] == FAULT for line, _ in found)
        assert advice.startswith("Next: ")
        return done.returncode, dict(found), advice[6:]

    def commit(self):
        self.paste("git init -q; git add .")
        self.paste("git -c user.name=a -c user.email=a@b commit -qm whole")

    def paste(self, line):
        """Run a line in a shell, standing in the course."""
        done = subprocess.run(line, shell=True, cwd=self.root, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()


def line_of(lines, start):
    """Give the one line that begins with these words after its mark, and its mend."""
    (found,) = [item for item in lines.items() if f"{item[0]} ".startswith(start, 2)]
    return found


def test_a_whole_installation_is_well(course):
    code, lines, advice = course.install().check()
    assert code == 0
    names = [line.split()[1] for line in lines]
    assert names == ["Python", *requirements(), "rnn_helpers"]
    assert {line[0] for line in lines} == {FINE}
    asked = str(requirements()["torch"][0]).removeprefix("torch")
    words = line_of(lines, "torch ")[0].split()
    assert words[:4] == [FINE, "torch", least("torch"), "fits"]
    assert SpecifierSet(words[4]) == SpecifierSet(asked)
    lesson = course.root / "notebooks/01_elman_sine.ipynb"
    python = check_setup.python(course.python)
    assert advice == f"{python} -m jupyter lab {check_setup.quote(lesson)}"


def test_what_a_lesson_can_do_without_is_a_remark(course):
    versions = {"numpy": "99.1", "nbval": "0.0.1", "jupyterlab": "99"}
    course.install(["jupyter_client"], versions=versions)
    (course.packages / "pytest-1.dist-info/METADATA").write_text("Name: pytest")
    code, lines, _ = course.check()
    assert code == 0
    telling = {
        "numpy": "is newer than tested",
        "jupyterlab": "is newer than tested",
        "nbval": "does not fit",
        "jupyter_client": "is missing",
        "pytest": "is missing",
    }
    for name, words in telling.items():
        line, _ = line_of(lines, f"{name} ")
        assert line[0] == REMARK and words in line
    assert [line[0] for line in lines].count(REMARK) == len(telling)


def test_what_is_missing_is_said_with_a_line_that_mends_it(course):
    (course.root / "rnn_helpers").rename(course.root / "other")
    code, lines, advice = course.check()
    assert code == 1
    for name, (_, why) in requirements().items():
        line, _ = line_of(lines, f"{name} is missing")
        assert line[0] == (REMARK if why.startswith("tests") else FAULT)
    assert line_of(lines, "rnn_helpers is missing")[0][0] == FAULT
    _, mend = line_of(lines, "torch is missing")  # one line for all
    assert mend.endswith("-m pip install -r requirements.txt")
    assert advice.startswith(f"mend what is marked {FAULT}, from the top, or start as")
    done = subprocess.run(mend, shell=True, capture_output=True, text=True)
    assert done.stderr.strip() == f"{course.python}: No module named pip"
    where = mend.partition(";")[0] + "; pwd"
    done = subprocess.run(where, shell=True, capture_output=True, text=True)
    assert done.stdout.strip() == str(course.root.resolve())


BROKEN = {
    "numpy": ("def f(:", "SyntaxError: invalid syntax"),
    "torch": ("import os; os.abort()", "it ends Python (exit code"),
    "matplotlib": ("import numpi", "No module named 'numpi'"),
    "ipython": ("raise OSError('the DLL is not there')", "OSError: the DLL is not"),
    "ipykernel": ("raise SystemExit", "it ends Python (exit code 0)"),
    "ipywidgets": ("import os; os._exit(0)", "it ends Python (exit code 0)"),
}


def test_what_is_broken_is_said_with_a_line_that_mends_it(course):
    sources = {name: source for name, (source, _) in BROKEN.items()}
    code, lines, _ = course.install(
        sources=sources, versions={"jupyterlab": "0.35"}
    ).check()
    assert code == 1
    for name, (_, words) in BROKEN.items():
        line, mend = line_of(lines, f"{name} cannot be imported: ")
        assert line[0] == FAULT and words in line
        before, _, spec = mend.partition(" -m pip install --force-reinstall ")
        assert before == check_setup.python(course.python)
        assert Requirement(spec.strip("'\"")) == requirements()[name][0]
    line, mend = line_of(lines, "jupyterlab 0.35 does not fit")
    assert line[0] == FAULT and mend.endswith("-m pip install -r requirements.txt")


def test_an_import_that_does_not_end_is_said(tmp_path, monkeypatch):
    (tmp_path / "endless.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    error = check_setup.import_error("endless", patience=0.5)
    assert error == "it takes more than 0.5 seconds (try again)"


def test_files_that_hide_a_module_are_named_do_no_harm_and_can_be_renamed(course):
    course.install(["nbval"])
    hiding = [
        *(course.here / f"{name}.py" for name in ("numpy", "random", "json", "torch")),
        course.here / "matplotlib/__init__.py",
        course.here / "rnn_helpers.py",
        course.root / "notebooks/IPython.py",
        course.root / "notebooks/labs/string.py",
        course.root / "notebooks/rnn_helpers/",  # a folder hides what a link installs
        course.root / "notebooks/nbval/",  # and stands for what is missing
    ]
    harmless = [
        *(course.here / file for file in ("time.py", "numpy.txt", "utils.py")),
        course.root / "tests/json.py",  # beside the check
        course.root / "numpy/",
    ]
    for path in hiding + harmless:
        if path.suffix:
            path.parent.mkdir(exist_ok=True)
            path.write_text("raise RuntimeError")
        else:
            path.mkdir()
    code, lines, _ = course.check()
    assert code == 1
    faults = {line: mend for line, mend in lines.items() if line[0] == FAULT}
    places = {path.parent if path.stem == "__init__" else path for path in hiding}
    assert set(faults) == {
        f"{FAULT} {path} hides the module {path.stem}" for path in places
    }
    for mend in faults.values():
        course.paste(mend)
    assert (course.here / "my_random.py").is_file()
    assert course.check()[0] == 0


def break_files(root):
    """Break files of the course; give what is said of each."""
    notebook, *others = NOTEBOOKS
    lab, names, module = NOTEBOOKS[-1], check_setup.FILES[-1], "rnn_helpers/data.py"
    (root / lab).unlink()
    (root / "rnn_helpers/course.mplstyle").unlink()
    (root / "pyproject.toml").write_text("<<<<<<< HEAD\n=======\n>>>>>>> other\n")
    broken = {
        notebook: ('{"cells": []}', "it has no cells"),
        others[0]: (NOTEBOOK[:-1], "it is no notebook"),
        others[1]: ("", "it is missing or empty"),
        others[2]: ('{"cells": [\n  "<<<<<<< local\\n"]}', "it holds conflict marks"),
        names: (" \n", "it is missing or empty"),
        module: ("length = 1\n=======\n", "it holds conflict marks"),
    }
    for file, (text, _) in broken.items():
        (root / file).write_text(text)
    telling = {file: words for file, (_, words) in broken.items()}
    telling[lab] = telling["rnn_helpers/course.mplstyle"] = "it is missing or empty"
    return {**telling, "pyproject.toml": "it holds conflict marks"}


def test_lost_and_damaged_files_are_named_and_can_be_brought_back(course):
    course.install().commit()
    telling = break_files(course.root)
    code, lines, _ = course.check()
    assert code == 1
    mends = []
    for file, words in telling.items():
        line, mend = line_of(lines, f"{file} is damaged: ")
        assert line[0] == FAULT and words in line
        mends.append(mend)
    mends.append(line_of(lines, "rnn_helpers cannot be imported: SyntaxError")[1])
    for mend in mends:
        course.paste(mend)
    assert course.check()[0] == 0


def test_without_git_a_new_download_brings_files_back(course):
    file = NOTEBOOKS[-1]
    (course.root / file).unlink()
    _, mend = line_of(course.install().check()[1], f"{file} is damaged")
    assert mend == f"download the course again, and copy {file} from there"


def test_a_merge_that_was_not_finished_can_be_taken_back(course):
    course.install().commit()
    git = "git -c user.name=a -c user.email=a@b "
    lesson = course.root / NOTEBOOKS[0]
    course.paste("git checkout -q -b mine")
    lesson.write_text('{"cells": [1]}')
    course.paste(f"{git} commit -qam mine; git checkout -q -")
    lesson.write_text('{"cells": [2]}')
    course.paste(f"{git} commit -qam theirs; git merge mine || true")
    code, lines, _ = course.check()
    line, mend = line_of(lines, NOTEBOOKS[0])
    assert code == 1 and "it holds conflict marks" in line
    course.paste(mend)
    assert course.check()[0] == 0


def test_a_module_that_is_gone_is_brought_back(course):
    course.install().commit()
    (course.root / "rnn_helpers/data.py").unlink()
    (course.root / "rnn_helpers/show.py").unlink()
    code, lines, _ = course.check()
    line, mend = line_of(lines, "rnn_helpers cannot be imported: ")
    assert "cannot import name 'length' from 'rnn_helpers.data'" in line
    assert line_of(lines, "rnn_helpers/show.py is damaged: it is missing")
    course.paste(mend)
    assert course.check()[0] == 0


def test_a_package_of_another_folder_is_a_remark(course):
    course.install()
    shutil.copytree(course.root / "rnn_helpers", course.packages / "rnn_helpers")
    code, lines, _ = course.check(PYTHONPATH=str(course.packages))
    line, mend = line_of(lines, "rnn_helpers")
    assert code == 0 and line[0] == REMARK and "is not this folder's" in line
    assert mend.endswith("-m pip install -r requirements.txt")


def test_files_that_tell_what_to_check_may_be_gone(course):
    for file in check_setup.FILES:
        (course.root / file).write_text("")
    code, lines, _ = course.install().check()
    assert code == 1
    for file in check_setup.FILES:
        line_of(lines, f"{file} is damaged: it is missing or empty")


def test_plain_marks_stand_in_for_those_that_cannot_be_printed(course):
    file = "\u65e5/random.py"
    course.install(["nbval"], {"numpy": "raise OSError('\\u65e5')"})
    (course.here / file).parent.mkdir()
    (course.here / file).touch()
    done = course.run(here=course.here / "\u65e5", PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (1, b"")
    *lines, advice = done.stdout.decode("ascii").splitlines()
    assert {line[0] for line in lines if line[0] != " "} == {"+", "!", "x"}
    assert "?" + os.sep + "random.py hides" in done.stdout.decode("ascii")
    assert "marked x" in advice


@pytest.mark.parametrize(
    "version, needed, mark",
    [
        ("2.9.1", ">=2.9.1,<2.14", FINE),
        ("2.9.0+cpu", ">=2.9.1,<2.14", FAULT),
        ("2.13.9", ">=2.9.1,<2.14", FINE),
        ("2.14.0", ">=2.9.1,<2.14", REMARK),
        ("2.14.0a0+git", ">=2.9.1,<2.14", REMARK),
        ("10.0", ">=2.9.1,<2.14", REMARK),
        ("8.4", ">=8.30,<10", FAULT),
        ("2.10", ">=2.0.2,<3", FINE),
        ("3", ">=2.0.2,<3", REMARK),
        ("3", ">=3.0,<4", FINE),
        ("0.11", "==0.11.0", FINE),
        ("0.11.0.1", "==0.11.0", FAULT),
        ("0.10.9", "==0.11.0", FAULT),
        ("8.1.8", ">=8.1.2,<9,!=8.1.9", FINE),
        ("8.1.9", ">=8.1.2,<9,!=8.1.9", FAULT),
        ("8.1.10", ">=8.1.2,!=8.1.9,<9", FINE),
        ("9.0", ">=8.1.2,<9,!=8.1.9", REMARK),
    ],
)
def test_versions_are_compared_as_numbers(version, needed, mark):
    words = {FINE: "fits", REMARK: "is newer than tested:", FAULT: "does not fit"}
    assert check_setup.judge(version, needed) == (
        mark,
        f"{version} {words[mark]} {needed}",
    )


def python_needs(course, needed):
    """Let a copy of the course ask for another Python; give what the check says."""
    path = course.root / "pyproject.toml"
    text, changes = re.subn(
        r'(?<=requires-python = )".*"', f'"{needed}"', path.read_text(encoding="utf-8")
    )
    assert changes == 1
    path.write_text(text, encoding="utf-8")
    return course.install().check()


def test_an_old_python_is_the_only_fault(course):
    code, lines, advice = python_needs(course, ">=4.0")
    ((line, mend),) = lines.items()
    assert code == 1 and "does not fit >=4.0" in line
    assert mend == check_setup.NEW_PYTHON
    assert advice.endswith("or start as README says")


def test_a_newer_python_is_a_remark(course):
    code, lines, _ = python_needs(course, ">=3.0,<3.1")
    line, mend = line_of(lines, "Python")
    assert code == 0 and line[0] == REMARK and "is newer than tested: >=3.0" in line
    assert mend == check_setup.NEW_PYTHON


def test_an_old_python_can_read_what_checks_it():
    source = Path(check_setup.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


LINUX, MAC, WINDOWS = (
    ("linux", "x86_64 linux-x86_64", 64),
    ("darwin", "arm64 macosx-10.13-universal2", 64),
    ("win32", "AMD64 win-amd64", 64),
)


@pytest.mark.parametrize(
    "version, computer, words",
    [
        ((3, 11), LINUX, None),
        ((3, 14, 2), ("linux", "aarch64 linux-aarch64", 64), None),
        ((3, 14), MAC, None),
        ((3, 13), WINDOWS, None),
        ((3, 13), ("win32", "ARM64 win-amd64", 64), None),  # runs what is for x86-64
        ((3, 15), LINUX, "PyTorch below 2.15 is not made for Python 3.15: install"),
        ((3, 13), ("darwin", "x86_64 macosx-10.13-universal2", 64), "Binder or Colab"),
        (
            (3, 13),
            ("win32", "ARM64 win-arm64", 64),
            "on Windows a 64-bit x86 Python",
        ),
        ((3, 13), ("win32", "AMD64 win32", 32), "32 bits: use Binder or Colab"),
        ((3, 11), ("linux", "x86_64 linux-i686", 32), "32 bits: use Binder or Colab"),
        ((3, 12), ("linux", "riscv64 linux-riscv64", 64), "PyTorch is not made for"),
        ((3, 12), ("freebsd14", "amd64 freebsd-14-amd64", 64), "not made for freebsd"),
    ],
)
def test_where_there_is_no_pytorch_is_known(version, computer, words):
    trouble = check_setup.wheel_trouble(version, *computer)
    assert trouble is None if words is None else words in trouble


@pytest.mark.parametrize("name", ["torch", "numpy"])
def test_a_place_without_pytorch_is_said_of_a_pytorch_that_does_not_fit(
    name, monkeypatch
):
    monkeypatch.setattr(check_setup, "wheel_trouble", lambda *computer: "no wheel")
    mark, _, mend = check_setup.look_at_package(name, ">=99", "every lesson")
    assert mark == FAULT and (mend == "no wheel") == (name == "torch")


def test_the_courses_own_python_is_named_to_another(course):
    own = course.root / ".venv"
    code, _, advice = course.check()
    assert code == 1 and ".venv" not in advice
    venv.create(own, symlinks=os.name != "nt", with_pip=False)
    advice = course.check()[2].removeprefix("with the course's own Python: ")
    done = subprocess.run(advice, shell=True, capture_output=True, text=True)
    assert str(own) not in done.stdout.splitlines()[-1]
    assert done.returncode == 1 and "torch is missing" in done.stdout
    (own / "bin/python").unlink()
    assert ".venv" not in course.check()[2]


def test_lines_can_be_pasted_on_windows(monkeypatch):
    monkeypatch.setattr(os, "name", "nt")
    assert check_setup.quote("C:\\it's mine") == '"C:\\it\'s mine"'
    assert check_setup.python("C:\\python.exe") == '& "C:\\python.exe"'


def test_what_is_checked_is_what_the_course_asks_for():
    asked = SpecifierSet(
        re.search('requires-python = "(.*)"', check_setup.read("pyproject.toml"))[1]
    )
    newest = max(re.findall(r"3\.\d+", check_setup.NEW_PYTHON))
    for version in re.findall(r"3\.\d+", check_setup.NEW_PYTHON):
        assert version in asked
        assert not check_setup.wheel_trouble(
            tuple(map(int, version.split("."))), *LINUX
        )
    major, minor = map(int, newest.split("."))
    assert f"{major}.{minor + 1}" not in asked
    assert check_setup.wheel_trouble((major, minor + 1), *LINUX)
    for requirement, _ in requirements().values():
        signs = {part.operator for part in requirement.specifier}
        assert signs <= set(check_setup.FITS), requirement
    for_tests = [n for n, (_, why) in requirements().items() if why[:5] == "tests"]
    assert {"nbval", "pytest"} <= set(for_tests) and "ipykernel" not in for_tests


def test_the_courses_own_files_are_sound_and_all_looked_at():
    assert not list(check_setup.look_at_files())
    folder = ROOT / "rnn_helpers"
    data = [
        path for path in folder.glob("**/*.*") if path.suffix in (".txt", ".mplstyle")
    ]
    assert {path.relative_to(ROOT).as_posix() for path in data} <= set(
        check_setup.FILES
    )
    assert {path.suffix for path in folder.glob("**/*.*")} <= {
        *(".py", ".pyc", ".txt", ".mplstyle")
    }
