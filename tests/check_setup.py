"""The check of an installation: `python tests/check_setup.py` prints what it finds.

What is imported here comes with Python, and Python 3.6 can read it. A package is imported
by another Python, since its import may fail, crash or hang. Which versions the course
needs is read from requirements.txt and pyproject.toml.
"""

import os
import sys

if __name__ == "__main__":  # no file beside this one may stand in for a module
    sys.path[:] = [place for place in sys.path if place != os.path.dirname(__file__)]

import json
import operator
import platform
import re
import shlex
import subprocess
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

FINE, REMARK, FAULT = "✓!✗" if "✓".encode(sys.stdout.encoding, "ignore") else "+!x"
FITS = {">=": operator.ge, "<": operator.lt, "==": operator.eq, "!=": operator.ne}
CONFLICT = re.compile(r'^(\s*"?[<>]{7} |={7}$)', re.M)
WHEELS = {"linux": "x86_64|aarch64", "darwin": "arm64", "win32": "amd64"}  # of PyTorch
NEW_PYTHON = "install Python 3.14 or 3.13, then start as README says"
ROOT = Path(__file__).resolve().parents[1]
OTHER_PLACE = "use Binder or Colab, as README says, or on Windows a 64-bit x86 Python"
FILES = """README.md pyproject.toml requirements.txt
    rnn_helpers/course.mplstyle rnn_helpers/data/first_names.txt""".split()


def main():
    """Print what is found and what to do next; give 1 if a lesson cannot run, else 0."""
    marks, mends = "", [None]
    for mark, words, mend in look():
        mend = None if mark == FINE else mend
        print(mark, words if mend in mends else f"{words}\n    {mend}", flush=True)
        marks, mends = marks + mark, [*mends, mend]
    advice = f"mend what is marked {FAULT}, from the top, or start as README says"
    own = [ROOT / ".venv/bin/python", ROOT / ".venv/Scripts/python.exe"]
    own = [path for path in own if path.exists()]
    if FAULT not in marks:
        lesson = re.search(r"notebooks/\S+\.ipynb|$", read("README.md")).group()
        advice = f"{python()} -m jupyter lab {quote(ROOT / lesson)}"
    elif own and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        advice = f"with the course's own Python: {python(own[0])} {quote(__file__)}"
    print("Next:", advice)
    return int(FAULT in marks)


def look():
    """Yield what is found: a mark, words, and what mends it."""
    needed = re.search(r'requires-python = "(.*)"|$', read("pyproject.toml")).group(1)
    mark, words = judge("{}.{}.{}".format(*sys.version_info), needed or "")
    yield mark, f"Python {words}", NEW_PYTHON
    if mark == FAULT:
        return  # what is installed there is of no use
    sys.stdout.reconfigure(errors="replace")  # for folders that cannot be printed
    text = read("requirements.txt").replace("-e .", "rnn_helpers")
    lines = re.findall(r"^(\w[\w.-]*) *([^#\n]*?) *(?:# *(.*))?$", text, re.M)
    yield from look_at_names([name for name, _, _ in lines])
    yield from look_at_files()
    yield from ThreadPoolExecutor().map(look_at_package, *zip(*lines))


def judge(version, needed):
    """Say how a version fits a range such as ">=2,<3,!=2.5": a mark, and words."""
    here, bounds = numbers(version), re.findall(r"([<>=!]=?)([\d.]+)", needed)
    missed = {sign for sign, bound in bounds if not FITS[sign](here, numbers(bound))}
    mark = FAULT if missed - {"<"} else REMARK if missed else FINE
    words = {FINE: "fits", REMARK: "is newer than tested:", FAULT: "does not fit"}
    return mark, f"{version} {words[mark]} {needed}".strip()


def numbers(version):
    """Give the first four numbers of a version, to compare them.

    Examples
    --------
    >>> numbers("2.13.0+cu126"), numbers("3")
    ([2, 13, 0, 0], [3, 0, 0, 0])
    """
    return [int(n) for n in re.findall(r"\d+", version.split("+")[0] + ".0.0.0")[:4]]


