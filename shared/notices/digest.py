"""The day in a few lines, from this machine's own record of what was told.

It exists because silence may mean that all is well or that nothing works; one line a day says which.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Dict, List, NamedTuple, Sequence, Tuple

from shared.notices.layout import FIELDS, PHONE, cut
from shared.notices.loudness import OF_EVENTS
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.record import IsWhole, Row, day_of
from shared.notices.standing import standing, still_open
from shared.notices.words import event_name, word

_BACKTESTS = {"BACKTEST_COMPLETED": "completed", "BACKTEST_FAILED": "failed", "BACKTEST_SKIPPED": "skipped"}
_REFUSED = "PUBLICATION_REFUSED"
_SHOWN_OPEN, _REMARKS = 3, 20
_SIGNS = {"ERROR": "❌", "WARNING": "⚠️"}


class Besides(NamedTuple):
    """What was told in no notice and belongs to the day: in a few words each, and as a sentence each. `runs` are rows of answers
    the other side told of."""

    troubles: Sequence[str] = ()
    remarks: Sequence[str] = ()
    runs: Sequence[Row] = ()


_NOTHING = Besides()


def digest_of(post: Post, day: str, is_whole: IsWhole = lambda request_id: False, besides: Besides = _NOTHING) -> Notice:
    """That day, like 2026-11-20: a line of each strategy and one of the operations, or that all was quiet. `is_whole` says of an
    answer that was damaged whether it is whole by now."""
    rows, over = day_of(post, day, is_whole)
    own = [row for row in rows if row.get("event") in _BACKTESTS]
    theirs = [] if own else list(besides.runs)
    runs = own or theirs
    refused = [row for row in rows if row.get("event") == _REFUSED]
    wanting = [row for row in rows if _is_trouble(row) and row["id"] not in over]
    failed_there = [row for row in theirs if row.get("event") == "BACKTEST_FAILED"]
    troubles = [*_troubles(post, [*wanting, *failed_there]), *besides.troubles]
    parts = [word("digest" if troubles else "quiet", post.language), word("runs", post.language, len(runs) + len(refused))]
    data = max((str(row["data_to"]) for row in runs if row.get("data_to")), default="")
    parts += [word("data", post.language, data[5:] or data)] if data else []
    past = _past([row for row in rows if row["id"] in over], post.language)
    line = " · ".join([*parts, *troubles, *past])
    told = [row["id"] for row in rows if row.get("event") != "DIGEST_COMPOSED"]
    return Notice(
        event="DIGEST_COMPOSED",
        level="WARNING" if troubles else "INFO",
        title=" · ".join(parts),
        day=day,
        identity=hashlib.sha256(f"{day}{line}{told}".encode()).hexdigest(),
        summary=line,
        opening=line,
        facts=dict(_strategies(runs, post.language)),
        remarks=(*_remarks(wanting, post.language), *besides.remarks, *(f"✅ {one}" for one in past)),
    )


def _troubles(post: Post, wanting: List[Row]) -> List[str]:
    """What still wants a hand, in numbers."""
    say, now = post.language, standing(post)
    events = Counter(str(row.get("event")) for row in wanting)
    others = [row for row in wanting if row.get("event") not in (*_BACKTESTS, _REFUSED)]
    levels = Counter(str(row.get("level")) for row in others)
    stuck = now.waiting if now.refused or now.why or now.problems else 0
    counted = [("refused", events[_REFUSED]), ("failed", events["BACKTEST_FAILED"])]
    counted += [("errors", levels["ERROR"]), ("warnings", levels["WARNING"])]
    found = [word(key, say, count) for key, count in counted if count]
    return [*found, *_still_open(post), *([word("unsent", say, stuck)] if stuck else [])]


def _still_open(post: Post) -> List[str]:
    """Incidents, of whichever day; a failed answer is its own day's."""
    found = [notice for notice in still_open(post) if notice.event != "BACKTEST_FAILED"]
    names = list(dict.fromkeys(_name_of(notice, post.language) for notice in found))
    return [word("open", post.language, _some(names, _SHOWN_OPEN, post.language))] if names else []


def _name_of(notice: Notice, language: str) -> str:
    """Its event in the reader's words, and the job where it is one's."""
    job = _job_in(notice.title) if notice.logged else ""
    return ": ".join(part for part in (event_name(notice.event, language), job) if part)


def _job_in(title: str) -> str:
    """The title of a log line says its event, then its job."""
    return title.partition(": ")[2]


def _past(rows: List[Row], language: str) -> List[str]:
    """How many incidents came and went: each is one, however often it was told."""
    incidents = {(row.get("event"), row.get("key") or row["id"]) for row in rows}
    return [word("past", language, len(incidents))] if incidents else []


def _strategies(runs: List[Row], language: str) -> List["tuple[str, str]"]:
    counts: Dict[str, "Counter[str]"] = {}
    for row in runs:
        counts.setdefault(str(row.get("subject") or "-"), Counter())[_BACKTESTS[row["event"]]] += 1
    told = [
        (subject, " · ".join(word(key, language, count[key]) for key in _BACKTESTS.values() if count[key]))
        for subject, count in sorted(counts.items())
    ]
    return told[:FIELDS]


def _is_trouble(row: Row) -> bool:
    return row.get("level") in _SIGNS and row.get("event") not in ("BACKTEST_COMPLETED", "DIGEST_COMPOSED")


def _remarks(rows: List[Row], language: str) -> Tuple[str, ...]:
    """What is alike once, and how often; failed answers first, as each is something to look at, then errors."""
    first = sorted(rows, key=lambda row: (row.get("event") != "BACKTEST_FAILED", row.get("level") != "ERROR"))
    counts = Counter(_remark(row, language) for row in first)
    told = [remark if times == 1 else word("counted", language, remark, times) for remark, times in counts.items()]
    return tuple(told if len(told) <= _REMARKS else [*told[:_REMARKS], word("more", language, len(told) - _REMARKS)])


def _remark(row: Row, language: str) -> str:
    """What happened in the reader's words, then as it was told, which may be in another language; and how to look at it."""
    look = f" · python -m nas show {row['about']}" if row.get("about") else ""
    return f"{_SIGNS[str(row['level'])]} {event_name(str(row.get('event')), language)} “{_quoted(row)}”{look}"


def _quoted(row: Row) -> str:
    """Of what, and why; the title of a log line says its event again, where that has a name of its own: then its job is left."""
    is_named, title = row.get("logged") and row.get("event") in OF_EVENTS and row.get("cause"), str(row.get("title") or "")
    parts = [row.get("subject") or (_job_in(title) if is_named else title), row.get("cause")]
    return cut(" — ".join(str(part) for part in parts if part), PHONE)


def _some(names: List[str], most: int, language: str) -> str:
    more = [word("more", language, len(names) - most)] if len(names) > most else []
    return ", ".join([*names[:most], *more])
