"""Decks, pages and the cheat sheet as built, in a real browser: pytest -m browser"""

import random
import re
import shutil
import subprocess
import sys

import matplotlib
import pytest
from course import LESSONS, NOTEBOOKS, PATHS, ROOT, cell_of, module_of
from jupyterlab_driver import find_chromium, start_browser

from rnn_helpers import use_course_style
from teaching.publish.frames import FRAMES, draw_frame, read_frames
from teaching.publish.pages import COURSE
from teaching.publish.sources import SITE, read_published, title_of
from teaching.publish.tools import PACKAGES, install

pytestmark = pytest.mark.browser
LESSON_PAGES = [
    PATHS[name].relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    for name in NOTEBOOKS
]
PAGES = ("index", *LESSON_PAGES, "glossary", "lecturer")
ADDRESS = dict(zip(NOTEBOOKS, LESSON_PAGES))
AXE = {"axe-core": "4.14.1"}
SIZES = {"projector": (1280, 720), "phone": (390, 844)}


@pytest.fixture(scope="module", autouse=True)
def site():
    """The site, built anew by the one command; frames only where something changed."""
    pytest.importorskip("playwright")
    if find_chromium() is None:
        pytest.skip("no Chromium on the path, and CHROMIUM is not set")
    install({**PACKAGES, **AXE})
    for path in SITE.glob("*"):
        if path.is_file():
            path.unlink()
        elif path != FRAMES:
            shutil.rmtree(path)
    command = [sys.executable, "-m", "teaching.publish"]
    subprocess.run(command, check=True, cwd=ROOT)
    return SITE


@pytest.fixture(scope="module")
def browser():
    with start_browser() as browser:
        yield browser


