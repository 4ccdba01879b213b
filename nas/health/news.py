"""What is broken and was not before: one notice with the list; and its end, once nothing of it is broken any more.

It exists so that a healthcheck every hour tells a full disk once, and what broke since then too.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Dict, List, NamedTuple, Tuple

from nas.health.words import name_of, say
from shared import clock
from shared.config import Settings
from shared.disk import Disk
from shared.found import BAD, Found
from shared.kept import facts_in, keep
from shared.notices import Notice, open_post, send_due, tell

_EVENT = "HEALTH_TROUBLED"
_SECONDS = 5.0
Open = Dict[str, List[str]]  # by what began it: what of it is still broken


class News(NamedTuple):
    """`begun` was not told before, under `key`; of `over` nothing is broken any more; `still` is what to remember."""

    begun: List[str]
    key: str
    over: List[str]
    still: Open


def news_of(told: Open, broken: List[str], at: datetime) -> News:
    """What was told once is not told again while it lasts; what was mended and breaks again is news."""
    still = {key: [name for name in names if name in broken] for key, names in told.items()}
    over = sorted(key for key, names in still.items() if not names)
    still = {key: names for key, names in still.items() if names}
    known = {name for names in still.values() for name in names}
    begun = [name for name in broken if name not in known]
    # RACE: killed between telling and keeping, the next start tells the same under the same key, and it is one message still.
    key = f"healthcheck {at:%Y-%m-%d} {' '.join(begun)}"
    return News(begun, key, over, {**still, key: begun} if begun else still)


def bring_news(settings: Settings, found: List[Found], at: datetime) -> bool:
    """Tell what is new, and what is over. False where it could not be kept: then somebody else must tell."""
    disk, file = Disk(settings.durable), settings.data / "health.json"
    broken = {one.check: one for one in found if one.verdict == BAD}
    with contextlib.suppress(OSError):
        told = _open(disk.read(file).data if disk.exists(file) else b"{}")
        news = news_of(told, list(broken), at)
        _tell(settings, news, told, broken)
        keep(disk, file, {"open": news.still, "at": clock.iso(at)})
        return True
    return False


def _tell(settings: Settings, news: News, told: Open, broken: Dict[str, Found]) -> None:
    """Of an end: "nothing wrong" only where nothing is; else what it was that is over."""
    post = open_post(settings)
    for key in news.over:
        names = ", ".join(name_of(one, settings.language) for one in told[key])
        over = say("over_of_some", names=names) if broken else say("over")
        title = over.in_language(settings.language)
        tell(post, Notice(event=_EVENT, level="INFO", title=title, key=key, recovers=True))
    if news.begun:
        tell(post, _notice([broken[name] for name in news.begun], news.key, settings.language))
    if news.over or news.begun:
        send_due(post, _SECONDS)


def _notice(found: List[Found], key: str, language: str) -> Notice:
    said = [one.said.in_language(language) for one in found]
    fixes = list(dict.fromkeys(one.fix.in_language(language) for one in found if any(one.fix)))
    return Notice(
        event=_EVENT,
        level="ERROR",
        title=say("title", count=len(found)).in_language(language),
        cause=said[0] if len(said) == 1 else "",
        key=key,
        remarks=tuple(f"✗ {one}" for one in said) if len(said) > 1 else (),
        fix=" · ".join([*fixes[:2], "python -m nas run healthcheck"]),
    )


def _open(data: bytes) -> Open:
    """What was told and is not over; nothing of a torn note."""
    told = facts_in(data).get("open")
    pairs: List[Tuple[str, object]] = list(told.items()) if isinstance(told, dict) else []
    return {key: [str(name) for name in names] for key, names in pairs if isinstance(names, list)}
