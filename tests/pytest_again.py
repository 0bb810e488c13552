"""Run pytest again and again, each time in a fork: for `mutants.py`, on Linux and macOS.

What takes long to import is imported once; nothing of the course is. A line of stdin is
pytest's words, and the names of tests that have been red before; a line of stdout is its
exit code. What it says is in `said.txt`.
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


class UntilKnown:
    """Run first what was never red; go on with the others until one test is red.

    What raises another error than a failed assertion ends the run: its notebook, most
    likely, runs no more.
    """

    def __init__(self, known):
        self.known, self.is_red = known, False

    def is_known(self, item):
        return getattr(item, "originalname", None) in self.known

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        items.sort(key=self.is_known)

    def pytest_exception_interact(self, node, call):
        self.is_red = True
        if not call.excinfo.errisinstance((AssertionError, pytest.fail.Exception)):
            node.session.shouldstop = "it does not run"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        result = yield
        if self.is_red and self.is_known(nextitem):
            item.session.shouldstop = "a test is red, and only known ones are left"
        return result


def run(words, known):
    """Run pytest in this process, and end with it."""
    signal.alarm(PATIENCE)
    said = os.open("said.txt", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, place in enumerate((nothing, said, said)):
        os.dup2(place, stream)
    code = pytest.main(words, plugins=[UntilKnown(known)])
    sys.stdout.flush()
    os._exit(code)


def serve():
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(*json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