def look_at_package(name, needed, reason):
    """Give what is found of a package; those for tests and JupyterLab are not imported."""
    mend, error = f"cd {quote(ROOT)}; {python()} -m pip install -r requirements.txt", ""
    try:
        from importlib import metadata  # not there in Python 3.6

        version = metadata.version(name) if needed else find_spec(name).origin
        mark, words = judge(version, needed)
    except Exception:  # no version is noted, or the note is damaged
        mark, words = FAULT, "is missing"
    if mark != FAULT and not reason.startswith(("tests", "readers:")):
        error = import_error(name.replace("ipython", "IPython"))
    if not needed and mark == FINE and Path(version).resolve().parent != ROOT / name:
        mark, words = REMARK, f"{version} is not this folder's"
    if error:
        mark, words = FAULT, f"cannot be imported: {error}"
        if needed:
            mend = f"{python()} -m pip install --force-reinstall {quote(name + needed)}"
        elif not re.search(r"No module named '\w+'", error):
            mend = restore(name)
    if name == "torch" and mark == FAULT:
        machine = f"{platform.machine()} {sysconfig.get_platform()}"
        bits = sys.maxsize.bit_length() + 1
        mend = wheel_trouble(sys.version_info, sys.platform, machine, bits) or mend
    mark = REMARK if mark == FAULT and reason.startswith("tests") else mark
    return mark, f"{name} {words}", mend


def import_error(module, patience=60):
    """Import a module by another Python; give the last line of the error, if any."""
    command = [sys.executable, "-P", "-c", f"import {module}; print('found')"]
    try:
        done = subprocess.run(command, input=b"", capture_output=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return f"it takes more than {patience} seconds (try again)"
    end = f"it ends Python (exit code {done.returncode})"
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return "" if b"found" in done.stdout else [end, *lines][-1][:100]


def wheel_trouble(version, platform, machine, bits):
    """Say what to do where there is no PyTorch >= 2.9.1 to install; None if there is."""
    if version >= (3, 15):
        return f"PyTorch below 2.15 is not made for Python 3.15: {NEW_PYTHON}"
    if bits < 64 or not re.search(WHEELS.get(platform, "$^"), machine.lower()):
        return (
            f"PyTorch is not made for {platform}, {machine}, {bits} bits: {OTHER_PLACE}"
        )


def look_at_files():
    """Yield the files of the course that are lost or damaged."""
    notebooks = re.findall(r"\]\((notebooks/[^)]+\.ipynb)\)", read("README.md"))
    package = [os.path.relpath(path, ROOT) for path in ROOT.glob("rnn_helpers/**/*.py")]
    git = f"git -C {quote(ROOT)} ls-files rnn_helpers"
    if (ROOT / ".git").exists():
        status, known = subprocess.getstatusoutput(git)
        package = known.split() if status == 0 else package
    for file in sorted({*FILES, *notebooks, *package}):
        text = read(file)
        damage = find_damage(text, file in notebooks)
        if damage:
            yield FAULT, f"{file} is damaged: {damage}", restore(file)


def find_damage(text, is_notebook):
    """Say what is wrong with the text of a file; None if nothing is."""
    if not text.strip():
        return "it is missing or empty"
    if CONFLICT.search(text):
        return "it holds conflict marks"
    try:
        cells = json.loads(text)["cells"] if is_notebook else [text]
        return None if cells and isinstance(cells, list) else "it has no cells"
    except (ValueError, TypeError, LookupError):
        return "it is no notebook"


def restore(place):
    """Give the line that brings back a file or a folder."""
    if (ROOT / ".git").exists():
        return f"git -C {quote(ROOT)} checkout HEAD -- {place}"
    return f"download the course again, and copy {place} from there"


def look_at_names(names):
    """Yield the files that hide a module, by what Python would take in their folder."""
    folders = [Path.cwd(), ROOT, ROOT / "notebooks", ROOT / "notebooks/labs"]
    rest = [place for place in sys.path if Path(place) not in folders]
    paths = {path for folder in folders for path in folder.glob("*")}
    for path in sorted(paths - {ROOT / "rnn_helpers"}):
        name = path.name.split(".")[0]
        spec = PathFinder.find_spec(name, [str(path.parent), *rest])
        place = spec and (spec.origin or spec.submodule_search_locations[-1])
        is_known = name in names or PathFinder.find_spec(name, rest)
        if is_known and str(path) in str(place):
            move = f"mv {quote(path)} {quote(path.with_name('my_' + path.name))}"
            yield FAULT, f"{path} hides the module {name}", move


def read(file):
    """Give the text of a file of the course, or nothing if there is none."""
    path = ROOT / file
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def python(path=sys.executable):
    """Give a Python as the first word of a line for sh or for PowerShell."""
    return f"& {quote(path)}" if os.name == "nt" else quote(path)


def quote(text):
    """Give a text as one word of a line for sh or for PowerShell."""
    return f'"{text}"' if os.name == "nt" else shlex.quote(str(text))


if __name__ == "__main__":
    sys.exit(main())
