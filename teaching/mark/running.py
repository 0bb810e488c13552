"""The process that judges, as the marker sees it: its start, its walls, its answers."""

import functools
import json
import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..publish.sources import ROOT

SECONDS = 60  # for an answer and its check
PATIENCE = 600  # seconds, for the cells of a lesson between two answers


def judged(released, jobs, folder):
    """Let `judging.py` give the verdicts of jobs, one after the other.

    Raises
    ------
    RuntimeError
        If the released notebook itself does not run.
    """
    process = None
    with tempfile.TemporaryDirectory() as home:
        try:
            for job in jobs:
                process = process or start(released, home, folder)
                verdict = ask(process, job)
                if verdict == "":
                    raise RuntimeError(f"{released.name} does not run: see above")
                if verdict is None:  # what still comes from there is not to be trusted
                    process.kill()
                    process = process.wait() and None
                yield verdict or "stopped: it ended the process that judges"
        finally:
            if process:
                process.kill()
                process.wait()


def start(released, home, folder):
    """Start the process that judges, and hand it the released notebook."""
    own = [sys.executable, "-P", "-m", "teaching.mark.judging"]
    process = subprocess.Popen(
        [*walls(released, home, folder), *own],
        cwd=home,
        env={
            "PATH": os.defpath,
            "HOME": home,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(released.folder), *sys.path]),
            "PYTHONHASHSEED": "0",  # so that a second pass says the same
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "MPLBACKEND": "agg",
            "OMP_NUM_THREADS": "1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    if not ask(process, {"cells": released.cells, "seconds": SECONDS}):
        raise RuntimeError(f"{released.name} cannot be run: see above")
    return process


def ask(process, message):
    """Send a message and give what comes back, behind a word that was drawn for it.

    None if nothing does, or another word: an answer may have found this pipe.
    """
    word = secrets.token_hex()
    try:
        process.stdin.write(f"{json.dumps([word, message])}\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    if not select.select([process.stdout], [], [], PATIENCE)[0]:
        process.kill()
    back, _, said = process.stdout.readline().strip().partition(" ")
    return said if back == word else None


def walls(released, home, folder):
    """Give what stands before a command to shut it in; nothing if that cannot be had.

    It sees the machine's files, but cannot change them. Of the own home, of other
    temporary files and of the hand-ins it sees nothing but what Python and the course
    need.
    """
    needed = [ROOT, released.folder, sys.prefix, sys.base_prefix, *sys.path]
    shown = [str(path) for path in needed if Path(path).is_dir()]
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for path in "/tmp", str(Path.home()):
        command += ["--tmpfs", path]
    for path in shown:
        command += ["--ro-bind", path, path]
    command += ["--bind", home, home, "--tmpfs", str(folder), "--chdir", home]
    command += ["--unshare-all", "--die-with-parent", "--new-session"]
    command += ["--cap-drop", "ALL"]
    command += ["--as-pid-1"]  # or an answer finds bubblewrap's own pipes
    return command if has_bubblewrap() else []


@functools.cache
def has_bubblewrap():
    """Say whether bubblewrap is installed and allowed to work here."""
    trial = ["bwrap", "--ro-bind", "/", "/", "--unshare-all", sys.executable, "-c", ""]
    return bool(shutil.which("bwrap")) and subprocess.run(trial).returncode == 0
