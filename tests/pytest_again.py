"""Run pytest again and again, each time in a fork: for `mutants.py`, on Linux and macOS.

What takes long to import is imported once; nothing of the course is. A line of stdin is
pytest's words; a line of stdout is its exit code. What it says is in `said.txt`.
"""

import json
import os
import signal
import sys

import ipywidgets  # noqa: F401
import matplotlib.pyplot  # noqa: F401
import nbclient  # noqa: F401
import nbformat  # noqa: F401
import pytest
import torch  # noqa: F401

PATIENCE = 1800  # seconds; what takes longer hangs, and its exit code is below 0


def run(words):
    """Run pytest in this process, and end with it."""
    signal.alarm(PATIENCE)
    said = os.open("said.txt", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, place in enumerate((nothing, said, said)):
        os.dup2(place, stream)
    code = pytest.main(words)
    sys.stdout.flush()
    os._exit(code)


def serve():
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
