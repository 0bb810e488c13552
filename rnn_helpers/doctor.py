"""The check of an installation: ``python -m rnn_helpers`` prints a line for each finding.

What is imported here comes with Python, and Python 3.6 can read it. A package is imported
by another Python, since its import may fail, crash or hang.
"""

import json
import os
import re
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import PathFinder
from pathlib import Path

FINE, REMARK, FAULT = "✓", "!", "✗"
PLAIN = str.maketrans({FINE: "+", FAULT: "x"})  # where these cannot be printed

PYTHON = (3, 11)
PACKAGES = {  # as in requirements.txt, each after those that it imports
    "numpy": (">=2.0.2,<3", "numpy"),  # with the module to import, if a lesson needs it
    "torch": (">=2.9.1,<2.14", "torch"),
    "matplotlib": (">=3.9.4,<4", "matplotlib"),
    "ipython": (">=8.30,<10", "IPython"),
    "jupyter_client": (">=8.6.3,<9", None),
    "ipykernel": (">=7.1,<8", "ipykernel"),
    "ipywidgets": (">=8.1.2,<9", "ipywidgets"),
    "jupyterlab": (">=4.3.8,<5", None),
    "nbval": ("==0.11.0", None),
    "pytest": (">=8.0.2,<10", None),
}
FOR_TESTS = ("nbval", "jupyter_client", "pytest")
FILES = [
    "notebooks/01_elman_sine.ipynb",
    "notebooks/02_summing_rnn.ipynb",
    "notebooks/03_char_hihell.ipynb",
    "notebooks/04_sentence_completion.ipynb",
    "notebooks/labs/was_it_luck.ipynb",
    "notebooks/labs/remembering_longer.ipynb",
    "rnn_helpers/data/first_names.txt",
]
ROOT = Path(__file__).resolve().parents[1]
LESSON, FURTHER = 370, 260  # MiB of an open lesson, with its server; of one more
PATIENCE = 60  # seconds for an import: the first after an installation is slow

# Run by another Python, away from the current folder: imports one module, or looks up
# the version that was noted when a package without one was installed.
IMPORT = """
import sys
sys.path[:] = filter(None, sys.path)
import importlib, json
package, module, found = *sys.argv[1:], {}
try:
    if module:
        imported = importlib.import_module(module)
        found["version"] = str(getattr(imported, "__version__", ""))
    else:
        import importlib.metadata
        found["version"] = str(importlib.metadata.version(package))
    if module == "psutil":
        found["free"] = imported.virtual_memory().available
    if module == "torch" and found["version"]:
        found["threads"] = imported.get_num_threads()
        found["gpu"] = [getattr(imported.version, kind, None) for kind in ("cuda", "hip")]
except BaseException as error:
    words = f"{type(error).__name__}: {error}".split()
    found["error"] = " ".join(words)[:100]
    if isinstance(error, ModuleNotFoundError):
        found["lacks"] = str(error.name).lower()
print("\\nfound", json.dumps(found))
"""


def main():
    """Print what is found, line by line; give 1 if a lesson cannot run, else 0."""
    faults = 0
    for mark, name, finding, remark in look():
        write(f"{mark} {name:<15} {finding:<18}  {remark}")
        faults += mark == FAULT
    write(advise(faults))
    return 1 if faults else 0


def look():
    """Yield the parts of each line: its mark, name, finding, and what to say of that."""
    yield look_at_python()
    if sys.version_info < PYTHON:
        return  # what is installed there is of no use
    free = ask("psutil", "psutil").get("free")  # before the others take their part
    with ThreadPoolExecutor(len(PACKAGES)) as pool:
        modules = [module for _, module in PACKAGES.values()]
        found = dict(zip(PACKAGES, pool.map(ask, PACKAGES, modules)))
    for name in PACKAGES:
        yield judge(name, found[name])
    if "gpu" in found["torch"]:
        yield look_at_build(*found["torch"]["gpu"])
    yield look_at_cores(found["torch"].get("threads", "not known"))
    yield look_at_memory(free)
    yield look_at_names([Path.cwd(), ROOT / "notebooks", ROOT / "notebooks/labs"])
    yield look_at_files(ROOT)


def look_at_python():
    version = "{}.{}.{}".format(*sys.version_info)
    if sys.version_info < PYTHON:
        mend = "Mend: install a newer one, then start as the README says"
        return FAULT, "Python", f"{version} is too old", mend
    return FINE, "Python", version, "tested: >={}.{}".format(*PYTHON)