@pytest.fixture
def visit(browser):
    """visit(path, **options) opens a file of the site; nothing else may be fetched."""
    contexts, fetched = [], []

    def open_page(path, size="projector", query="", **options):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        context.on("request", lambda request: fetched.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{path}: {error}"))
        page.goto((SITE / path).as_uri() + query)
        return page

    yield open_page
    for context in contexts:
        context.close()
    away = [url for url in fetched if not re.match(r"(file|data|about|blob):", url)]
    assert not away


# What lies where on the slide that is shown, in CSS pixels.
MEASURE = """() => {
    const slide = Reveal.getCurrentSlide().querySelector(".slide");
    const parts = [...slide.children].filter(part => part.getClientRects().length);
    const box = part => part.getBoundingClientRect();
    return {
        parts: parts.map(part => [box(part).top, box(part).bottom]),
        right: Math.max(...[...slide.querySelectorAll(":not(.katex *)")].map(
            part => box(part).right
        )),
        cut: [...slide.querySelectorAll("pre, div")].filter(
            part => part.getClientRects().length && part.scrollWidth > part.clientWidth + 1
        ).length,
        code: [...slide.querySelectorAll("pre")].map(
            part => parseFloat(getComputedStyle(part).fontSize)
        ),
        prose: [...slide.querySelectorAll("p:not(.above, .said p), li")].filter(
            part => part.getClientRects().length
        ).map(part => parseFloat(getComputedStyle(part).fontSize)),
        figures: [...slide.querySelectorAll("img")].map(image => Math.min(
            box(image).width / image.getAttribute("width"),
            box(image).height / image.getAttribute("height")
        )),
    };
}"""

# Whether code that is below 24 px is as large as it can be: more does not fit.
AS_LARGE = """() => {
    const slide = Reveal.getCurrentSlide().querySelector(".slide");
    const texts = [...slide.querySelectorAll("pre")];
    const size = parseFloat(slide.style.getPropertyValue("--code"));
    if (!texts.length || size >= 24 || slide.querySelector("img")) return true;
    slide.style.fontSize = "26px";
    for (const text of texts) {
        text.style.fontSize = `${1.15 * size}px`;
        text.style.whiteSpace = "pre";
    }
    return slide.lastElementChild.getBoundingClientRect().bottom > 680
        || texts.some(text => text.scrollWidth > text.clientWidth);
}"""

HREFS = "links => links.map(link => link.getAttribute('href'))"
ALTS = "images => images.map(image => [image.alt, image.naturalWidth])"


def open_deck(visit, name):
    page = visit(f"slides/{name}.html")
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    return page


@pytest.mark.parametrize("name", LESSONS)
def test_every_slide_fits_and_can_be_read_from_the_back(visit, name):
    page = open_deck(visit, name)
    total = page.evaluate("Reveal.getTotalSlides()")
    assert 30 <= total <= 55
    for number in range(total):
        page.evaluate("number => Reveal.slide(number)", number)
        seen = page.evaluate(MEASURE)
        where = f"slide {number + 1} of {name}"
        tops, bottoms = zip(*seen["parts"])
        assert tops[0] >= 0 and bottoms[-1] <= 720 - 38, where
        assert all(b <= t for b, t in zip(bottoms, tops[1:])), f"overlap: {where}"
        assert seen["right"] <= 1280 and not seen["cut"], where
        assert all(size >= 18 for size in seen["code"]), where
        assert all(size >= 26 for size in seen["prose"]), where
        # at 0.95 of the size that a figure was drawn for, 13 points, the least in a
        # drawing, are 17 pixels
        assert all(0.95 <= scale <= 2 for scale in seen["figures"]), where
        shown = page.locator(".slide-number").inner_text().split()
        assert shown == [str(number + 1), "/", str(total)]
        assert page.evaluate(AS_LARGE), f"code could be larger: {where}"


# What a deck's pages on paper show, and how high its pictures are there.
PRINTED = """() => {
    const height = part => part.getBoundingClientRect().height;
    const all = (what, where = document) => [...where.querySelectorAll(what)];
    return {
        slides: all(".slide").map(height),
        pages: all(".pdf-page").length,
        pictures: all(".slide img").map(height),
        notes: all("section").map(
            part => all("aside", part).reduce((sum, notes) => sum + height(notes), 0)
        ),
    };
}"""


@pytest.mark.parametrize("name", LESSONS)
def test_deck_on_paper_has_every_slide_picture_and_note(site, visit, name):
    total = open_deck(visit, name).evaluate("Reveal.getTotalSlides()")
    pictures = sum(map(has_picture, read_published(name).cells))
    page = visit(f"slides/{name}.html", query="?print-pdf")
    page.wait_for_selector(".pdf-page .slide")
    seen = page.evaluate(PRINTED)
    assert seen["slides"] == [720] * total and seen["pages"] == total
    assert len(seen["pictures"]) == pictures and min(seen["pictures"]) >= 250
    for query, scale, has_notes in (("?slides", 1, False), ("?notes", 0.53, True)):
        seen = visit(f"slides/{name}.html", query=query).evaluate(PRINTED)
        assert seen["slides"] == pytest.approx([720 * scale] * total, abs=1)
        assert len(seen["pictures"]) == pictures
        assert min(seen["pictures"]) >= 250 * scale
        assert all((height > 0) == has_notes for height in seen["notes"])
    pages, stored = count_in(site / f"slides/{name}.pdf")
    assert pages == total and stored == pictures
    pages, stored = count_in(site / f"slides/{name}_notes.pdf")
    assert total / 2 <= pages <= total and stored == pictures


def has_picture(cell):
    return any(
        "image/png" in output.get("data", {}) for output in cell.get("outputs", [])
    )


def count_in(path):
    """Count the pages and the pictures of a PDF."""
    pdf = path.read_bytes()
    return (
        len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)),
        len(re.findall(rb"/Subtype\s*/Image\b", pdf)),
    )


every_explorer = pytest.mark.parametrize(
    "name, explorer",
    [(name, e) for name in NOTEBOOKS for e in sorted(module_of(name).EXPLORERS)],
)


@every_explorer
def test_frames_show_and_say_what_the_live_explorer_does(lesson, name, explorer):
    cell, explorer = cell_of(name, explorer), lesson(name)[explorer]
    drawn = read_frames(ADDRESS[name])[cell.id]
    total = len(drawn["sentences"])
    for number in {drawn["first"], *random.sample(range(total), 4)}:
        values, rest = {}, number
        for knob in reversed(drawn["knobs"]):
            rest, place = divmod(rest, len(knob["values"]))
            values[knob["name"]] = knob["values"][place]
        with matplotlib.rc_context():
            use_course_style()
            picture, sentence = draw_frame(explorer, values)
        assert drawn["sentences"][number] == sentence, values
        path = FRAMES / ADDRESS[name] / cell.id / f"{number}.webp"
        assert path.read_bytes() == picture, values


def test_frames_are_not_too_heavy():
    assert sum(path.stat().st_size for path in FRAMES.rglob("*")) < 25e6


