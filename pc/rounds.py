"""Rounds of sync for a running worker, one for each word it is told, in a process that may be ended at any moment.

It exists so that what hangs on a network is no thread of the worker; it ends with whoever speaks to it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import time

from pc.desk import Desk, enter, open_desk
from pc.listening import Wakefulness, listen
from pc.sync import side_of
from shared.config import Settings, load
from shared.errors import RelayError
from shared.events import Log
from shared.notices import hears, open_post
from shared.sync import one_round

_PRICES_EVERY = 600.0  # seconds; they change once a day
_GRACE = 10.0  # seconds for the round that goes on when the worker is gone


class Rounds:
    """What is kept from one round to the next."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._post = settings, open_post(settings)
        self._why = ""
        self._awake = Wakefulness(settings.carry_every)
        self._prices: threading.Thread | None = None
        self._prices_due = 0.0

    def round(self, aloud: bool) -> None:
        """Whatever goes wrong, the next one tries again; the same trouble is told once."""
        log = Log(self._settings.log_of("pc"), hears=hears(self._post))
        try:
            self._go(open_desk(self._settings, log), aloud)
            self._why = ""
        except (OSError, RelayError) as error:
            if str(error) != self._why:
                log.warning("SYNC_BROKEN_OFF", why=error, fix="it is tried again")
            self._why = str(error)

    def _go(self, desk: Desk, aloud: bool) -> None:
        enter(desk)
        if self._settings.there:
            one_round(side_of(desk, aloud))
        if self._settings.is_carried:
            listen(desk, self._post, self._awake.seconds())
        if time.monotonic() >= self._prices_due:
            self._prices_due = time.monotonic() + (_PRICES_EVERY if self._settings.there_data else 0.0)
            self._carry_prices(desk, wait=aloud)

    def _carry_prices(self, desk: Desk, wait: bool) -> None:
        """Beside the answers, which must not wait for them; a drain does wait: it runs on what they bring."""
        if self._prices is None or not self._prices.is_alive():
            self._prices = threading.Thread(target=_prices, args=(desk,), daemon=True)
            self._prices.start()
        if wait:
            self._prices.join()


def _prices(desk: Desk) -> None:
    """What goes wrong is in the log, as it says it itself."""
    with contextlib.suppress(OSError, RelayError):
        side_of(desk).prices(True)


def main() -> int:
    """A round for each line of standard input, answered by an empty one; the end of it is ours."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # whoever speaks to us knows better; what we start dies of it as usual
    told: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    rounds = Rounds(load())
    while word := told.get():
        rounds.round(aloud=word == b"aloud\n")
        with contextlib.suppress(OSError):
            os.write(1, b"\n")
    return 0


def _listen(told: queue.Queue[bytes]) -> None:
    """Hands on every line, and an empty one at the end. A worker that was killed leaves nothing behind: neither do we."""
    for line in iter(sys.stdin.buffer.readline, b""):
        told.put(line)
    told.put(b"")
    time.sleep(_GRACE)
    if os.name != "nt" and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
