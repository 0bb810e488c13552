"""What runs in the process where answers are judged; `running.py` starts it.

It runs a released notebook once. At an answer cell it forks a child for each hand-in's
answer, with the names as they are there, so no answer meets another one. In the child the
answer runs first, then the released check, on what the answer has bound.

The child has limits, and one open file: a pipe for the verdict, which counts only behind a
token that is drawn for it. The verdict is what the check itself says, and not what anyone
prints. There is none if the course's modules or PyTorch are not what they were before the
answer. Still, an answer shares its process with the judge: who has read this file can find
the token, or put back in time what was replaced.
"""

import contextlib
import copy
import ctypes
import json
import os
import random
import re
import secrets
import select
import signal
import sys
import tempfile
import traceback
import types
from unittest.mock import Mock

import numpy
import torch
import torch._dynamo  # as the first optimizer does; it replaces a name of PyTorch's

from rnn_helpers import exercises
from rnn_helpers.arguments import short

MEMORY = 4 * 2**30  # bytes of addresses; a lesson alone has 1 GB
FILE = 10 * 2**20  # bytes in one file
VERDICT = 2000  # bytes, and with the token less than a pipe takes in one piece
MAY_CHANGE = "__warningregistry__", "Storage"  # which has the default dtype
JUDGES_USE = sys.modules["builtins"], numpy, torch, torch.nn.functional, torch.Tensor


def serve(jobs, out):
    """Judge one answer after the other.

    What comes in is lines of JSON, a word and a message. The first message holds the
    released ``cells`` and ``seconds``, the time for an answer. Each other is a job: the ``cell`` where the answer belongs, the ``answer`` in pieces, the
    released ``check``, and its ``arguments``, pairs of an expression and whether it is
    to be read after the answer. What comes out is "ready" at first, then the verdicts,
    each behind the word; the word alone if a cell of the lesson does not run.
    """
    (word, first), done = json.loads(jobs.readline()), 0
    names = dict(__name__="__main__", display=print, get_ipython=Mock)  # Jupyter's
    print(word, "ready", file=out, flush=True)
    random.seed(0)  # PyTorch's seed is the same in each process anyway
    numpy.random.seed(0)
    for word, job in map(json.loads, jobs):
        try:
            for source in first["cells"][done : job["cell"]]:
                exec(source, names)
        except BaseException:
            traceback.print_exc()
            return print(word, file=out, flush=True)
        done = job["cell"]
        print(word, judge(job, names, first["seconds"]), file=out, flush=True)


def judge(job, names, seconds):
    """Fork a child for an answer and give what its check says.

    It has so many seconds of a processor, or twice as many by the clock.
    """
    token = secrets.token_hex().encode()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            confine(writer, folder, seconds)
            verdict = put_to_check(job, names).encode(errors="replace")
            os.write(writer, token + verdict[:VERDICT])
            os._exit(0)
        os.close(writer)
        said = receive(reader, 2 * seconds)
        for end in os.killpg, os.kill:  # what it has started, and itself
            with contextlib.suppress(ProcessLookupError):
                end(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if said is None or code == -signal.SIGXCPU:
        return f"stopped: it ran longer than {seconds} s"
    if not said:
        return f"stopped: it ended Python ({code})"
    if not said.startswith(token):
        return "stopped: it wrote where verdicts are written"
    verdict = said.split(token)[1].decode(errors="replace")  # of a fork: the first one
    verdict = re.sub(r" at 0x[\da-f]+", "", verdict.replace(folder, "~"))
    return " ".join(verdict.split()) or "stopped: there is no verdict"


def receive(reader, seconds):
    """Give what is written into a pipe first; None if nothing is in so many seconds."""
    ready, _, _ = select.select([reader], [], [], seconds)
    said = os.read(reader, 2 * VERDICT) if ready else None
    os.close(reader)
    return said


def confine(writer, folder, seconds):
    """Give a child a session and a folder of its own, limits, and one open file."""
    import resource  # which Windows has not

    os.setsid()
    os.chdir(folder)
    os.environ["HOME"] = folder
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in 0, 1, 2:
        os.dup2(nothing, stream)
    os.closerange(3, writer)
    os.closerange(writer + 1, 1000)
    limits = {"AS": MEMORY, "FSIZE": FILE, "CPU": seconds, "NPROC": 0, "CORE": 0}
    for name, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # not every system knows each
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit + 1))


def put_to_check(job, names):
    """Run an answer, and give what the released check says of it."""
    verdicts = []
    exercises.print = verdicts.append  # where checks say their verdict
    check = eval(job["check"], names)
    arguments = [
        (source, None if after else a_copy(eval(source, names)), after)
        for source, after in job["arguments"]
    ]
    before = parts(check)
    try:
        for piece in job["answer"]:
            exec(compile(piece, "answer", "exec"), names)
        check(*(eval(x, names) if after else kept for x, kept, after in arguments))
        after = parts(check)
    except BaseException as error:  # whatever an answer may raise
        return f"stopped: {short(error, most=200)}"
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) is not after.get(name):
            return f"stopped: it changed {name}"
    return verdicts[-1]


def a_copy(value):
    """Copy what a check gets from the lesson, so that an answer cannot change it."""
    try:
        return copy.deepcopy(value)
    except Exception:  # not everything can be copied
        return value


def parts(check):
    """Give what judges are made of, by name: the course's modules, PyTorch, Python."""
    course = [m for name, m in sys.modules.items() if name.startswith("rnn_helpers")]
    found = {}
    for thing in [*course, sys.modules[check.__module__], *JUDGES_USE]:
        for name, value in vars(thing).items():
            if name in MAY_CHANGE or isinstance(value, types.ModuleType):
                continue
            place = f"{thing.__name__}.{name}"
            found[place] = value
            if isinstance(value, types.FunctionType):
                found[f"{place}()"] = value.__code__
                found[f"{place}(=)"] = value.__defaults__
    return found


def shut():
    """Let no answer open what this process has open, not even root's."""
    version, none = (ctypes.c_uint32 * 2)(0x20080522), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None)
    libc.capset(version, none)  # no capability is left: root is refused, too
    libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


if __name__ == "__main__":
    if sys.platform == "linux":
        shut()
    jobs, out = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # what a lesson prints is no verdict
    serve(jobs, out)
