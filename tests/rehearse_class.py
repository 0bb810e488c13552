"""Rehearse a class at once on this machine: python tests/rehearse_class.py 8

So many students sign in at a JupyterHub, run a lesson, answer an exercise, save, and
leave the kernel open. Then one thing breaks after the other, each time for one student
while the others train. At last one student tries the ways to another and to the hub.

Printed: times, memory, and who loses what. "Back" is when that student's next cell has
run; beside it, when the others' cells have ended. The limit on memory is each process's:
a hub that limits a whole server would end its kernel or the server instead, and both are
tried. The disk is a small one in memory for each home.

Linux only. All of it runs in namespaces: processes, files and a loopback that nothing
else can see, and that end with it. As root, each student is a system account; otherwise
all are one, and what they then share is printed. JupyterHub and its proxy stay in
build/hub; the course's environment stays as it is.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "build" / "hub"
JUPYTERHUB, PROXY = "jupyterhub>=5.5,<6", "configurable-http-proxy@5"
NAMESPACES = "unshare --mount --pid --fork --kill-child --mount-proc --net".split()
INIT = ["sh", "-c", '"$@"; exit $?', "sh"]  # a first process, which buries orphans
LIMIT = 300, 60  # seconds: for any class, and more for each student


def main():
    """Bring the tools, rehearse in namespaces, and leave nothing behind."""
    number = sys.argv[1] if len(sys.argv) == 2 else ""
    if not number.isdecimal() or not 2 <= int(number) <= 64:
        sys.exit(f"how many students, 2 to 64? not {' '.join(sys.argv[1:])!r}")
    if shutil.which("unshare") is None or shutil.which("npm") is None:
        sys.exit("needs Linux with unshare (util-linux), and npm (Node.js)")
    for end in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(end, lambda *_: sys.exit("ended from outside"))
    bring_tools()
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        sys.exit(rehearse(int(number), folder))


def bring_tools():
    """Install JupyterHub and its proxy, unless they are there for this checkout.

    JupyterHub's environment sees the course's packages, and adds what they lack.
    """
    packages, done = sysconfig.get_path("purelib"), TOOLS / "done.txt"
    wanted = "\n".join([str(TOOLS), packages, JUPYTERHUB, PROXY])
    if done.exists() and done.read_text() == wanted:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    run([sys.executable, "-m", "venv", TOOLS])
    (packages_of_tools() / "course.pth").write_text(packages)
    run([TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", JUPYTERHUB])
    run(["npm", "install", "--silent", "--no-save", "--prefix", TOOLS, PROXY])
    done.write_text(wanted)


def run(command):
    subprocess.run(command, check=True, timeout=600)


def packages_of_tools():
    paths = {"base": str(TOOLS), "platbase": str(TOOLS)}
    return Path(sysconfig.get_path("purelib", "venv", paths))


def rehearse(number, folder):
    """Run tests/hub/rehearsal.py where it meets nothing else; give its exit code."""
    settings = {
        "number": number,
        "folder": folder,
        "own_accounts": os.getuid() == 0,
        "python": sys.executable,
        "hub": str(TOOLS / "bin" / "jupyterhub"),
        "proxy": str(TOOLS / "node_modules" / ".bin" / "configurable-http-proxy"),
        "path": os.pathsep.join(map(str, [ROOT, packages_of_tools()])),
    }
    path = os.pathsep.join(map(str, [ROOT, ROOT / "tests"]))
    environment = {**os.environ, "PYTHONPATH": path, "CLASS": json.dumps(settings)}
    as_root = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
    script = ROOT / "tests" / "hub" / "rehearsal.py"
    inside = subprocess.Popen(
        [*NAMESPACES, *as_root, *INIT, sys.executable, "-u", script],
        env=environment,
        stdin=subprocess.PIPE,  # at its end the rehearsal ends, too
        start_new_session=True,  # Ctrl-C comes here, and only here
    )
    try:
        return inside.wait(timeout=LIMIT[0] + LIMIT[1] * number)
    except subprocess.TimeoutExpired as error:
        return f"ended after {error.timeout} s, unfinished"
    finally:
        inside.kill()
        inside.wait()


if __name__ == "__main__":
    main()
