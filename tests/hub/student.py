"""A student at a hub: what a browser asks for, over HTTP."""

import contextlib
import itertools
import json
import time
from urllib.parse import urljoin

import nbformat
import requests
import websocket
from jupyter_client.session import Session

HUB = "http://127.0.0.1:8000"
PATIENCE = 300  # seconds, for a server to start or a cell to end
SILENCE = 20  # seconds without a word from a kernel, then its state is asked for
MOST_REQUESTS = 2000  # of one student
LOST = OSError, websocket.WebSocketException  # what a broken connection raises


class Student:
    """An account; signed in, it has a server, and there a notebook and a kernel."""

    def __init__(self, name, password, file):
        self.name, self.password, self.file = name, password, file
        self.server = f"/user/{name}"
        self.browser, self.headers = requests.Session(), {}
        self.browser.headers["Connection"] = "close"  # the proxy drops idle ones
        self.numbers = itertools.count(1)
        self.page = Session()  # with an id that outlasts a connection
        self.kernel = self.channels = self.asked = None
        self.notebook, self.outputs, self.saved = None, [], b""

    def ask(self, method, path, **options):
        """Ask the hub, or a server behind it; give the answer, whatever its status."""
        if next(self.numbers) > MOST_REQUESTS:
            raise RuntimeError(f"{self.name} asked more than {MOST_REQUESTS} times")
        options = {"timeout": 60, "headers": self.headers, **options}
        return self.browser.request(method, urljoin(HUB, path), **options)

    def must(self, method, path, **options):
        answer = self.ask(method, path, **options)
        answer.raise_for_status()
        return answer

    def secret(self):
        return self.browser.cookies.get("_xsrf", path="/hub/")

    def sign_in(self):
        """Fill in the hub's form, get a token, start the server, open JupyterLab."""
        self.must("GET", "/hub/login")
        form = {"username": self.name, "password": self.password}
        self.must("POST", "/hub/login", data={**form, "_xsrf": self.secret()})
        tokens = f"/hub/api/users/{self.name}/tokens"
        answer = self.must("POST", tokens, headers={"X-XSRFToken": self.secret()})
        self.headers = {"Authorization": f"token {answer.json()['token']}"}
        wait_for(self.is_served)
        self.must("GET", f"{self.server}/lab", headers={})  # by the cookies

    def is_served(self):
        """Say whether the server answers; if it does not, ask the hub to start it."""
        try:
            if self.ask("GET", f"{self.server}/api/kernels").status_code == 200:
                return True
            self.ask("POST", f"/hub/api/users/{self.name}/server")
        except requests.RequestException:
            pass  # the proxy is away
        return False

    def open_notebook(self):
        path = f"{self.server}/api/contents/{self.file.name}"
        self.notebook = nbformat.from_dict(self.must("GET", path).json()["content"])
        self.start_kernel()

    def code_cells(self):
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    def save(self):
        """Save the notebook; say whether the server did."""
        path = f"{self.server}/api/contents/{self.file.name}"
        body = {"type": "notebook", "content": self.notebook}
        if not self.ask("PUT", path, json=body).ok:
            return False
        self.saved = self.file.read_bytes()
        return True

    def start_kernel(self):
        body = {"path": self.file.name, "name": "", "type": "notebook"}
        body["kernel"] = {"name": "python3"}
        answer = self.must("POST", f"{self.server}/api/sessions", json=body)
        self.kernel = answer.json()["kernel"]["id"]
        self.channels = self.connect(self.server, self.kernel)

    def starts_another_kernel(self):
        """Say whether a second kernel starts, and end it."""
        kernels = f"{self.server}/api/kernels"
        answer = self.ask("POST", kernels, json={"name": "python3"})
        return answer.ok and self.ask("DELETE", f"{kernels}/{answer.json()['id']}").ok

    def connect(self, server, kernel):
        path = f"{server}/api/kernels/{kernel}/channels?session_id={self.page.session}"
        address = urljoin(HUB, path).replace("http", "ws", 1)
        return websocket.create_connection(
            address, header=self.headers, timeout=SILENCE
        )

    def run(self, code):
        """Run a cell, again if its kernel starts anew; give what it showed."""
        for _ in range(5):
            self.begin(code)
            if self.finish():
                return self.outputs
        raise RuntimeError(f"the kernel of {self.name} does not last")

    def begin(self, code):
        content = {"code": code, "silent": False, "allow_stdin": False}
        message = self.page.msg("execute_request", content) | {"channel": "shell"}
        self.asked, self.outputs = message["msg_id"], []
        with contextlib.suppress(*LOST):  # then nothing comes, which `finish` notices
            self.channels.send(json.dumps(message, default=str))

    def finish(self, until=lambda: False):
        """Read until the cell has ended; say whether it did, and was not lost."""
        end, state = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            was_silent = state == "silent"
            try:
                state = self.hear()
            except websocket.WebSocketTimeoutException:
                state = "busy" if self.is_busy() else "silent"
            except LOST:
                state = "back" if self.come_back() else "dead"
            if state in ("restarting", "dead") or was_silent and state == "silent":
                return False
            if state == "idle" or until():
                return True
        raise TimeoutError(f"a cell of {self.name} did not end in {PATIENCE} s")

    def is_busy(self):
        wait_for(self.is_served)
        kernel = self.ask("GET", f"{self.server}/api/kernels/{self.kernel}").json()
        return kernel.get("execution_state") != "idle"

    def hear(self):
        """Hear a message, keep what it shows, give the state that it tells of."""
        frame = self.channels.recv()
        if not frame or isinstance(frame, bytes):
            return None  # a picture of an explorer
        message = json.loads(frame)
        kind, content = message["msg_type"], message["content"]
        ours = message["parent_header"].get("msg_id") == self.asked
        if ours and kind in ("stream", "display_data", "execute_result", "error"):
            self.outputs.append(nbformat.v4.output_from_msg(message))
        state = content.get("execution_state") if kind == "status" else None
        return state if ours or state in ("restarting", "dead") else None

    def come_back(self):
        """Connect anew; say whether the kernel is there. If it is not, start one."""
        wait_for(self.is_served)
        kernels = self.must("GET", f"{self.server}/api/kernels").json()
        if self.kernel in [kernel["id"] for kernel in kernels]:
            self.channels = self.connect(self.server, self.kernel)
            return True
        self.start_kernel()
        return False


def wait_for(is_true, patience=PATIENCE):
    end = time.monotonic() + patience
    while not is_true():
        if time.monotonic() > end:
            raise TimeoutError(f"{is_true.__qualname__}: not within {patience} s")
        time.sleep(0.5)


def printed(outputs):
    """Give what outputs say in words, by kind and in order, as nbval compares it."""
    said = {}
    for output in outputs:
        if output.output_type == "stream":
            said[output.name] = said.get(output.name, "") + output.text
        elif output.output_type == "error":
            said["error"] = output.ename, output.evalue
        else:
            for kind, data in output.data.items():
                if not kind.startswith(("image/", "application/")):
                    said.setdefault(kind, []).append(data)
    return said
