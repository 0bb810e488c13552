"""The programs that publishing needs: node and npm, and a browser that prints."""

import json
import os
import shutil
import subprocess

from .sources import ROOT, SITE, TEMPLATES

PACKAGES = {"reveal.js": "5.2.1", "katex": "0.16.22"}
NEEDED = (
    "katex/dist/katex.min.css",
    "katex/dist/fonts",
    "reveal.js/dist/reveal.js",
    "reveal.js/dist/reveal.css",
    "reveal.js/dist/reset.css",
    "reveal.js/plugin/notes/notes.js",
)
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")


def run(command, **options):
    """Run a program in the checkout and give what it prints.

    Raises
    ------
    FileNotFoundError
        If it is not installed.
    RuntimeError
        If it fails; the message is what it says.
    """
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(f"{command[0]} is not on the path: install Node.js")
    done = subprocess.run(
        [program, *command[1:]],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        **options,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout


def install(packages):
    """Bring npm packages, a version by each name, into the checkout, if need be."""
    if any(installed(name) != version for name, version in packages.items()):
        wanted = [f"{name}@{version}" for name, version in packages.items()]
        options = [
            "--prefix",
            ".",
            "--no-save",
            "--no-package-lock",
            "--loglevel=error",
        ]
        run(["npm", "install", *options, *wanted])


def installed(name):
    """Give the version of an npm package in the checkout, None if it is not there."""
    path = ROOT / "node_modules" / name / "package.json"
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))["version"]


def vendor():
    """Lay into the site what its pages need of npm packages, with their styles and scripts."""
    install(PACKAGES)
    for path in NEEDED:
        copy(ROOT / "node_modules" / path, SITE / "vendor" / path)
    for path in [*TEMPLATES.glob("*.css"), *TEMPLATES.glob("*.js")]:
        copy(path, SITE / path.name)


def copy(source, target):
    """Copy a file or a folder, with the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def write(path, text):
    """Write a page of the site, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def find_browser():
    """Find a Chromium or Chrome: the one that CHROMIUM names, or the first known one.

    Raises
    ------
    FileNotFoundError
        If there is none, or CHROMIUM names no program.
    """
    named = os.environ.get("CHROMIUM")
    for name in [named] if named else BROWSERS:
        if shutil.which(name):
            return shutil.which(name)
    if named:
        raise FileNotFoundError(f"CHROMIUM={named} is no program")
    raise FileNotFoundError("no Chromium or Chrome on the path: name it in CHROMIUM")


def print_page(source, target, query=""):
    """Let a browser print a page into a PDF.

    Raises
    ------
    FileNotFoundError
        If there is no browser.
    RuntimeError
        If it prints nothing.
    """
    target.unlink(missing_ok=True)
    address = source.as_uri() + query
    command = [find_browser(), *FLAGS, f"--print-to-pdf={target}", address]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if not target.is_file():
        raise RuntimeError(f"{command[0]} printed nothing: {done.stderr.strip()}")
