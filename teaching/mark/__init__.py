"""Marks for hand-ins, by the checks of the released notebooks.

``python -m teaching.mark --help`` says what counts, and what it is not good for.
"""
