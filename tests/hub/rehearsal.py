"""A class at a hub, in the namespaces that rehearse_class.py makes; what it showed."""

import json
import os
import platform
import re
import statistics
import struct
import sys
import threading
import time
import traceback
from fcntl import ioctl
from pathlib import Path
from socket import socket

import psutil
import requests
from course import PATHS
from faults import FAULTS, suffer
from room import Room
from student import HUB, Student, printed
from test_every_exercise import answered, exercises
from ways import FILES, HUB_FILES, listening, try_ways

LESSON = "01_elman_sine"
LESSON_ROW = "{:30}{:>9}{:>9}".format
FAULT_ROW = "{:18}{:24}{:>9}{:>10}{:>8}".format


def main():
    threading.Thread(target=end_with_command, daemon=True).start()
    bring_up_loopback()
    room = Room(PATHS[LESSON], **json.loads(os.environ["CLASS"]))
    try:
        room.open()
        report_machine(room)
        faults = report_lesson(room) + report_faults(room) + report_ways(room)
    except BaseException:  # a signal, too
        traceback.print_exc()
        print("The hub's log ends:", room.read_log()[-3000:], file=sys.stderr)
        faults = ["it did not come to its end"]
    for fault in faults:
        print("NOT AS IT SHOULD BE:", fault)
    os._exit(bool(faults))  # whatever threads wait for


def end_with_command():
    os.read(sys.stdin.fileno(), 1)  # its pipe closes when it ends, however it ends
    os._exit(1)


def bring_up_loopback():
    """Raise the one interface of this namespace; it leads nowhere else."""
    with socket() as any_socket:
        ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))  # SIOCSIFFLAGS, up


def work(student):
    """Run the lesson, answer its first exercise, save; give the cells that say else."""
    student.open_notebook()
    _, answer, solution = exercises(LESSON)[0]
    others = []
    for cell in student.code_cells():
        stored = printed(cell.outputs)
        if cell.id == answer.id:
            cell.source = answered(answer, solution)
        cell.outputs = student.run(cell.source)
        said = printed(cell.outputs)
        is_correct = said.get("stdout", "").startswith("correct: ")
        if not is_correct if cell.id == answer.id else said != stored:
            others.append(cell.id)
    return others if student.save() else [*others, "saving"]


def timed(do):
    def measure(student):
        start = time.monotonic()
        return do(student), time.monotonic() - start

    return measure


def memory_of(process):
    """Its share of memory, in MiB: what several use together is divided among them."""
    return process.memory_full_info().pss / 2**20


def seconds_of(process):
    times = process.cpu_times()
    return times.user + times.system


def report_lesson(room):
    """Let all sign in and work at once; print what it takes, give what went wrong."""
    _, starts = zip(*room.each(timed(Student.sign_in)))
    others, works = zip(*room.each(timed(work)))
    servers = [room.server_of(student) for student in room.students]
    kernels = [room.kernel_of(student) for student in room.students]
    both = list(zip(servers, kernels))
    print("", LESSON_ROW("", "median", "max"), sep="\n")
    for name, values in {
        "from sign-in to a server, s": starts,
        "the lesson, s": works,
        "of a processor for both, s": [sum(map(seconds_of, pair)) for pair in both],
        "memory of a server, MiB": [*map(memory_of, servers)],
        "memory of a kernel, MiB": [*map(memory_of, kernels)],
        "memory of a student, MiB": [sum(map(memory_of, pair)) for pair in both],
    }.items():
        ends = statistics.median(values), max(values)
        print(LESSON_ROW(name, *(f"{value:.1f}" for value in ends)))
    fine = sum(not cells for cells in others)
    print(f"outputs as stored, exercise correct, saved: {fine} of {len(others)}")
    return [f"cells that say something else: {cells}" for cells in others if cells]


def report_faults(room):
    """Let one thing break after the other; print and give who loses what."""
    print("", FAULT_ROW("for one:", "who loses", "back, s", "others", "s"), sep="\n")
    faults = []
    for number, fault in enumerate(FAULTS):
        victim = number % len(room.students)
        results = suffer(room, fault, room.students[victim])
        lost, back = results.pop(victim)
        losses = set().union(*(loss for loss, _ in results))
        wait = statistics.median(seconds for _, seconds in results)
        row = fault.name, words(lost), f"{back:.1f}", words(losses), f"{wait:.1f}"
        print(FAULT_ROW(*row))
        if lost != fault.loses or losses:
            faults.append(f"{fault.name}: {words(lost)}; others: {words(losses)}")
    return faults


def words(lost):
    return ", ".join(sorted(lost)) or "nothing"


def report_ways(room):
    """Let a student try the ways to another; print and give those that are open."""
    number, is_open, closed_to_owner = try_ways(room)
    places = {line.laddr.ip for line in listening()}
    if not room.settings["accounts"]:
        print("\nNot root: all run as one account, so files and processes are shared.")
    print(f"\nways to another student and to the hub: {number} tried, open:", end=" ")
    print(", ".join(sorted(is_open)) or "none")
    print(f"addresses that listen: {', '.join(sorted(places))}")
    if not room.settings["accounts"]:
        is_open -= FILES.keys() | HUB_FILES.keys()
    return [
        *(f"open: {way}" for way in sorted(is_open)),
        *(f"closed to its owner, too: {way}" for way in sorted(closed_to_owner)),
        *(f"listens at {place}" for place in places if place != "127.0.0.1"),
    ]


def report_machine(room):
    """Print where this is measured, and how busy it is."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    model = model[1] if model else platform.machine()
    memory = psutil.virtual_memory().total / 2**30
    hub = requests.get(f"{HUB}/hub/api", timeout=60).json()["version"]
    print(f"{len(room.students)} students, {LESSON}; JupyterHub {hub}")
    print(f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB;", end=" ")
    print(f"busy before: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
