"""Decks, pages and the cheat sheet, made from the stored notebooks of a checkout.

``python -m teaching.publish`` writes them to ``site/``. Needs node and npm, which
bring reveal.js and KaTeX, and a Chromium for the PDFs.
"""
