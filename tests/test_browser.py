"""The lessons in a real JupyterLab, every control moved by keyboard: pytest -m browser

Needs playwright and a Chromium; CHROMIUM names it if it is not on the path.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time

import pytest
from conftest import LESSONS, ROOT, code_cells

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
    " --disable-background-networking --disable-component-update"
).split()
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell in the page
    "apputils-extension/notification": {"fetchNews": "false"},
}
TYPED = {"your word": "banana", "prompt": "have", "your lines": "one and\none more"}
LIMITS = {"your word": "2 to 20", "prompt": "1 to 20", "your lines": "2 to 40"}
SLOW = 90_000  # milliseconds, for a whole notebook


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a fresh JupyterLab over copies of the lessons."""
    folder = tmp_path_factory.mktemp("lab")
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
    with open(folder / "log", "w") as log:
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


@pytest.fixture(scope="module")
def browser():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on the path, and CHROMIUM is not set")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(30_000)
    yield page
    page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
    page.close()


def open_lesson(page, lab, name):
    page.goto(lab.format(name))
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


def await_change(explorer, before):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        status = explorer.locator("[role=status]").inner_text()
        if "training…" not in status and status != before[2]:
            after = shown(explorer)
            if after[0] != before[0]:
                return after
        time.sleep(0.05)
    raise AssertionError(f"still {shown(explorer)[1:]}")


def controls(explorer):
    return explorer.locator("[role=slider], select, input[type=text], textarea").all()


def label_of(control):
    row = control.locator("xpath=ancestor::*[contains(@class,'widget-inline-hbox')][1]")
    return row.locator("label").inner_text()


def move(control):
    """One step: an arrow key, the other of the first two choices, or other words."""
    tag = control.evaluate("element => element.tagName.toLowerCase()")
    control.focus()
    if tag in ("input", "textarea"):
        control.press("Control+a")
        control.page.keyboard.insert_text(TYPED[label_of(control)])
        control.press("Tab")
    elif tag == "select":
        chosen = control.evaluate("element => element.selectedIndex")
        control.select_option(index=1 - chosen)
    else:
        now, most = (
            control.get_attribute(f"aria-value{end}") for end in ("now", "max")
        )
        control.press("ArrowLeft" if now == most else "ArrowRight")


def type_in(explorer, label, text):
    field = explorer.locator("input[type=text], textarea").first
    assert label_of(field) == label
    field.fill(text)
    field.press("Tab")
    explorer.page.wait_for_timeout(300)  # for the kernel to begin
    status = explorer.locator("[role=status]")
    sync_api.expect(status).not_to_contain_text("training…")
    return status.inner_text()


@pytest.mark.parametrize("name", LESSONS)
def test_every_control_of_a_lesson_moves_picture_and_words(page, lab, name):
    open_lesson(page, lab, name)
    cells = code_cells(name)
    making = [i for i, cell in enumerate(cells) if "explore(" in cell.source]
    for index in making:  # the static view
        picture = (
            page.locator(".jp-CodeCell").nth(index).locator(".jp-RenderedImage img")
        )
        assert picture.evaluate("image => image.naturalWidth") >= 800
    run_all(page)
    found = explorers(page)
    assert len(found) == len(making) + 1  # the guess
    for explorer in found:
        for control in controls(explorer):
            before = shown(explorer)
            move(control)
            after = await_change(explorer, before)
            assert after[1] == after[2] != before[2] and "Error" not in after[2]
            box = explorer.locator("img").bounding_box()
            assert 400 < box["width"] <= 1280 and box["height"] > 100
        for label, limit in LIMITS.items():
            if explorer.locator("label", has_text=label).count():
                wrong_input_is_refused_kindly(explorer, label, limit)


def wrong_input_is_refused_kindly(explorer, label, limit):
    before = explorer.locator("img").get_attribute("src")
    for text in ("", "a" * 10_000):
        assert limit in type_in(explorer, label, text)
        assert explorer.locator("img").get_attribute("src") == before
    for text in ("👋👋", "שלום"):
        status = type_in(explorer, label, text)
        assert "Error" not in status and text[0] in status
    if label == "prompt":
        assert "unknown characters ['q']" in type_in(explorer, label, "q")


def test_lesson_lives_on_in_the_dark_after_a_reload_and_a_restart(page, lab):
    open_lesson(page, lab, "03_char_hihell")
    run_all(page)

    def first_slider_works():
        (explorer,) = [e for e in explorers(page) if "Epoch" in e.inner_text()]
        before = shown(explorer)
        move(explorer.locator("[role=slider]"))
        assert "Epoch" in await_change(explorer, before)[2]

    command(page, "apputils:change-theme", theme="JupyterLab Dark")
    page.locator('body[data-jp-theme-light="false"]').wait_for(state="attached")
    first_slider_works()

    command(page, "docmanager:save")
    page.reload()
    page.locator(".widget-vbox [role=status]").first.wait_for(timeout=SLOW)
    first_slider_works()

    page.evaluate(
        "() => { window.jupyterapp.commands.execute('notebook:restart-run-all') }"
    )
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.locator('[data-status="busy"]').first.wait_for()
    page.locator('[data-status="idle"]').first.wait_for(timeout=SLOW)
    first_slider_works()
