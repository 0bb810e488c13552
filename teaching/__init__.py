"""For those who teach from the course and publish it.

No notebook imports it, and no wheel holds it: it works from a checkout.
"""
