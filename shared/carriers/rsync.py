"""Carrying by rsync, over ssh, to an rsync daemon, or to a folder.

It exists because every NAS has rsync, and because its exit codes say different things that need different hands.
"""

from __future__ import annotations

import contextlib
import random
import re
import shlex
import subprocess
import time
from pathlib import Path, PurePosixPath
from typing import Dict, List, Sequence, Set, Type

from shared.carriers import PASSWORD, CarryBroken, CarryPartial, CarryRefused, There, ThereAway
from shared.carriers._ssh import is_full, quiet, refuses
from shared.errors import RelayError
from shared.masking import masked_as

PACE = 0.0
EVERY = 10.0  # every look is a connection, and a line in the other side's log
_TRIES, _FIRST_PAUSE = 3, 0.4
_VANISHED = 24  # a file went away while it was being read: the next time finds it, or does not need to
_REFUSED, _BROKEN, _PARTIAL = (1, 2, 4, 5, 6), (3, 11, 13, 14, 21, 22, 126, 127), (23, 25)  # all others: away, or cut
_MISSING = re.compile(
    r"rsync: (?:command )?not found|command not found: rsync|rsync: no such file|no such command: rsync|"
    r"unknown command: rsync|'rsync' is not recognized",
    re.IGNORECASE,
)
_SSH = (12, 255)  # ssh ended it; rsync tells the one or the other, whichever it sees first
_CUT = re.compile(r"did not see server greeting|connection unexpectedly closed|connection reset")
_NO_SHELL_HERE, _NO_PASSWORD = "Failed to exec", "@ERROR: auth failed"
_NO_FOLDER = re.compile(r"(?:change_dir|mkdir) .*failed: ")
_ROW = re.compile(r"([-d])\S{9,} +[-\d.,]+ \S+ \S+ (.*)", re.DOTALL | re.ASCII)  # folders and plain files, no links
_ESCAPED = re.compile(r"\\#([0-7]{3})")
_FIXES: Dict[Type[RelayError], str] = {
    ThereAway: "it is tried again the next time; is the other machine awake, and its ssh or rsync daemon running?",
    CarryRefused: "try `there` and `carry_shell` by hand: the key, the password, the module's name",
    CarryBroken: "look for room and rights in the folder it names, and at `there`; `python -m nas init` makes it on that side",
    CarryPartial: "look for the rights of the files it names",
}
_NO_SHELL = "install ssh here, or correct `carry_shell`"
_INSTALL = "install rsync on the other side (`opkg install rsync`, `apt install rsync`), where its ssh login finds it"


def reach(there: There) -> None:
    """List the root itself."""
    names(there, ())


def names(there: There, patterns: Sequence[str]) -> List[str]:
    """One listing over the wire, whatever is asked for."""
    wanted = [word for pattern in _with_parents(patterns) for word in ("--include", f"/{pattern}")]
    listed = _rsync(there, "-r", "--list-only", "--no-h", *wanted, "--exclude", "*", "--", _root(there))[-1]
    found = [_plain(row[2]) + ("/" if row[1] == "d" else "") for row in map(_ROW.fullmatch, _rows(listed)) if row]
    return [name for name in found if name != "./"]


def unsent(names: Sequence[str], here: Path, there: There) -> List[str]:
    """All of them: rsync finds out while it sends."""
    return list(names)


def send(names: Sequence[str], here: Path, there: There) -> List[str]:
    """Each file appears by a rename on the other side."""
    moved = _move(names, f"{here}/", _root(there), there)
    return [name for name in names if name in moved]


def bring(names: Sequence[str], there: There, here: Path) -> bool:
    """Each file appears by a rename on this side; there is one of each."""
    _move(names, _root(there), f"{here}/", there)
    return False


def landing(there: There, folder: str) -> There:
    """A folder of the other root; rsync makes its last part."""
    return there._replace(address=f"{_root(there)}{folder}")


def carries(name: str, size: int) -> bool:
    """Everything."""
    return True


