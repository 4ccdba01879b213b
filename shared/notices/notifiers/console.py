"""Notices on standard error, as a person or cron reads them.

It exists so that whoever has no Slack still sees what would be told there.
"""

from __future__ import annotations

import contextlib
import sys

from shared.notices import Letter, Post, plain_of
from shared.one_line import clean_lines

OUTSIDE = False


def is_on(post: Post) -> bool:
    """Always: there is nothing to set up."""
    return True


def address(post: Post) -> str:
    """Nowhere."""
    return ""


def edits(post: Post) -> bool:
    """What is printed stays."""
    return False


def notify(letter: Letter, post: Post) -> str:
    """Print it, unless a log line has said it or the event is turned off."""
    if not letter.notice.logged and post.rules.loudness(letter.notice) != "off":
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more: the terminal is gone, the pipe closed
            print(clean_lines(plain_of(letter)), file=sys.stderr, flush=True)
    return ""
