"""The package as a house: no room too large, and all of it in the wheel."""

import ast
import io
import os
import shutil
import subprocess
import sys
import tokenize
import zipfile

import pytest
from conftest import ROOT

PACKAGE = ROOT / "rnn_helpers"
MODULES = sorted(PACKAGE.rglob("*.py"))


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


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_is_longer_than_300_lines_of_code(path):
    assert count_code_lines(path.read_text(encoding="utf-8")) <= 300


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
    shutil.copytree(
        PACKAGE, source / "rnn_helpers", ignore=shutil.ignore_patterns("__pycache__")
    )
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


def test_everything_is_in_the_wheel_and_can_be_imported(tmp_path):
    pytest.importorskip("setuptools", minversion="77", reason="it builds the wheel")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(build_wheel(tmp_path)) as wheel:
        wheel.extractall(installed)
    assert files_of(installed / "rnn_helpers") == files_of(PACKAGE)
    away = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(installed)}}
    imported = run_python(IMPORT_ALL, installed, **away).split()
    assert len(imported) == len(MODULES) - 1  # rnn_helpers itself