def _move(names: Sequence[str], source: str, target: str, there: There) -> Set[str]:
    """What was moved, each file and every folder around it; by all of the tries, as what went in one lies there in the next."""
    # Neither links nor devices nor owners: an answer is plain files. Dates only so that rsync knows what it has already.
    options = ("-rt", "--omit-dir-times", "--ignore-missing-args", "--files-from=-", "--from0", "--out-format=%n")
    data = "\0".join(names).encode("utf-8", "surrogateescape")
    told = [row for printed in _rsync(there, *options, "--", source, target, data=data) for row in _rows(printed) if row]
    files = [_plain(row) for row in told if not row.endswith("/")]
    return {part for file in files for part in (file, *(str(folder) for folder in PurePosixPath(file).parents))}


def _rows(printed: bytes) -> List[str]:
    """Only where rsync itself ends a row: a name may hold any other sign that some call the end of a line."""
    return printed.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")


def _rsync(there: There, *words: str, data: bytes = b"") -> List[bytes]:
    """What it printed in each try; tried again where the connection may come back."""
    printed: List[bytes] = []
    for attempt in range(1, _TRIES):
        with contextlib.suppress(ThereAway, CarryPartial):
            return _once(there, words, data, printed)
        time.sleep(_FIRST_PAUSE * attempt * random.uniform(0.5, 1.5))
    return _once(there, words, data, printed)


def _once(there: There, words: Sequence[str], data: bytes, printed: List[bytes]) -> List[bytes]:
    command = ["rsync", f"--timeout={int(there.seconds)}", "-8", *_way(there), *words]
    try:
        done = subprocess.run(command, input=data, capture_output=True, env=dict(there.environment), check=False)
    except FileNotFoundError as error:
        raise CarryBroken(f"carrying to or from {there.address}", "there is no program rsync here", "install rsync") from error
    printed.append(done.stdout)
    if done.returncode in (0, _VANISHED):
        return printed
    said = done.stderr.decode("utf-8", "replace")
    kind = _kind(done.returncode, said)
    found, fix = f"rsync ended with {done.returncode}: {_told(there, said)}", _fix(there, kind, said)
    raise kind(f"carrying to or from {there.address}", found, fix)


def _way(there: There) -> List[str]:
    if there.address.startswith("rsync://") or "::" in there.address:
        return [f"--contimeout={min(10, int(there.seconds))}"]
    return ["-e", " ".join(map(shlex.quote, [*shlex.split(there.shell), *quiet(there.shell)]))]


def _kind(code: int, said: str) -> Type[RelayError]:
    # Before what was cut: whoever finds no room, no folder or no program over there ends the connection, too.
    if is_full(said) or _MISSING.search(said) or _NO_FOLDER.search(said) or _NO_SHELL_HERE in said:
        return CarryBroken
    if code in _SSH and refuses(said):
        return CarryRefused
    if _CUT.search(said):  # also by ssh, after it said why
        return ThereAway
    if code in _REFUSED:
        return CarryRefused
    if code in _BROKEN:
        return CarryBroken
    return CarryPartial if code in _PARTIAL else ThereAway


def _fix(there: There, kind: Type[RelayError], said: str) -> str:
    if _NO_SHELL_HERE in said:
        return _NO_SHELL
    if _NO_PASSWORD in said:
        return f"the password of the user `there` names belongs on the one line of {there.password_file}, readable by you alone"
    return _INSTALL if _MISSING.search(said) else _FIXES[kind]


def _told(there: There, said: str) -> str:
    """The first thing it complained about; the last line only repeats the number, and ssh warns of what it does anyway."""
    said = masked_as(there.environment.get(PASSWORD, ""), said)
    said = said.replace("Password: ", "")  # asked of nobody
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(("rsync error:", "Warning:", "@@@"))]
    words = (lines or said.splitlines() or ["it said nothing"])[0].split()
    return " ".join(word for word in words if word != "@")[:300]  # ssh puts its warnings into a box of these


def _root(there: There) -> str:
    return there.address.rstrip("/") + "/"


def _with_parents(patterns: Sequence[str]) -> List[str]:
    """`done/*/` needs `done/` to be looked into."""
    found: Set[str] = set()
    for pattern in patterns:
        parts = pattern.rstrip("/").split("/")
        found |= {"/".join(parts[: length + 1]) + "/" for length in range(len(parts) - 1)} | {pattern}
    return sorted(found)


def _plain(name: str) -> str:
    return _ESCAPED.sub(lambda sign: chr(int(sign[1], 8)), name)
