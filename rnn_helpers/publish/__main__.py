"""python -m rnn_helpers.publish [slides | pages | sheet]: all three without a word."""

import sys

from rnn_helpers.publish.pages import make_pages
from rnn_helpers.publish.sheet import make_sheet
from rnn_helpers.publish.slides import make_slides
from rnn_helpers.publish.sources import SITE

MAKERS = {"slides": make_slides, "pages": make_pages, "sheet": make_sheet}


def main(words):
    unknown = set(words) - set(MAKERS)
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; choose from {', '.join(MAKERS)}")
    for word in words or MAKERS:
        MAKERS[word]()
        print(f"{word} are in {SITE}")


if __name__ == "__main__":
    main(sys.argv[1:])
