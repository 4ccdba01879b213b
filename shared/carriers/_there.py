"""The other side as a carrier sees it, and the carrier bound to it.

It exists so that sync says `bring these names` and never how.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Protocol, Sequence, cast

from shared.catalog import Catalog
from shared.config import Settings
from shared.disk import Disk
from shared.errors import SettingInvalid
from shared.private import secret_in

PASSWORD = "RSYNC_PASSWORD"  # noqa: S105 - the name of a variable and of a file, as rsync calls it


DEEPEST = 32  # folders within folders; what lies deeper is nobody's file


class There(NamedTuple):
    """Where the other root is, and what it takes to get there."""

    address: str
    shell: str
    seconds: float  # without progress; a program that tells of none gets several times as long in all
    scratch: Path  # a local folder for the carrier's own
    writer: str  # who we are, for a carrier that gives every writer a room of its own
    environment: Mapping[str, str]  # what a program we start gets, passwords too
    disk: Disk  # how the files of this machine are touched
    password_file: Path = Path(PASSWORD)  # where the password for an rsync daemon is looked for
    turn: int = 0  # whose of several copies is wanted, where several may write there


class _Part(Protocol):
    PACE: float
    EVERY: float

    def reach(self, there: There) -> None: ...
    def names(self, there: There, patterns: Sequence[str]) -> List[str]: ...
    def unsent(self, names: Sequence[str], here: Path, there: There) -> List[str]: ...
    def send(self, names: Sequence[str], here: Path, there: There) -> List[str]: ...
    def bring(self, names: Sequence[str], there: There, here: Path) -> bool: ...
    def landing(self, there: There, folder: str) -> There: ...
    def carries(self, name: str, size: int) -> bool: ...


class Carrier:
    """One way to one other root."""

    def __init__(self, part: _Part, there: There) -> None:
        self._part, self.there = part, there
        self.pace = part.PACE  # how many seconds apart what is of no lasting worth should be sent
        self.every = part.EVERY  # how many seconds apart whoever waits for news should look

    def reach(self) -> None:
        """Ask whether the other root is there; one of the failures where it is not."""
        self._part.reach(self.there)

    def names(self, *patterns: str) -> List[str]:
        """What lies there under these patterns, folders with a slash at their end. `*` stands for one name."""
        return self._part.names(self.there, patterns)

    def unsent(self, names: Sequence[str], here: Path) -> List[str]:
        """Those that may be news there, by the last look: the others are known to lie there as they are here."""
        return self._part.unsent(names, here, self.there) if names else []

    def send(self, names: Sequence[str], here: Path) -> List[str]:
        """These files, or whole folders, from here to there, under the same names; what is gone by now is left out. Those of
        which anything really went: what lay there already did not."""
        return self._part.send(names, here, self.there) if names else []

    def bring(self, names: Sequence[str], here: Path) -> bool:
        """The same from there to here, a folder named with a slash at its end. Each file is whole when it appears under its
        name. Whether somebody else has another one of these, to be had by `other`."""
        return bool(names) and self._part.bring(names, self.there, here)

    def other(self) -> "Carrier":
        """The same way; of what several have, the next one's."""
        return Carrier(self._part, self.there._replace(turn=self.there.turn + 1))

    def landing(self, folder: str) -> "Carrier":
        """The same way, to a folder in the other root where half a delivery harms nobody."""
        return Carrier(self._part, self._part.landing(self.there, folder))

    def carries(self, name: str, size: int) -> bool:
        """Whether it takes such a file at all."""
        return self._part.carries(name, size)


def open_carrier(settings: Settings, address: str, writer: str, disk: Disk) -> Carrier:
    """The carrier of the settings, to that root; nothing is asked yet."""
    if address.startswith("-") or "\0" in address or "\n" in address:
        raise SettingInvalid("opening the carrier", f"{address!r} is no address", "docs/commands.md says how `there` is written")
    _require_words(settings.carry_shell)
    scratch = settings.data / "carriers"
    way = (address, settings.carry_shell, settings.carry_seconds)
    there = There(*way, scratch, writer, _environment(settings), disk, settings.private / PASSWORD)
    return Carrier(cast(_Part, Catalog("shared.carriers").load(settings.carrier)), there)


def _require_words(shell: str) -> None:
    try:
        shlex.split(shell)
    except ValueError as error:
        fix = 'close its quotes, or double what is no quote: `ssh -i "my key"`'
        raise SettingInvalid("opening the carrier", f"carry_shell: {error}", fix) from error


def _environment(settings: Settings) -> Dict[str, str]:
    """What programs we start may know: all of ours, words in English, and the password somebody put aside for them."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    told.update(LC_ALL="C", LANGUAGE="C")
    password = "" if told.get(PASSWORD) or settings.carrier != "rsync" else secret_in(settings.private / PASSWORD)
    if password:
        told[PASSWORD] = password
    return told
