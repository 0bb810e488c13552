"""The package as a house: no room too large, and all of it in the wheel."""

import ast
import io
import tokenize

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
