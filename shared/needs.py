"""Whether this Python and its packages are what one side needs, and which extra a missing one belongs to.

It exists because the NAS and the PC need different things, and "no module named numpy" does not say what to install.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from importlib import metadata
from pathlib import Path
from typing import Iterable, List, NamedTuple, Optional, Tuple

from shared.config import HOME
from shared.found import BAD, OK, Found, worst
from shared.sayings import say
from shared.version import NAME

CORE = "core"
_OLDEST = {"nas": (3, 8), "pc": (3, 11)}
_EXTRAS = {"nas": (), "pc": ("backtest",)}
_NEED = re.compile(r"(?P<name>[\w.-]+)\s*(?P<bounds>[^;]*)(;(?P<marker>.*))?")
_Version = Tuple[int, ...]


class Need(NamedTuple):
    """One package, the extra it belongs to, and the oldest version that will do."""

    name: str
    extra: str
    at_least: str


def python(side: str, found: Optional[_Version] = None) -> Found:
    """Whether this Python is new enough for that side."""
    now, oldest = found or tuple(sys.version_info[:3]), _OLDEST[side]
    version, wanted = _dotted(now), _dotted(oldest)
    if now < oldest:
        return Found("python", BAD, say("python_old", version=version, wanted=wanted), say("python_fix", wanted=wanted))
    return Found("python", OK, say("python_ok", version=version, path=sys.executable))


def packages(side: str, needs: Optional[List[Need]] = None) -> Found:
    """Whether every package of that side's extras is installed, and new enough."""
    wanted = needs_of(side) if needs is None else needs
    file = f"requirements/{side}.txt"
    python_here = sys.executable if os.name == "nt" else shlex.quote(sys.executable)
    fix = say("packages_fix", python=python_here, file=file)
    lacking = [one._replace(fix=fix) for one in (_lacking(need) for need in wanted) if one]
    if lacking:
        return worst(lacking, "packages")
    extras = [f"{extra} {sum(need.extra == extra for need in wanted)}" for extra in dict.fromkeys(need.extra for need in wanted)]
    return Found("packages", OK, say("packages_ok", extras=", ".join(extras)))


def needs_of(side: str, checkout: Path = HOME) -> List[Need]:
    """What that side needs: by the checkout's pyproject.toml, else by what pip knows of the installed package."""
    wanted = (CORE, *_EXTRAS[side])
    try:
        stated = _of_checkout((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    except OSError:
        stated = _of_installed(metadata.requires(NAME) or ())
    return [need for need in stated if need.extra in wanted]


def _of_checkout(text: str) -> List[Need]:
    """Its two tables of plain strings; Python 3.8 has no reader of TOML."""
    found = []
    for name, block in re.findall(r"^([\w-]+) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL):
        extra = CORE if name == "dependencies" else name
        found += [_need(line, extra) for line in re.findall(r'^\s+"([^"]+)"', block, re.MULTILINE)]
    return [need for need in found if need]


def _of_installed(stated: Iterable[str]) -> List[Need]:
    found = []
    for line in stated:
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", line)
        found.append(_need(line, extra[1] if extra else CORE))
    return [need for need in found if need]


def _need(line: str, extra: str) -> Optional[Need]:
    """None where its marker says that this Python does not need it."""
    said = _NEED.match(line)
    if said is None:
        return None
    newer = re.search(r"python_version >= ['\"]([\d.]+)['\"]", said["marker"] or "")
    if newer and tuple(sys.version_info[:2]) < _numbers(newer[1]):
        return None
    at_least = re.search(r">=\s*([\d.]+)", said["bounds"])
    return Need(said["name"], extra, at_least[1] if at_least else "")


def _lacking(need: Need) -> Optional[Found]:
    try:
        found = metadata.version(need.name)
    except metadata.PackageNotFoundError:
        return Found("packages", BAD, say("package_missing", name=need.name, extra=need.extra))
    if _numbers(found) >= _numbers(need.at_least):
        return None
    facts = {"name": need.name, "found": found, "wanted": need.at_least, "extra": need.extra}
    return Found("packages", BAD, say("package_old", **facts))


def _numbers(version: str) -> _Version:
    leading = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in leading[0].split(".")) if leading else ()


def _dotted(version: _Version) -> str:
    return ".".join(str(part) for part in version)
