"""The courier: sends a running worker's notices, from a process of its own.

It exists so that no claim ever waits for Slack: the worker only writes notices down, and what a send costs, where it hangs
or how it dies is another process's.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading

from shared.errors import RelayError
from shared.notices import Post, is_due

_LOOKED_EVERY = 2.0  # seconds; a look lists a folder of this machine
_SENDING, _HANGING = 20.0, 60.0


class Courier:
    """At work from its making until it is told to leave."""

    def __init__(self, post: Post) -> None:
        self._post, self._leaving = post, threading.Event()
        threading.Thread(target=self._look_again_and_again, name="courier", daemon=True).start()

    def leave(self) -> None:
        """Look no more. A send that goes on ends by itself."""
        self._leaving.set()

    def _look_again_and_again(self) -> None:
        while not self._leaving.wait(_LOOKED_EVERY):
            with contextlib.suppress(OSError, RelayError, subprocess.SubprocessError):  # the next look tries again
                self._look()

    def _look(self) -> None:
        if not is_due(self._post):
            return
        words = [sys.executable, "-m", "pc", "notify", "send", "--seconds", f"{_SENDING:g}"]
        apart = os.name != "nt"  # a Ctrl-C is meant for the worker
        subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=apart, timeout=_HANGING, check=False
        )
