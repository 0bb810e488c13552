"""python -m teaching.publish [frames] [slides] [pages] [sheet]: all without a word.

python -m teaching.publish student [NUMBER]: notebooks to hand out to a class.
"""

import functools
import sys

from .frames import make_frames
from .pages import make_pages
from .sheet import make_sheet
from .slides import make_slides
from .sources import ROOT, SITE
from .student import make_student

SITE_WORDS = ("frames", "slides", "pages", "sheet")
MAKERS = {
    "frames": make_frames,
    "slides": make_slides,
    "pages": make_pages,
    "sheet": make_sheet,
    "student": make_student,
}


def main(words):
    """Make what the words name; end with a line if that cannot be done."""
    makers = {**MAKERS}
    if words[:1] == ["student"] and words[1:] and words[1].isdecimal():
        makers["student"] = functools.partial(make_student, words.pop(1))
    unknown = [word for word in words if word not in makers]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; choose from {', '.join(MAKERS)}")
    if not (ROOT / "notebooks").is_dir():
        sys.exit(f"no notebooks in {ROOT}: publish from a clone of the course")
    for word in words or SITE_WORDS:
        try:
            makers[word]()
        except (OSError, RuntimeError, ValueError) as error:
            sys.exit(f"{word}: {error}")
        print(f"{word}: made in {SITE}")


if __name__ == "__main__":
    main(sys.argv[1:])
