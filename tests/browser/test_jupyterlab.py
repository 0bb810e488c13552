"""The lessons in a real JupyterLab, every control moved by keyboard: pytest -m browser"""

import time

import pytest
from course import NOTEBOOKS, PATHS, code_cells
from nbconvert import HTMLExporter

sync_api = pytest.importorskip("playwright.sync_api")
from jupyterlab_driver import (  # noqa: E402
    SLOW,
    TYPED,
    command,
    controls,
    explorers,
    find_chromium,
    label_of,
    move,
    new_page,
    open_lesson,
    run_all,
    serve_lessons,
    shown,
    start_browser,
)

pytestmark = pytest.mark.browser
LIMITS = {"your word": "2 to 20"}


@pytest.fixture(scope="module")
def lab():
    with serve_lessons() as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    if find_chromium() is None:
        pytest.skip("no Chromium on the path, and CHROMIUM is not set")
    with start_browser() as browser:
        yield browser


@pytest.fixture
def page(browser):
    with new_page(browser) as page:
        yield page


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


def type_in(explorer, label, text):
    (field,) = [c for c in controls(explorer) if label_of(c) == label]
    field.locator("input, textarea").fill(text)
    field.locator("input, textarea").press("Tab")
    return settled(explorer)


def settled(explorer):
    """What the status says when the kernel has answered."""
    explorer.page.wait_for_timeout(300)  # for the kernel to begin
    status = explorer.locator("[role=status]")
    sync_api.expect(status).not_to_contain_text("training…")
    return status.inner_text()


def is_shown_sharp(picture, cell):
    """At the width that its output names, with twice as many pixels."""
    size = cell.outputs[0].metadata["image/png"]
    natural, shown = picture.evaluate("image => [image.naturalWidth, image.width]")
    assert natural == 2 * shown == 2 * size["width"], cell.id


def place_for(explorer):
    """The width that a live picture asks for, or the column's if that is less."""
    asked = int(explorer.locator("img").get_attribute("width"))
    return min(
        asked,
        explorer.locator("img").evaluate(
            "image => image.parentElement.getBoundingClientRect().width"
        ),
    )


def height(explorer):
    return explorer.bounding_box()["height"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_control_moves_picture_and_words_and_lives_on(page, lab, name):
    open_lesson(page, lab, name)
    cells = code_cells(name)
    making = [i for i, cell in enumerate(cells) if "explore(" in cell.source]
    for index in making:  # the static view
        picture = (
            page.locator(".jp-CodeCell").nth(index).locator(".jp-RenderedImage img")
        )
        is_shown_sharp(picture, cells[index])
    run_all(page)
    found = explorers(page)
    assert len(found) == len(making)
    for explorer in found:
        place = height(explorer)
        for control in controls(explorer):
            assert height(control) < 40, "its buttons do not stand in one row"
            before = shown(explorer)
            move(control)
            after = await_change(explorer, before)
            assert after[1] == after[2] != before[2] and "Error" not in after[2]
            box = explorer.locator("img").bounding_box()
            assert 400 < box["width"] <= 1280 and box["height"] > 100
            assert box["width"] == pytest.approx(place_for(explorer), abs=1)
            for end in ("Home", "End"):
                for slider in control.locator("[role=slider]").all():
                    slider.press(end)
                    assert "Error" not in settled(explorer)
            assert height(explorer) == place, "the page has jumped"
        for label, limit in LIMITS.items():
            if explorer.locator("label", has_text=label).count():
                wrong_input_is_refused_kindly(explorer, label, limit)
    if found:
        lives_on_in_the_dark_after_a_reload_and_a_restart(page)
    # no key went past a control, to the notebook
    assert page.locator(".jp-CodeCell").count() == len(cells)


def wrong_input_is_refused_kindly(explorer, label, limit):
    before = explorer.locator("img").get_attribute("src")
    for text in ("", "a" * 10_000):
        assert limit in type_in(explorer, label, text)
        assert explorer.locator("img").get_attribute("src") == before
    for text in ("👋👋", "שלום"):
        status = type_in(explorer, label, text)
        assert "Error" not in status and text[0] in status
    type_in(explorer, label, TYPED[label][1])
    assert explorer.locator("img").get_attribute("src") != before


def first_control_of_each_explorer_works(page):
    for explorer in explorers(page):
        before = shown(explorer)
        move(controls(explorer)[0])
        after = await_change(explorer, before)
        assert after[1] == after[2] and "Error" not in after[2]


def lives_on_in_the_dark_after_a_reload_and_a_restart(page):
    command(page, "apputils:change-theme", theme="JupyterLab Dark")
    page.locator('body[data-jp-theme-light="false"]').wait_for(state="attached")
    first_control_of_each_explorer_works(page)

    command(page, "docmanager:save")
    page.reload()
    page.locator(".widget-vbox [role=status]").first.wait_for(timeout=SLOW)
    first_control_of_each_explorer_works(page)

    page.evaluate(
        "() => { window.jupyterapp.commands.execute('notebook:restart-run-all') }"
    )
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.locator('[data-status="busy"]').first.wait_for()
    page.locator('[data-status="idle"]').first.wait_for(timeout=SLOW)
    first_control_of_each_explorer_works(page)


def test_exported_pages_show_every_explorer_without_a_network(browser, tmp_path):
    exporter = HTMLExporter()
    for name in NOTEBOOKS:
        page_of_lesson, _ = exporter.from_filename(PATHS[name])
        (tmp_path / f"{name}.html").write_text(page_of_lesson, encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    for name in NOTEBOOKS:
        page.goto((tmp_path / f"{name}.html").as_uri())
        for cell in code_cells(name):
            if "explore(" in cell.source:
                output = page.locator(f'[id="cell-id={cell.id}"] .jp-OutputArea-output')
                assert output.count() == 1, cell.id
                is_shown_sharp(output.locator("img"), cell)
    context.close()
