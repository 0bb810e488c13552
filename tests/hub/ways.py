"""The ways to a student's files, server and kernel: tried by another, and by the owner."""

import psutil
import websocket
from student import printed

FILES = {
    "list the home": "os.listdir({home!r})",
    "read the notebook": "open({notebook!r}).close()",
    "write the notebook": "open({notebook!r}, 'a').close()",
    "read the server's secrets": "open('/proc/{server}/environ').read()",
    "read the kernel's memory": "open('/proc/{kernel}/mem', 'rb').close()",
    "signal the kernel": "os.kill({kernel}, 0)",
    "speak to the kernel": "socket.socket(socket.AF_UNIX).connect({socket!r})",
}
HUB_FILES = {
    "list the hub's files": "os.listdir({hub!r})",
    "read the hub's cookie secret": "open({hub!r} + '/cookie_secret').close()",
    "read the hub's passwords": "open('/proc/{hub_process}/environ').read()",
    "signal the hub": "os.kill({hub_process}, 0)",
}
ATTEMPT = """
import os, socket
for way, code in {ways!r}.items():
    try:
        exec(code)
        print(way)
    except OSError:
        pass
"""
REQUESTS = (
    "GET /user/{name}/api/contents/{file}",
    "GET /user/{name}/files/{file}",
    "GET /user/{name}/api/kernels",
    "GET /user/{name}/lab",
    "GET {direct}/user/{name}/api/kernels",
    "POST /user/{name}/api/terminals",
    "GET /hub/api/users/{name}",
    "POST /hub/api/users/{name}/tokens",
    "DELETE /hub/api/users/{name}/server",
)
HUB_REQUESTS = (
    "GET /hub/api/users",
    "GET /hub/admin",
    "POST /hub/api/users/newcomer",
    "GET http://127.0.0.1:8001/api/routes",
)
CHANNEL = "hear the kernel through the hub"


def try_ways(room):
    """Let one student try the ways to another.

    Gives how many there are, those that are open, and those that are closed to the owner
    as well: such a way shows nothing.
    """
    thief, owner = room.students[:2]
    facts = facts_of(room, owner)
    file_ways, requests = FILES | HUB_FILES, REQUESTS + HUB_REQUESTS
    is_open = files_open(thief, file_ways, facts) | channel_open(thief, owner)
    is_open |= requests_open(thief, requests, facts)
    own = files_open(owner, FILES, facts) | channel_open(owner, owner)
    own |= requests_open(owner, REQUESTS, facts)
    number = len(file_ways) + len(requests) + len([CHANNEL])
    return number, is_open, {*FILES, *REQUESTS, CHANNEL} - own


def facts_of(room, student):
    """Give what another could find out: places, numbers of processes, an address."""
    home, server = student.file.parent, room.server_of(student)
    (port,) = {line.laddr.port for line in listening(server)}
    return {
        "name": student.name,
        "file": student.file.name,
        "home": str(home),
        "notebook": str(student.file),
        "server": server.pid,
        "kernel": room.kernel_of(student).pid,
        "socket": str(next(home.glob("run/kernel-*-ipc-1"))),
        "direct": f"http://127.0.0.1:{port}",
        "hub": str(room.home),
        "hub_process": room.hub.pid,
    }


def listening(process=psutil):
    """Give the sockets where a process, or any, waits for connections."""
    lines = process.net_connections("inet")
    return [line for line in lines if line.status == psutil.CONN_LISTEN]


def files_open(student, ways, facts):
    """Give the ways through the file system that a student's kernel can go."""
    codes = {way: code.format(**facts) for way, code in ways.items()}
    said = printed(student.run(ATTEMPT.format(ways=codes)))
    return set(said.get("stdout", "").splitlines())


def requests_open(student, ways, facts):
    """Give the requests that are granted to a student, by the token or by cookies."""
    by_cookies = {"X-XSRFToken": student.secret()}
    return {
        way
        for way in ways
        for headers in (student.headers, by_cookies)
        if student.ask(*way.format(**facts).split(), headers=headers).ok
    }


def channel_open(student, owner):
    """Say whether a student can listen to the owner's kernel through the hub."""
    try:
        student.connect(owner.server, owner.kernel).close()
    except websocket.WebSocketBadStatusException:
        return set()
    return {CHANNEL}
