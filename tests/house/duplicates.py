"""Says where the code says the same thing twice: python -m tests.house.duplicates"""

from __future__ import annotations

import sys

from pylint.lint import Run

PACKAGES = ["outreach", "channels", "dialogs", "scheduler"]
#: Shorter likenesses are how Python looks; imports, signatures and prose do not count.
LINES = 8
OPTIONS = [
    "--disable=all",
    "--enable=duplicate-code",
    f"--min-similarity-lines={LINES}",
    "--ignore-imports=y",
    "--ignore-signatures=y",
    "--ignore-docstrings=y",
    "--ignore-comments=y",
    "--ignore-paths=.*/migrations/versions/.*",  # history repeats itself
    "--score=n",
]


def main() -> int:
    """0, or 1 after listing the places."""
    run = Run([*OPTIONS, *PACKAGES], exit=False)
    return int(run.linter.msg_status != 0)


if __name__ == "__main__":
    sys.exit(main())