def ask(package, module):
    """Let another Python import a module, or look up a package, and give what it found."""
    command = [sys.executable, "-c", IMPORT, package, module or ""]
    try:
        done = subprocess.run(command, input=b"", capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return {"error": f"takes more than {PATIENCE} seconds (try again)"}
    answers = re.findall(rb"^found (.*)", done.stdout, re.M)
    if not answers:
        return {"error": f"ends Python (exit code {done.returncode})"}
    return json.loads(answers[-1].decode())


def judge(name, found):
    """Give the line for a package of which this was found."""
    tested = PACKAGES[name][0]
    version = found.get("version") or ""
    least, *above = map(numbers, tested.split(","))
    trouble, mend = find_trouble(name, found, is_old=numbers(version) < least)
    if trouble and name in FOR_TESTS:
        return REMARK, name, trouble, f"for the tests: {mend}"
    if trouble:
        return FAULT, name, trouble, f"Mend: {mend}"
    if numbers(version) >= (above or [least + (0,)])[0]:
        return REMARK, name, version, f"newer than tested: {tested}"
    return FINE, name, version, f"tested: {tested}"


def find_trouble(name, found, is_old):
    """Give what is wrong with a package, or None, and what mends it."""
    install = f'{python_here()} -m pip install "{name}{PACKAGES[name][0]}"'
    again = install.replace(" install ", " install --force-reinstall ")
    lacks, error = found.get("lacks"), found.get("error")
    if lacks == name:
        return "is missing", install
    if lacks in PACKAGES:
        return f"needs {lacks}, which is missing", f"{lacks} first"
    if not error and numbers(found.get("version") or ""):
        return (f"{found['version']} is too old" if is_old else None), install
    if re.search("DLL|WinError", str(error)):
        again = "install Microsoft's Visual C++ Redistributable"
    return error or "has no version", again


def numbers(version):
    """Give the first version in a text as numbers to compare, without zeros at its end.

    Examples
    --------
    >>> numbers("2.13.0+cpu"), numbers(">=3.0.1"), numbers("unknown")
    ((2, 13), (3, 0, 1), ())
    """
    release = re.search(r"\d+(\.\d+)*|$", version).group()
    parts = re.sub(r"(\.0+)+$", "", release).split(".")
    return tuple(int(part) for part in parts if part)


def look_at_build(cuda, hip):
    if cuda or hip:
        kind = f"CUDA {cuda}" if cuda else f"ROCm {hip}"
        return REMARK, "PyTorch build", kind, "fine, but the lessons do not use it"
    return FINE, "PyTorch build", "Mac" if sys.platform == "darwin" else "CPU", ""


def look_at_cores(threads):
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count()
    return FINE, "cores", cores, f"PyTorch's threads: {threads}, in a lesson 1"


def look_at_memory(free):
    needs = f"a lesson needs {LESSON} MiB, each further open one {FURTHER}"
    if free is None:
        return REMARK, "memory", "not known", needs
    finding = f"{free // 2**20:,} MiB free"
    if free < LESSON * 2**20:
        return REMARK, "memory", finding, f"{needs}: close other programs"
    return FINE, "memory", finding, needs


def look_at_names(folders):
    """Look for files that Python may import for a module of its own or for a package."""
    packages = [module for _, module in PACKAGES.values() if module]
    names = {*sys.stdlib_module_names, *packages} - set(sys.builtin_module_names)
    hiding, alike = set(), set()
    for folder in folders:
        for name in names:
            spec = PathFinder.find_spec(name, [str(folder)])
            if spec and spec.origin:
                hiding.add(show(Path(spec.origin)))
            elif spec and name in packages:  # a folder, in the way of what is missing
                alike.add(show(folder / name))
    clashes = ", ".join(sorted(hiding or alike))
    if hiding:
        return FAULT, "name clashes", clashes, "Mend: rename it, a module has this name"
    if alike:
        return REMARK, "name clashes", clashes, "better rename it"
    return FINE, "name clashes", "none", ""


def look_at_files(root):
    lost = [file for file in FILES if not (root / file).is_file()]
    if not lost:
        return FINE, "notebooks", "all there", root / "notebooks"
    mend = "clone the repository, and start there"
    if (root / ".git").exists():
        mend = f"git -C {quote(root)} restore {' '.join(lost)}"
    return FAULT, "notebooks", f"{lost[0]} is not in {root}", f"Mend: {mend}"


def advise(faults):
    """Say what to do next."""
    if not faults:
        return f"All is well: {python_here()} -m jupyter lab {show(ROOT / FILES[0])}"
    lines, order = ("line", "") if faults == 1 else (f"{faults} lines", " from the top")
    advice = f"Mend the {lines} marked {FAULT}{order}, then run this again."
    if own_python():
        advice += f"\nOr start the course's own Python: {own_python()}"
    elif belongs_to_system():
        advice += (
            "\nThis Python is the system's and may refuse pip: start as README says."
        )
    elif faults > 3 and Path.cwd() == ROOT:
        advice += f"\nAll packages: {python_here()} -m pip install -r requirements.txt"
    return advice


def belongs_to_system():
    """Say whether pip leaves this Python to the system's own packages (PEP 668)."""
    place = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    return sys.prefix == sys.base_prefix and place.is_file()


def own_python():
    """Give the line that starts this check by the course's own Python, if by another."""
    place = ROOT / ".venv"
    if Path(sys.prefix).resolve() != place.resolve():
        for python in (place / "bin/python", place / "Scripts/python.exe"):
            if python.exists():
                return f"{show(python)} -m rnn_helpers"


def python_here():
    """Give this Python as it was called, for a line to copy."""
    return quote(getattr(sys, "orig_argv", [sys.executable])[0])


def show(path):
    """Give a path for a line to copy, short if it is in the current folder."""
    here = Path.cwd()
    return quote(path.relative_to(here) if here in path.parents else path)


def quote(path):
    return f'"{path}"' if " " in str(path) else str(path)


def write(text):
    """Print a text, also where not every character can be printed."""
    encoding = sys.stdout.encoding or "ascii"
    if b"?" in (FINE + FAULT).encode(encoding, "replace"):
        text = text.translate(PLAIN)
    print(text.encode(encoding, "replace").decode(encoding).rstrip(), flush=True)