# Where a picture is on its page, however far that is scrolled.
PLACE = """image => {
    const {left, top, width, height} = image.getBoundingClientRect();
    return [left + scrollX, top + scrollY, width, height];
}"""


class Player:
    """An explorer on a page or in a deck, and what was drawn of it."""

    def __init__(self, page, name, cell):
        self.drawn = read_frames(ADDRESS[name])[cell.id]
        self.box = page.locator(f"#cell-{cell.id} .explorer")
        self.knobs = self.box.locator(".knob").all()

    def number(self):
        """The number of the picture that the knobs stand at."""
        chosen = [
            knob.locator("[type=range], :checked").input_value() for knob in self.knobs
        ]
        number = 0
        for value, knob in zip(chosen, self.drawn["knobs"]):
            number = number * len(knob["values"]) + int(value)
        return number

    def shows(self, number):
        """Wait until it says what belongs to this number, and look at the picture."""
        from playwright.sync_api import expect  # it is not there at collection

        sentence, image = self.drawn["sentences"][number], self.box.locator("img")
        expect(self.box.locator("[role=status]")).to_have_text(sentence)
        expect(image).to_have_attribute("alt", sentence)
        expect(image).to_have_attribute("src", re.compile(rf"/{number}\.webp$"))
        return image.evaluate("image => image.complete && image.naturalWidth > 0")

    def place(self):
        return self.box.locator("img").evaluate(PLACE)

    def move(self, knob, key):
        knob.locator("[type=range], :checked").press(key)

    def every_knob_moves_it(self):
        assert self.number() == self.drawn["first"]
        assert self.shows(self.number())
        place, seen = self.place(), {self.number()}
        for knob, drawn in zip(self.knobs, self.drawn["knobs"]):
            keys = ["ArrowRight"] * (len(drawn["values"]) > 1)
            for key in [*keys, "ArrowLeft", "ArrowLeft"]:
                self.move(knob, key)
                assert self.shows(self.number())
                assert self.place() == place, "the page has moved"
                seen.add(self.number())
            text = knob.locator(".value")
            if text.count():
                value = int(knob.locator("input").input_value())
                assert text.inner_text() == drawn["called"][value]
                spoken = knob.locator("input").get_attribute("aria-valuetext")
                assert spoken == drawn["called"][value]
        assert len(seen) > len(self.knobs)


@pytest.mark.parametrize("size", SIZES)
@every_explorer
def test_explorer_on_a_page_moves_by_keyboard_and_nothing_else_does(
    visit, name, explorer, size
):
    page = visit(f"{ADDRESS[name]}.html", size)
    Player(page, name, cell_of(name, explorer)).every_knob_moves_it()


@every_explorer
def test_explorer_without_script_is_the_stored_picture(visit, name, explorer):
    page, cell = (
        visit(f"{ADDRESS[name]}.html", java_script_enabled=False),
        cell_of(name, explorer),
    )
    box = page.locator(f"#cell-{cell.id} .explorer")
    assert not box.locator(".knobs").is_visible()
    alt = box.locator("img").get_attribute("alt")
    assert alt == cell.outputs[0].metadata["image/png"].alt
    assert box.locator("[role=status]").inner_text() == alt


def test_a_picture_that_does_not_come_is_said_and_the_one_before_stays(visit):
    from playwright.sync_api import expect  # it is not there at collection

    name = NOTEBOOKS[0]
    page, cell = visit(f"{ADDRESS[name]}.html"), cell_of(name, "let_go_explorer")
    player = Player(page, name, cell)
    image = player.box.locator("img")
    image.evaluate("image => { image.src = image.src.replace('frames', 'nowhere'); }")
    before, alt = (image.get_attribute(name) for name in ("src", "alt"))
    player.move(player.knobs[1], "ArrowLeft")
    expect(player.box.locator("[role=status]")).to_contain_text("could not be fetched")
    assert (before, alt) == tuple(image.get_attribute(n) for n in ("src", "alt"))


def test_a_picture_that_comes_late_is_not_shown_over_a_newer_one(visit):
    name, late = NOTEBOOKS[0], []

    def hold(route):
        late.append(route)

    page, cell = visit(f"{ADDRESS[name]}.html"), cell_of(name, "let_go_explorer")
    player = Player(page, name, cell)
    page.route("**/*.webp", hold)
    player.move(player.knobs[1], "ArrowLeft")
    passed = player.number()
    page.unroute("**/*.webp")
    page.route(f"**/{passed}.webp", hold)
    player.move(player.knobs[1], "ArrowLeft")
    assert passed != player.number() and player.shows(player.number())
    for route in late:
        route.continue_()
    page.wait_for_timeout(500)
    assert player.shows(player.number())


