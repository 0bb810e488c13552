"""A hub in a folder, a home for each student, and the students."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import requests
from course import ROOT
from student import HUB, Student, wait_for

MEMORY = 2 * 2**30  # bytes of a process, as in teaching/hub.yaml
DISK = "64m"  # of a home
FIRST_ACCOUNT = 2_000_000_000  # numbers that no system hands out


class Room:
    """The hub and its class; `each` lets all students do something at once."""

    def __init__(self, lesson, number, folder, own_accounts, **places):
        names = [f"student{n:02}" for n in range(1, number + 1)]
        accounts = range(FIRST_ACCOUNT, FIRST_ACCOUNT + number)
        self.lesson, self.folder, self.home = lesson, Path(folder), Path(folder) / "hub"
        self.settings = {
            **places,
            "folder": folder,
            "memory": MEMORY,
            "token": secrets.token_hex(),
            "passwords": {name: secrets.token_hex() for name in names},
            "accounts": dict(zip(names, accounts)) if own_accounts else {},
        }
        self.students = [
            Student(name, password, self.folder / name / lesson.name)
            for name, password in self.settings["passwords"].items()
        ]
        self.pool = ThreadPoolExecutor(number)

    def each(self, do):
        return list(self.pool.map(do, self.students))

    def open(self):
        """Make the homes, each a small disk in memory, and start the hub."""
        mount_disk(self.folder, "mode=755")
        self.home.mkdir(mode=0o700)
        for student in self.students:
            account = self.settings["accounts"].get(student.name, 0)
            home = student.file.parent
            home.mkdir()
            mount_disk(home, f"uid={account},gid={account},mode=700,size={DISK}")
            shutil.copy(self.lesson, home)
            os.chown(student.file, account, account)
        if self.settings["accounts"]:
            let_in([Path(sys.base_prefix), Path(sys.prefix), ROOT], self.home)
        self.start_hub()

    def start_hub(self):
        command = [self.settings["hub"], "-f", Path(__file__).with_name("config.py")]
        environment = {**os.environ, "CLASS": json.dumps(self.settings)}
        with open(self.home / "log", "a") as log:
            self.hub = subprocess.Popen(
                command,
                cwd=self.home,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # signals to its group are its own
            )
        wait_for(self.hub_answers)

    def hub_answers(self):
        if self.hub.poll() is not None:
            raise RuntimeError(f"the hub ended with {self.hub.returncode}")
        try:
            return requests.get(f"{HUB}/hub/health", timeout=10).ok
        except requests.RequestException:
            return False

    def read_log(self):
        log = self.home / "log"
        return log.read_text() if log.exists() else "nowhere: it was not started"

    def server_of(self, student):
        """Give the process of a student's server, as the hub knows it."""
        answer = requests.get(
            f"{HUB}/hub/api/users/{student.name}",
            headers={"Authorization": f"token {self.settings['token']}"},
            timeout=60,
        )
        return psutil.Process(answer.json()["servers"][""]["state"]["pid"])

    def kernel_of(self, student):
        (kernel,) = self.server_of(student).children()
        return kernel


def mount_disk(folder, options):
    """Mount a disk in memory; it is gone with the namespace."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "class", folder], check=True)


def let_in(needed, own):
    """Let students reach these folders, where one above them is closed to others.

    A Python in /root is such a case. Of /root nothing else is to be seen then.
    """
    closed = {}
    for path in needed:
        above = [folder for folder in path.parents if not folder.stat().st_mode & 1]
        if above:
            closed.setdefault(above[-1], []).append(path)
    for folder, paths in closed.items():
        kept = {path: own / path.as_posix().replace("/", "_") for path in paths}
        for path, place in kept.items():
            place.mkdir()
            subprocess.run(["mount", "--bind", path, place], check=True)
        mount_disk(folder, "mode=755")
        for path, place in kept.items():
            path.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", "--bind", place, path], check=True)
