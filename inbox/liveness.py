"""A worker's incarnation (one process start), its heartbeat, and whether another incarnation is dead.

It exists because only the file server's clock is the same for everybody: ages are differences of mtimes on the share.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional, Tuple

from inbox import names
from inbox.folders import ALIVE, Inbox
from inbox.ids import safe_id
from inbox.sign import Progress, Sign, sign_of
from shared import clock, machine
from shared.document import written
from shared.errors import RelayError, ShareUnreachable
from shared.version import PROTOCOL, version

_LOOK_FRESH_ENOUGH = 0.5


class DeclaredDead(RelayError):
    """Our folder is gone: we were silent for longer than our lease, and others took over."""

    code = "E-DECLARED-DEAD"
    exit_code = 2


class Incarnation:
    """This process as the folder knows it: `running/<worker>~<nonce>/`.

    `former` are the incarnations this very process was before: their runs were ended with them."""

    def __init__(
        self,
        inbox: Inbox,
        worker: str,
        lease: float,
        ticks: Callable[[], float] = time.monotonic,
        former: Iterable[str] = (),
    ) -> None:
        self.process = machine.this_process()
        self.worker = safe_id(worker)
        self.name = names.incarnation_name(self.worker)
        self.folder = inbox.running / self.name
        self.inbox, self.lease, self.ticks = inbox, lease, ticks
        self.shown: List[Progress] = []  # what runs, as the last beat showed it
        self._former = frozenset(former)
        self._beats = 0
        self.botched: Dict[str, Tuple[int, str]] = {}  # of which id which claim, see `botch`
        self._server, self._local = 0.0, 0.0
        self._appear()

    def _appear(self) -> None:
        disk = self.inbox.disk
        try:
            disk.add_folder(self.folder)
            disk.put(self.folder / ALIVE, self._content([]))
            # Without it the folder's own time would count, which is new with every request that is taken out of it.
            disk.flush_folder(self.folder)
            self.beat()
        except OSError:
            # A folder with a torn `alive` names no process: it would lie there for a lease, one for every try on a full disk.
            with contextlib.suppress(OSError):
                disk.remove_tree(self.folder)
            raise

    def beat(self, runs: Optional[List[Progress]] = None) -> float:
        """Show that we live and what runs; returns the file server's time. Raises DeclaredDead when others buried us."""
        runs = self.shown if runs is None else runs
        try:
            self._server = self.inbox.disk.overwrite(self.folder / ALIVE, self._content(runs))
        except FileNotFoundError as error:
            raise DeclaredDead(f"worker {self.name} shows that it is alive", "its folder is gone") from error
        self._local, self.shown = self.ticks(), runs
        return self._server

    def now(self) -> float:
        """The file server's time, from the last beat onward by our own monotonic clock."""
        return self._server + (self.ticks() - self._local)

    def since_beat(self) -> float:
        """Seconds since the last beat, as far as our own clock ran."""
        return self.ticks() - self._local

    def is_dead(self, incarnation: str) -> bool:
        """Whether that incarnation will not come back: its process is gone, or its heartbeat is older than its lease."""
        if incarnation == self.name:
            return False
        if incarnation in self._former:
            return True
        sign = sign_of(self.inbox, incarnation)
        if sign is None or machine.is_gone(sign.process):
            return True
        lease = sign.lease or self.lease
        if sign.seen > self.now() + clock.SKEW and sign.seen > self._fresh_now() + clock.SKEW:
            self._date_anew(incarnation)
            return False
        # RACE: our idea of now may be stale after a sleep of this machine, so it is asked anew before anybody is called dead.
        return self.now() - sign.seen > lease and self._fresh_now() - _seen_again(self.inbox, incarnation, sign) > lease

    def _date_anew(self, incarnation: str) -> None:
        """A sign of life from the future counts from now on: whoever lives beats again, and of the dead a lease is enough."""
        alive = self.inbox.running / incarnation / ALIVE
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            self.inbox.disk.overwrite(alive, self.inbox.disk.read(alive, 1 << 20).data)

    def botch(self, request_id: str, attempt: int, nonce: str) -> None:
        """We created that claim and got no further: only we know. `nonce` is empty where not even its content is whole."""
        self.botched[request_id] = (attempt, nonce)

    def leave(self) -> None:
        """Remove the own folder; kept if a request still lies in it."""
        disk = self.inbox.disk
        if disk.names(self.folder) in ([], [ALIVE]):
            disk.remove(self.folder / ALIVE)
            disk.remove_folder(self.folder)

    def _fresh_now(self) -> float:
        return self.now() if self.since_beat() < _LOOK_FRESH_ENOUGH else self.beat()

    def _content(self, runs: List[Progress]) -> bytes:
        self._beats += 1  # so that a copy elsewhere tells by its content that we lived: dates do not survive every journey
        who = {"worker": self.worker, **self.process._asdict(), "lease": self.lease, "beats": self._beats}
        speaks = {"version": version(), "protocol": PROTOCOL}  # so that the other side can compare
        return written({**who, **speaks, "runs": [run._asdict() for run in runs]})


def server_now(inbox: Inbox) -> Optional[float]:
    """The file server's time for somebody who is no worker; None where nothing may be written."""
    probe = Path(f"{inbox.running}/.clock-{os.urandom(4).hex()}.tmp")
    try:
        inbox.disk.put(probe, b"")
        now = inbox.disk.mtime(probe)
        inbox.disk.remove(probe)
    except OSError:
        return None
    return now


def file_server_time(inbox: Inbox) -> float:
    """The same for somebody who cannot do without; ShareUnreachable where nothing may be written."""
    now = server_now(inbox)
    if now is None:
        fix = "mount the share, make room, or mend the permissions of running/"
        raise ShareUnreachable(f"asking for the file server's time in {inbox.running}", "no file can be written there", fix)
    return now


def _seen_again(inbox: Inbox, incarnation: str, sign: Sign) -> float:
    again = sign_of(inbox, incarnation)
    return again.seen if again else sign.seen
