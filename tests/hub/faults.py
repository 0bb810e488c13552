"""What breaks while a class works, one thing at a time, and who loses what."""

import os
import signal
import time
from typing import NamedTuple

from nbformat.v4 import new_markdown_cell
from student import printed

TRAIN = """
print("begun", flush=True)
for _ in range(4):
    again, _ = train_by_hand(*weights)
    assert again == losses
print("done")
"""
TAKE_MEMORY = """
print("begun", flush=True)
kept = []
while True:
    kept.append(torch.ones(2**23))
"""
FILL_DISK = """
print("begun", flush=True)
with open("big", "wb", buffering=0) as big:
    try:
        while True:
            big.write(bytes(4096))
    except OSError:
        print("done")
"""
ESSAY = 400_000  # characters that a student writes before each saving
# Room for a second copy of the notebook, but not for the longer one that is to come.
FILL_NEARLY = f"""{FILL_DISK}
import os, pathlib
(notebook,) = pathlib.Path().glob("*.ipynb")
os.truncate("big", os.stat("big").st_size - notebook.stat().st_size - {ESSAY} // 2)
"""
MAKE_ROOM = "import os; os.remove('big')"
DONE, NAMES_LEFT = {"stdout": "begun\ndone\n"}, 'print("weights" in globals())'
CELL, NAMES, SERVER, SAVED = "cell", "names", "server", "WHAT WAS SAVED"
SAVING, KERNEL, MENDED = "saving", "new kernels", "saving after the mend"


class Fault(NamedTuple):
    """What breaks for one student while the others train."""

    name: str
    loses: set  # what this student may lose; the others lose nothing
    code: str = TRAIN  # that this student runs
    happens: object = lambda room, victim: None
    mend: str = "pass"  # what this student runs to go on


def kill_kernel(room, victim):
    room.kernel_of(victim).kill()


def kill_server(room, victim):
    room.server_of(victim).kill()


def kill_proxy(room, victim):
    os.kill(int((room.home / "proxy.pid").read_text()), signal.SIGKILL)


def kill_hub(room, victim):
    room.hub.kill()
    room.hub.wait()
    room.start_hub()


FAULTS = (
    Fault("nothing", set()),
    Fault("kernel killed", {CELL, NAMES}, happens=kill_kernel),
    Fault("server killed", {CELL, NAMES, SERVER}, happens=kill_server),
    Fault("proxy killed", set(), happens=kill_proxy),
    Fault("hub killed", set(), happens=kill_hub),
    Fault("too much memory", {CELL}, TAKE_MEMORY, mend="del kept"),
    Fault("disk full", {SAVING, KERNEL}, FILL_DISK, mend=MAKE_ROOM),
    Fault("disk nearly full", {SAVING}, FILL_NEARLY, mend=MAKE_ROOM),
)


def suffer(room, fault, victim):
    """Let a fault happen to a class; give each student's loss, and seconds until back."""

    def begin(student):
        server = room.server_of(student)
        student.begin(fault.code if student is victim else TRAIN)
        student.finish(until=lambda: student.outputs)
        return student, server

    def end(student):
        kept = {CELL: student.finish() and printed(student.outputs) == DONE}
        names = printed(student.run(NAMES_LEFT)).get("stdout", "")
        back = time.monotonic() - start
        kept[NAMES] = "True" in names
        kept[SERVER] = room.server_of(student) == servers[student]
        kept[SAVED] = student.file.read_bytes() == student.saved
        student.notebook.cells.append(new_markdown_cell("x" * ESSAY))
        kept[SAVING] = student.save()
        if student is victim:
            kept[KERNEL] = student.starts_another_kernel()
            student.run(fault.mend)
            kept[MENDED] = student.save()
        if not kept[NAMES]:
            for cell in student.code_cells():
                student.run(cell.source)
        return {name for name, is_kept in kept.items() if not is_kept}, back

    servers = dict(room.each(begin))
    start = time.monotonic()
    fault.happens(room, victim)
    return room.each(end)
