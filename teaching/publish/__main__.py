"""python -m teaching.publish [slides] [pages] [sheet]: all three without a word."""

import sys

from .pages import make_pages
from .sheet import make_sheet
from .slides import make_slides
from .sources import ROOT, SITE

MAKERS = {"slides": make_slides, "pages": make_pages, "sheet": make_sheet}


def main(words):
    """Make what the words name; end with a line if that cannot be done."""
    unknown = [word for word in words if word not in MAKERS]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; choose from {', '.join(MAKERS)}")
    if not (ROOT / "notebooks").is_dir():
        sys.exit(f"no notebooks in {ROOT}: publish from a clone of the course")
    for word in words or MAKERS:
        try:
            MAKERS[word]()
        except (OSError, RuntimeError, ValueError) as error:
            sys.exit(f"{word}: {error}")
        print(f"{word}: made in {SITE}")


if __name__ == "__main__":
    main(sys.argv[1:])
