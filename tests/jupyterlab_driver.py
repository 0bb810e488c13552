"""A real JupyterLab with the notebooks, driven by a browser, for tests and benchmark.

Needs playwright and a Chromium; CHROMIUM names it if it is not on the path.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course import PATHS, ROOT

from teaching.publish.tools import find_browser

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
    " --disable-background-networking --disable-component-update"
).split()
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell in the page
    "apputils-extension/notification": {"fetchNews": "false"},
}
TYPED = {"your word": ("banana", "abracadabra")}
SLOW = 90_000  # milliseconds, for a whole notebook


@contextlib.contextmanager
def serve_lessons():
    """The address, but for a lesson's name, of a fresh JupyterLab over copies."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        folder = Path(folder)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        for name, settings in SETTINGS.items():
            path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(settings))
        token = secrets.token_hex()
        environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        options = {
            "ServerApp.port": 0,
            "ServerApp.root_dir": folder / "notebooks",
            "IdentityProvider.token": token,
            "LabApp.expose_app_in_browser": True,
            "KernelManager.transport": "ipc",
        }
        command += [f"--{key}={value}" for key, value in options.items()]
        log = stack.enter_context(open(folder / "log", "w"))
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield f"{address_of(server, folder)}doc/tree/{{}}.ipynb?token={token}&reset"
        finally:
            server.terminate()
            server.wait(timeout=30)


def address_of(server, folder):
    for _ in range(120):
        for path in folder.glob("runtime/jpserver-*.json"):
            try:
                return json.loads(path.read_text())["url"]
            except ValueError:
                pass  # half written
        assert server.poll() is None, (folder / "log").read_text()
        time.sleep(0.5)
    raise TimeoutError((folder / "log").read_text())


def find_chromium():
    """The browser for the tests; None, for a test to skip, if there is none."""
    with contextlib.suppress(FileNotFoundError):
        return find_browser()


@contextlib.contextmanager
def start_browser():
    from playwright.sync_api import sync_playwright  # README's pytest does without

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=FLAGS
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def new_page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(30_000)
    yield page
    page.evaluate("() => window.jupyterapp?.serviceManager.sessions.shutdownAll()")
    page.close()


def open_lesson(page, lab, name):
    path = PATHS[name].relative_to(ROOT / "notebooks").with_suffix("")
    page.goto(lab.format(path.as_posix()))
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext")
    page.evaluate(
        """async () => {
            const notebook = window.jupyterapp.shell.currentWidget;
            await notebook.context.ready;
            await notebook.sessionContext.ready;
        }"""
    )
    page.locator('[data-status="idle"]').first.wait_for(timeout=SLOW)


def command(page, name, **arguments):
    page.evaluate(
        "([name, options]) => window.jupyterapp.commands.execute(name, options)",
        [name, arguments],
    )


def run_all(page):
    page.set_default_timeout(SLOW)
    command(page, "notebook:run-all-cells")
    page.set_default_timeout(30_000)
    red = page.locator('[data-mime-type$="stderr"], [data-mime-type$="error"]')
    assert red.count() == 0, red.first.inner_text()


def explorers(page):
    return page.locator(".jp-OutputArea .widget-vbox:has([role=status])").all()


def shown(explorer):
    """The picture, its alternative text and the status, once the work is done."""
    picture = explorer.locator("img")
    return (
        picture.get_attribute("src"),
        picture.get_attribute("alt"),
        explorer.locator("[role=status]").inner_text(),
    )


def controls(explorer):
    kinds = ".widget-slider, .widget-toggle-buttons, .widget-text, .widget-textarea"
    return explorer.locator(kinds).all()


def label_of(control):
    return control.locator("label").inner_text()


def move(control):
    """One step by keyboard: an arrow key, the first choice not chosen, or other words."""
    handle = control.locator(
        "[role=slider], button:not(.mod-active), input[type=text], textarea"
    ).first
    handle.focus()
    if handle.get_attribute("role") == "slider":
        now, most = (handle.get_attribute(f"aria-value{end}") for end in ("now", "max"))
        handle.press("ArrowLeft" if now == most else "ArrowRight")
    elif handle.evaluate("element => element.tagName") == "BUTTON":
        handle.press("Space")
    else:
        typed = TYPED[label_of(control)]
        handle.press("Control+a")
        handle.page.keyboard.insert_text(typed[handle.input_value() == typed[0]])
        handle.press("Tab")
