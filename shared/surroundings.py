"""What surrounds a program: the clock of this machine against the file server's, and what its console can show.

It exists because both are wrong without a word: a clock five minutes off, a console that shows `?` for Hangul.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any, Callable, Optional

from shared import clock
from shared.found import OK, WARN, Found
from shared.sayings import say

_LETTERS = "한글 ✓ ※ █ ·"


def clock_difference(server_now: Callable[[], Optional[float]], local: Callable[[], float] = time.time) -> Found:
    """How far this machine's clock is from the file server's; more than two seconds is to be mended."""
    before = local()
    there = server_now()
    apart = (before + local()) / 2 - (there or 0.0)
    if there is None:
        return Found("clock", WARN, say("clock_unknown"))
    if abs(apart) > clock.SKEW:
        return Found("clock", WARN, say("clock_apart", seconds=apart), say("clock_fix"))
    return Found("clock", OK, say("clock_ok", seconds=apart, zone=time.strftime("UTC%z")))


def console(stream: Any = None) -> Found:
    """Whether what we print can be shown; what cannot is a `?` there, never an error."""
    encoding = str(getattr(stream or sys.stdout, "encoding", None) or "ascii")
    lost = "".join(letter for letter in _LETTERS if letter.encode(encoding, "replace").decode(encoding, "replace") != letter)
    page = f"{encoding}{_code_page()}"
    if lost:
        return Found("console", WARN, say("console_bad", encoding=page, letters=lost), say("console_fix"))
    return Found("console", OK, say("console_ok", encoding=page))


def _code_page() -> str:
    """Windows' console has a page of its own; and PYTHONUTF8 where it is set."""
    said = f", PYTHONUTF8={os.environ['PYTHONUTF8']}" if os.environ.get("PYTHONUTF8") else ""
    if sys.platform == "win32":
        import ctypes

        said += f", code page {ctypes.windll.kernel32.GetConsoleOutputCP()}"
    return said
