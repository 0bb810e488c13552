"""``python -m rnn_helpers`` says whether the course can run here, and what to mend."""

import sys

if __name__ == "__main__":
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]  # the current folder: no random.py in it is Python's own
    from rnn_helpers.doctor import main

    sys.exit(main())