@pytest.mark.parametrize(
    "name, explorer",
    [(name, e) for name in LESSONS for e in sorted(module_of(name).EXPLORERS)],
)
def test_explorer_on_a_slide_takes_arrows_and_leaves_page_keys_to_the_deck(
    visit, name, explorer
):
    page, cell = open_deck(visit, name), cell_of(name, explorer)
    at = "() => Reveal.getIndices().h"
    page.evaluate(
        "id => Reveal.slide(Reveal.getSlides().findIndex(s => s.querySelector(id)))",
        f"#cell-{cell.id}",
    )
    player, slide = Player(page, name, cell), page.evaluate(at)
    player.every_knob_moves_it()
    assert page.evaluate(at) == slide
    for key, there in (("PageDown", slide + 1), ("PageUp", slide - 1)):
        player.move(player.knobs[0], key)
        page.wait_for_function(f"Reveal.getIndices().h === {there}")
        page.evaluate("number => Reveal.slide(number)", slide)


@pytest.mark.parametrize("name", LESSONS)
def test_deck_moves_by_keyboard_and_has_links_that_lead_somewhere(visit, name):
    page = open_deck(visit, name)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == 1
    page.wait_for_url(re.compile("#/1$"))  # a reload stays there
    assert page.locator("aside .katex-html").count() == 0  # has no style there
    for link in page.eval_on_selector_all("section a[href]", HREFS):
        check_link(f"slides/{name}.html", link)


def test_speaker_view_has_notes_and_a_clock(visit):
    from playwright.sync_api import expect  # it is not there when tests are collected

    page = open_deck(visit, LESSONS[0])
    page.evaluate("Reveal.slide(0)")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    expect(speaker.locator(".speaker-controls-notes .value")).to_contain_text(
        "weather station"
    )
    expect(speaker.locator(".clock-value")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    frame = speaker.frame_locator("#current-slide iframe")
    expect(frame.locator(".slide-number")).to_contain_text("4")


def check_link(path, link):
    """A link within the site leads to a file, and to a place on its page."""
    if re.match(r"https?:", link):
        return
    file, _, place = link.partition("#")
    target = (SITE / path).parent / file if file else SITE / path
    assert target.is_file(), f"{path}: {link}"
    if place:
        assert f'id="{place}"' in target.read_text(encoding="utf-8"), f"{path}: {link}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_fault_that_axe_finds(visit, name, scheme):
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    for size in SIZES:
        page = visit(f"{name}.html", size, color_scheme=scheme)
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        page.evaluate(axe)
        faults = page.evaluate("axe.run()")["violations"]
        assert not [(f["id"], f["nodes"][0]["html"][:200]) for f in faults], size


FONTS = """() => document.fonts.ready.then(() => [...document.fonts].filter(
    font => font.family.includes("KaTeX") && font.status !== "unloaded"
).map(font => font.status))"""


@pytest.mark.parametrize("where", [LESSON_PAGES[0], f"slides/{LESSONS[0]}"])
def test_formulas_are_set_in_the_font_that_came_with_the_site(visit, where):
    assert {*visit(f"{where}.html").evaluate(FONTS)} == {"loaded"}


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_a_phone_and_its_links_lead_somewhere(visit, name):
    page = visit(f"{name}.html", "phone")
    assert page.locator("h1").bounding_box()["y"] <= 140
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for link in page.eval_on_selector_all("a[href]", HREFS):
        check_link(f"{name}.html", link)
    for words, pixels in page.eval_on_selector_all("img", ALTS):
        assert words and "No description" not in words and pixels > 0


@pytest.mark.parametrize("name", LESSON_PAGES)
def test_page_is_used_by_keyboard(visit, name):
    page = visit(f"{name}.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#content$"))
    box = page.locator("details", has_text="How sure are we?")
    box.locator("summary").focus()
    page.keyboard.press("Enter")
    assert box.evaluate("box => box.open")


