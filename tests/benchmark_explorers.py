"""How fast the explorers answer: python tests/benchmark_explorers.py

In a real JupyterLab: the time from a moved control to its new picture, less the
training (all that an explorer computes before it makes its figure). In this process:
the longest training that the controls allow. Needs what the browser tests need.
"""

import itertools
import statistics

import matplotlib.pyplot as plt
import torch
from course import NOTEBOOKS, ends_of, run_lesson
from jupyterlab_driver import (
    controls,
    explorers,
    move,
    new_page,
    open_lesson,
    run_all,
    serve_lessons,
    start_browser,
)

from rnn_helpers import Explorer

MOVES = 20
LONGEST = {"word": "abcdefghijklmnopqrst"}

# Run among a lesson's names, in its kernel or here: notes how long each draw takes up to its figure.
CLOCK = """
import time
import matplotlib.pyplot as plt
from unittest import mock
from rnn_helpers import Explorer

trainings = []

def timed(draw):
    def timed_draw(**values):
        start, make_figure = time.perf_counter(), plt.subplots
        def subplots(*sizes, **options):
            trainings.append(1000 * (time.perf_counter() - start))
            return make_figure(*sizes, **options)
        with mock.patch.object(plt, "subplots", subplots):
            return draw(**values)
    return timed_draw

for value in list(globals().values()):
    if isinstance(value, Explorer) and value.draw.__name__ != "timed_draw":
        value.draw = timed(value.draw)
"""

# Run in the page: notes how long each new picture takes to be on the screen.
WATCH = """
explorer => {
    window.pictures = [];
    let moved, shown = explorer.querySelector("img").src;
    for (const kind of ["keydown", "change"])
        explorer.addEventListener(kind, event => { moved = event.timeStamp; }, true);
    new MutationObserver(async () => {
        const image = explorer.querySelector("img");
        if (!image || image.src === shown) return;
        shown = image.src;
        await image.decode();
        requestAnimationFrame(now => window.pictures.push(performance.now() - moved));
    }).observe(explorer, {childList: true, subtree: true});
}
"""

EXECUTE = """
async code => {
    const session = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const options = {code, silent: true, user_expressions: {trainings: "trainings"}};
    const reply = await session.kernel.requestExecute(options).done;
    return JSON.parse(reply.content.user_expressions.trainings.data["text/plain"]);
}
"""


def answers(page, explorer):
    """Milliseconds to the picture, and of them in training, for each of the moves."""
    explorer.evaluate(WATCH)
    page.evaluate(EXECUTE, "trainings.clear()")
    for number in range(MOVES):
        move(controls(explorer)[number % len(controls(explorer))])
        page.wait_for_function("n => window.pictures.length > n", arg=number)
    return page.evaluate("pictures"), page.evaluate(EXECUTE, "")


def values_at_the_ends(explorer):
    ends = {
        name: ends_of(control) or [LONGEST[name]]
        for name, control in explorer.controls.items()
    }
    return [dict(zip(ends, values)) for values in itertools.product(*ends.values())]


def main():
    print("milliseconds, medians of 20 moves      picture   training   the rest")
    print("goal:                                                    at most 150")
    with serve_lessons() as lab, start_browser() as browser:
        for name in NOTEBOOKS:
            with new_page(browser) as page:
                open_lesson(page, lab, name)
                run_all(page)
                page.evaluate(EXECUTE, CLOCK)
                for explorer in explorers(page):
                    pictures, trainings = answers(page, explorer)
                    rest = [a - b for a, b in zip(pictures, trainings)]
                    medians = map(statistics.median, (pictures, trainings, rest))
                    label = explorer.locator("label").first.inner_text()
                    print(
                        f"{name}: {label:20}"[:38].ljust(38),
                        *(f"{median:9.0f}" for median in medians),
                        flush=True,
                    )

    print(
        "milliseconds, the longest training that the controls allow    goal: at most 500"
    )
    for name in NOTEBOOKS:
        namespace, dtype, _ = run_lesson(name)
        torch.set_default_dtype(dtype)
        torch.set_num_threads(1)  # as in the lessons
        exec(CLOCK, namespace)
        for key, explorer in list(namespace.items()):
            if isinstance(explorer, Explorer):
                namespace["trainings"].clear()
                for values in values_at_the_ends(explorer):
                    explorer.draw(**values)
                    plt.close("all")
                longest = max(namespace["trainings"])
                print(f"{name}: {key:20}"[:48].ljust(48), f"{longest:9.0f}", flush=True)


if __name__ == "__main__":
    main()
