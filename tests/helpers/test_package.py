"""The package as a house: no room too large, each used, and all of it in the wheel."""

import ast
import functools
import importlib
import io
import os
import shutil
import subprocess
import sys
import tokenize
import tomllib
import zipfile
from collections import defaultdict

import pytest
from course import NOTEBOOKS, ROOT, room_of, sources

import rnn_helpers

PACKAGE = ROOT / "rnn_helpers"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {room_of(name) for name in NOTEBOOKS}
every_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix()
)


def docstring_lines(tree):
    """The numbers of the lines that docstrings take."""
    lines = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            if ast.get_docstring(node) is not None:
                text = node.body[0]
                lines.update(range(text.lineno, text.end_lineno + 1))
    return lines


def count_code_lines(source):
    """Lines that hold code: not blank, not a comment alone, not of a docstring."""
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT and token.string.strip():
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docstring_lines(ast.parse(source)))


def test_lines_of_code_are_counted_without_words():
    source = '"""One.\n\nTwo."""\n\n# three\ndef f():\n    """Four."""\n    return (\n        5  # six\n    )\n'
    assert count_code_lines(source) == 4


@every_module
def test_no_module_is_longer_than_300_lines_of_code(path):
    most = 20 if path.name == "__init__.py" else 300
    assert count_code_lines(path.read_text(encoding="utf-8")) <= most


def test_the_helper_stays_small():
    lines = {path: count_code_lines(path.read_text("utf-8")) for path in MODULES}
    shared = sum(lines[path] for path in MODULES if path.parent == PACKAGE)
    assert shared <= 800 and sum(lines.values()) <= 1850


def test_each_notebook_has_a_room():
    rooms = {path.stem for path in MODULES if path.parent != PACKAGE}
    assert rooms - {"__init__"} == ROOMS


# Who may know whom: a module imports from those before it, never from its like.
STOREYS = [
    {"arguments"},
    {"data", "ngrams", "show", "plotting"},
    {"drawing"},
    {"explorers", "exercises"},
    {f"lessons.{room}" for room in ROOMS} | {"lessons"},
    {"rnn_helpers"},
]


def module_of(path):
    """A module's name as in STOREYS: "data", "lessons.elman_sine"."""
    inner = path.relative_to(PACKAGE).with_suffix("").parts
    inner = inner[:-1] if inner[-1] == "__init__" else inner
    return ".".join(inner) or "rnn_helpers"


def imports(path):
    """What a module imports: pairs of a module, and a name in it or None.

    Modules of the package are named as in STOREYS, others by their full name.
    """
    package = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield from ((module or "rnn_helpers", alias.name) for alias in node.names)


def storey(module):
    return next((i for i, names in enumerate(STOREYS) if module in names), None)


@every_module
def test_imports_run_one_way(path):
    own = storey(module_of(path))
    assert own is not None
    for module, _ in imports(path):
        assert storey(module) is None or storey(module) < own, module


@every_module
def test_only_what_the_wheel_asks_for_is_imported(path):
    """So neither the tests nor what is in `teaching`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {need.partition(">=")[0] for need in project["dependencies"]}
    for module, _ in imports(path):
        top = module.partition(".")[0]
        known = top in sys.stdlib_module_names or top.lower() in asked
        assert known or storey(module) is not None, module


@functools.cache
def public_names():
    """Each public name of the package, with the module that has it."""
    names = {}
    for path in MODULES:
        module = module_of(path)
        if module != "rnn_helpers":
            room = importlib.import_module(f"rnn_helpers.{module}")
            for name in getattr(room, "__all__", []):
                assert name not in names, f"{name} is in {names[name]} and {module}"
                names[name] = module
    return names


@functools.cache
def uses():
    """For each name that a notebook's code takes from `rh`, the notebooks."""
    found = defaultdict(set)
    for name in NOTEBOOKS:
        for source in sources(name):
            for node in ast.walk(ast.parse(source)):
                match node:
                    case ast.Attribute(value=ast.Name(id="rh"), attr=used):
                        found[used].add(room_of(name))
    return found


def test_the_package_gives_each_public_name():
    for name, module in public_names().items():
        owner = importlib.import_module(f"rnn_helpers.{module}")
        assert getattr(rnn_helpers, name) is getattr(owner, name)
    assert uses().keys() <= public_names().keys()


# What no notebook calls by its name, and why it is public.
UNCALLED = {
    "Explorer": "what explore gives; its docstring is the explorers' promise",
    "describe_figure": "the stored text of every figure, which the tests compare",
}


def test_every_public_name_is_used_by_a_notebook():
    assert public_names().keys() - uses().keys() == UNCALLED.keys()


# What one notebook uses alone although it is shared, and why.
SHARED_BY_ONE = {
    "BadInput": "the explorers' promise has it: what any of them may raise",
    "NGrams": "a model, neither a picture nor a check; a room holds nothing else",
    "costs_of": "what NGrams and networks alike are measured by; it stands with them",
}


def test_what_is_shared_has_two_users_and_a_room_serves_one():
    users = {name: set(uses()[name]) for name in public_names()}
    for room in ROOMS:
        for _, name in imports(PACKAGE / "lessons" / f"{room}.py"):
            if name in users:
                users[name].add(room)
    alone = set()
    for name, module in public_names().items():
        if module.startswith("lessons."):
            assert users[name] == {module.removeprefix("lessons.")}, name
        elif len(users[name]) < 2:
            alone.add(name)
    assert alone == SHARED_BY_ONE.keys() | UNCALLED.keys()


# Run beside a wheel's files and away from the sources: imports all there is in them.
IMPORT_ALL = """
import importlib, pathlib, pkgutil, sys
import rnn_helpers
assert pathlib.Path(rnn_helpers.__file__).parents[1] == pathlib.Path(sys.argv[1])
for module in pkgutil.walk_packages(rnn_helpers.__path__, "rnn_helpers."):
    importlib.import_module(module.name)
    print(module.name)
rnn_helpers.use_course_style()
rnn_helpers.load_names()
"""


def build_wheel(folder):
    """Build the wheel from a copy, lest the checkout get a build folder."""
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("rnn_helpers", "teaching"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    build = "import sys; from setuptools.build_meta import build_wheel as build; build(sys.argv[1])"
    run_python(build, folder, cwd=source)
    (wheel,) = folder.glob("*.whl")
    return wheel


def run_python(code, argument, **options):
    command = [sys.executable, "-c", code, str(argument)]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_of(package):
    paths = (path.relative_to(package) for path in package.rglob("*") if path.is_file())
    return {path for path in paths if path.parent.name != "__pycache__"}


def test_the_package_and_nothing_else_is_in_the_wheel_and_can_be_imported(tmp_path):
    pytest.importorskip("setuptools", minversion="77", reason="it builds the wheel")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(build_wheel(tmp_path)) as wheel:
        wheel.extractall(installed)
    assert files_of(installed / "rnn_helpers") == files_of(PACKAGE)
    others = [path.suffix for path in installed.iterdir() if path.name != PACKAGE.name]
    assert others == [".dist-info"]
    away = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(installed)}}
    imported = run_python(IMPORT_ALL, installed, **away).split()
    assert {"rnn_helpers.lessons", "rnn_helpers.lessons.elman_sine"} <= {*imported}
    assert len(imported) == len(MODULES) - 1  # rnn_helpers itself