@pytest.mark.parametrize("number, name", [*enumerate(LESSON_PAGES)])
def test_page_says_where_one_is_and_where_one_can_go(visit, number, name):
    page, notebook = visit(f"{name}.html"), read_published(name)
    assert page.title() == f"{title_of(notebook)} · {COURSE}"
    here = page.locator("nav [aria-current=page]")
    assert here.inner_text() == title_of(notebook)
    assert page.locator("h1").bounding_box()["y"] <= 60
    titles = ["Start", *map(title_of, map(read_published, LESSON_PAGES)), "Glossary"]
    assert page.locator("[rel=prev]").inner_text() == titles[number]
    assert page.locator("[rel=next]").inner_text() == titles[number + 2]
    parts = page.locator("h2, strong[id^=exercise-]").all_text_contents()
    listed = page.locator("#course ol a").all_text_contents()
    assert listed == [part.removesuffix(".") for part in parts]
    alts = [
        output.metadata["image/png"].alt
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    shown = page.eval_on_selector_all(".figure img, .picture img", ALTS)
    assert [alt for alt, _ in shown] == alts


LAB_PAGE = LESSON_PAGES[-1]
COLOURS = """() => {
    const style = getComputedStyle(document.documentElement);
    return [style.backgroundColor, style.color];
}"""
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("not allowed", "SecurityError"); },
});"""


def search(page, query):
    """What the search shows for a query: each with its title, and its page and section."""
    page.locator(".search input").fill(query)
    page.locator(".search [role=status]", has_text="found").wait_for()
    parts = [
        page.locator(f".found {tag}").all_inner_texts() for tag in ("strong", "span")
    ]
    return [*zip(*parts)]


def test_search_leads_from_any_page_to_exercise_term_and_lab(visit):
    page = visit(f"{LAB_PAGE}.html")
    found = search(page, "gru lesson 4 exercise")
    assert found[0] == ("Exercise 3 · write", f"Lesson {title_of_page(3)} › Gates")
    assert search(page, "random initialization")[0][1] == "Glossary"
    assert search(page, "rollout")[0] == ("autoregressive", "Glossary")
    assert search(page, "was it luck")[0][1] == title_of_page(4)
    assert search(page, "target out of bounds")[0][0].startswith("Handout")
    assert search(page, "xylophone") == search(page, "gradient xylophone") == []
    assert search(page, "c++") == search(page, "g.adient") == []  # no patterns
    assert search(page, "powershell") == [("Run it yourself", COURSE)]
    own = search(page, "exercise 1")[0]
    assert own[1].startswith(title_of_page(-1))  # of several, this page's comes first
    page.locator(".found a").first.click()
    page.wait_for_url(re.compile(f"{LAB_PAGE}.html#exercise-1$"))
    assert page.locator("strong:target").inner_text().startswith("Exercise 1")
    assert page.locator(".found a").count() == 0


def title_of_page(number):
    return title_of(read_published(LESSON_PAGES[number]))


def test_search_is_used_by_keyboard(visit):
    page = visit("02_summing_rnn.html")
    focused = page.locator(":focus")
    page.keyboard.press("/")
    page.keyboard.type("1/2 gradient")
    assert focused.input_value() == "1/2 gradient"
    assert len(search(page, "gradient")) > 3
    titles = page.locator(".found a strong").all_inner_texts()
    for key, title in (("ArrowDown", 0), ("Tab", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        page.keyboard.press(key)
        assert focused.locator("strong").inner_text() == titles[title]
    page.keyboard.press("Escape")
    assert page.locator(".found a").count() == 0
    assert focused.evaluate("element => element.type") == "search"
    search(page, "hidden state")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("glossary.html#hidden-state$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contents_and_results_have_no_fault_that_axe_finds(visit, scheme):
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    for size in SIZES:
        page = visit("02_summing_rnn.html", size, color_scheme=scheme)
        page.evaluate(axe)
        search(page, "gradient")
        faults = page.evaluate("axe.run('header')")["violations"]
        if size == "phone":
            page.keyboard.press("Escape")
            page.locator(".menu").click()
            faults += page.evaluate("axe.run('header')")["violations"]
        assert not [(f["id"], f["nodes"][0]["html"][:200]) for f in faults], size


def test_on_a_phone_the_contents_open_and_close(visit):
    page = visit("02_summing_rnn.html", "phone")
    contents = page.locator("#course")
    assert not contents.is_visible()
    page.locator(".menu").press("Enter")
    assert contents.is_visible()
    page.keyboard.press("Escape")
    assert not contents.is_visible()
    page.locator(".menu").click()
    contents.get_by_text("Exercise 3").click()
    page.wait_for_url(re.compile("#exercise-3$"))
    assert not contents.is_visible()


def test_the_reader_chooses_the_colours_and_the_page_notes_it(visit):
    page = visit("glossary.html", color_scheme="light")
    light = page.evaluate(COLOURS)
    switch = page.locator(".dark")
    switch.click()
    dark = page.evaluate(COLOURS)
    assert switch.get_attribute("aria-pressed") == "true" and dark != light
    page.goto((SITE / "index.html").as_uri())
    assert page.evaluate(COLOURS) == dark
    page.emulate_media(media="print")
    assert page.evaluate(COLOURS) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    page.emulate_media(media="screen")
    switch.click()
    assert switch.get_attribute("aria-pressed") == "false"
    page.emulate_media(color_scheme="dark")  # again the system's
    assert page.evaluate(COLOURS) == dark


def test_colours_are_chosen_also_where_nothing_may_be_noted(visit):
    page = visit("glossary.html", color_scheme="dark")
    page.add_init_script(NO_STORAGE)
    page.reload()
    dark = page.evaluate(COLOURS)
    page.locator(".dark").click()
    assert page.evaluate(COLOURS) != dark


def test_code_is_copied_without_what_the_picture_carries(visit):
    page = visit("01_elman_sine.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell = page.locator("#cell-two-targets")
    cell.hover()
    cell.locator(".copy").click()
    cell.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == cell.locator("pre").first.inner_text().rstrip()
    assert copied.endswith('alt="…",\n)')


def test_without_a_script_all_is_there_but_what_needs_one(visit):
    for size in SIZES:
        page = visit("02_summing_rnn.html", size, java_script_enabled=False)
        assert not page.locator(".search, .dark, .copy").filter(visible=True).count()
        if size == "phone":
            page.locator(".menu").click()
        page.locator("#course").get_by_text("Exercise 3").click()
        page.wait_for_url(re.compile("#exercise-3$"))
        assert page.locator("main p").first.is_visible()


@pytest.mark.parametrize("number, name", [*enumerate(LESSON_PAGES)])
def test_terms_are_linked_once_and_to_their_meanings(visit, number, name):
    page = visit(f"{name}.html")
    links = page.eval_on_selector_all(".term", HREFS)
    assert len(links) == len({*links}) and bool(links) == (number > 0)
    own = page.eval_on_selector_all("dfn", "terms => terms.map(term => term.id)")
    assert not {link.partition("#")[2] for link in links} & {*own}
    inside = (
        "a a, h1 a.term, h2 a.term, code a.term, summary a.term, dfn a.term, .math a"
    )
    assert page.locator(inside).count() == 0


SCROLLS = """() => {
    const figure = document.querySelector(".figure");
    const says = getComputedStyle(figure, "::after").content !== "none";
    return [figure.scrollWidth > figure.clientWidth, says];
}"""


def test_only_a_picture_that_scrolls_says_so(visit):
    page = visit("01_elman_sine.html", "phone")
    for width, scrolls in ((390, True), (640, True), (700, False), (1280, False)):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SCROLLS) == [scrolls, scrolls], width
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(media="print")
    assert page.evaluate(SCROLLS) == [False, False]


def test_paper_has_the_boxes_open_and_the_solutions_folded(visit):
    page = visit("01_elman_sine.html", color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("header, footer, .run, .copy").filter(visible=True).count()
    assert page.evaluate(COLOURS) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert page.locator(".imports pre").bounding_box()["height"] > 50
    assert page.locator(".said [role=status]").first.is_visible()
    box = page.locator("details", has_text="How sure are we?").locator("p").first
    assert box.bounding_box()["height"] > 50
    solution = page.locator(".solution details").first
    assert solution.bounding_box()["height"] < 50


@pytest.mark.parametrize(
    "paper, width, height", [("a4", 595, 842), ("letter", 612, 792)]
)
def test_cheat_sheet_is_one_page(site, paper, width, height):
    path = site / f"cheat_sheet_{paper}.pdf"
    pdf, (pages, _) = path.read_bytes(), count_in(path)
    assert pages == 1
    (box,) = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [round(float(side)) for side in box] == [width, height]
    assert not [*site.glob("cheat_sheet*.html")]
    style = (site / "sheet.css").read_text(encoding="utf-8")
    assert all(float(points) >= 6 for points in re.findall(r"([\d.]+)pt", style))
