"""Which files of this project made a number, and one hash over them.

It exists so that a result is taken for that of another run only where nothing that made it has changed since.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from shared.config import HOME

_ROOMS = ("pc/engine", "pc/report", "shared/market", "shared/krx_calendar")
_PAGES = (
    *(f"pc/{name}.py" for name in ("run", "scope", "at_hand", "own_defaults", "showing", "afresh", "sources")),
    *("inbox/request.py", "inbox/trading.py"),
)
_DATA = ("krx_market_rules.yaml", "krx_calendar.json")  # in configs, or, installed, in the rooms that read them
_IMPORT = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+((?:inbox|outbox|pc|shared)[\w.]*)(?:[ \t]+import[ \t]+(\([^)]*\)|[^\n]*))?", re.M
)


@functools.cache
def engine_sha256() -> str:
    """Of whatever of ours makes a number, as it was when this process first asked."""
    return _digest(_of_the_engine())


@functools.cache
def imports_sha256(strategy: Path, own_sha256: str) -> str:
    """Of a strategy, known by its own hash, and everything else it imports from this project, directly or not."""
    files, known = [strategy], set(_of_the_engine())
    for file in files:  # grows while it is walked
        files += [one for one in dict.fromkeys(_imported_by(file)) if one not in files and one not in known]
    return hashlib.sha256(f"{own_sha256} {_digest(files[1:])}".encode()).hexdigest()


def beside_sha256(strategy: Path) -> str:
    """Of every other module in a folder of a person's own: nobody knows which of them a strategy there imports."""
    if strategy.is_relative_to(HOME / "shared"):
        return ""
    others = [(one.name, one.read_bytes()) for one in sorted(strategy.parent.glob("*.py")) if one != strategy]
    return hashlib.sha256(repr(others).encode()).hexdigest()


def _of_the_engine() -> list[Path]:
    named = [*(HOME / name for name in _PAGES), *(HOME / "configs" / name for name in _DATA)]
    rooms = (one for room in _ROOMS for one in (HOME / room).rglob("*") if one.suffix == ".py" or one.name in _DATA)
    return [*rooms, *(HOME / "shared" / "strategies").glob("_*.py"), *(one for one in named if one.exists())]


def _imported_by(file: Path) -> Iterator[Path]:
    for module, names in _IMPORT.findall(file.read_text(encoding="utf-8")):
        inner = [f"{module}.{name}" for name in re.findall(r"\w+", names)]
        for dotted in (module, *inner):
            path = HOME.joinpath(*dotted.split("."))
            yield from (one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file())


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes().replace(b"\r\n", b"\n")  # a checkout on Windows is no other code
        digest.update(f"{file.relative_to(HOME).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()
