"""The day in a few lines, from this machine's own record of what was told.

It exists because silence may mean that all is well or that nothing works; one line a day says which.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any, Dict, List, Tuple

from shared.notices.layout import FIELDS, PHONE, cut
from shared.notices.loudness import OF_EVENTS
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.standing import standing, still_open
from shared.notices.words import event_name, word

_BACKTESTS = {"BACKTEST_COMPLETED": "completed", "BACKTEST_FAILED": "failed", "BACKTEST_SKIPPED": "skipped"}
_REFUSED = "PUBLICATION_REFUSED"
_SHOWN_OPEN, _REMARKS = 3, 20
_SIGNS = {"ERROR": "❌", "WARNING": "⚠️"}
Row = Dict[str, Any]


def digest_of(post: Post, day: str) -> Notice:
    """That day, like 2026-11-20: a line of each strategy and one of the operations, or that all was quiet."""
    rows = _rows(post, day)
    runs = [row for row in rows if row.get("event") in _BACKTESTS]
    refused = [row for row in rows if row.get("event") == _REFUSED]
    others = [row for row in rows if row.get("event") not in (*_BACKTESTS, _REFUSED, "DIGEST_COMPOSED")]
    troubles = [*_not_published(refused, post.language), *_troubles(post, runs, others)]
    head = word("digest" if troubles else "quiet", post.language)
    parts = [head, word("runs", post.language, len(runs) + len(refused))]
    data = max((str(row["data_to"]) for row in runs if row.get("data_to")), default="")
    parts += [word("data", post.language, data[5:] or data)] if data else []
    line = " · ".join([*parts, *troubles])
    return Notice(
        event="DIGEST_COMPOSED",
        level="WARNING" if troubles else "INFO",
        title=" · ".join(parts),
        day=day,
        identity=hashlib.sha256(f"{day}{line}{[row['id'] for row in (*runs, *refused, *others)]}".encode()).hexdigest(),
        summary=line,
        opening=line,
        facts=dict(_strategies(runs, post.language)),
        remarks=_remarks([row for row in rows if _is_trouble(row)], post.language),
    )


def _not_published(refused: List[Row], language: str) -> List[str]:
    """What ran and is shown nowhere."""
    return [word("refused", language, len(refused))] if refused else []


def _troubles(post: Post, runs: List[Row], others: List[Row]) -> List[str]:
    """What a person should look at; what came and went is told, but is none any more."""
    say, found = post.language, []
    now = standing(post)
    failed = sum(row["event"] == "BACKTEST_FAILED" for row in runs)
    counts = Counter(str(row.get("level")) for row in others)
    for key, count in (("failed", failed), ("errors", counts["ERROR"]), ("warnings", counts["WARNING"])):
        found += [word(key, say, count)] if count else []
    still = list(dict.fromkeys(event_name(notice.event, say) for notice in still_open(post)))
    found += [word("open", say, _some(still, _SHOWN_OPEN, say))] if still else []
    stuck = now.waiting if now.refused or now.why or now.problems else 0
    return found + ([word("unsent", say, stuck)] if stuck else [])


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
    """What is alike once, and how often; failed answers first: each is something to look at."""
    first = sorted(rows, key=lambda row: row.get("event") != "BACKTEST_FAILED")
    counts = Counter(_remark(row, language) for row in first)
    told = [remark if times == 1 else word("counted", language, remark, times) for remark, times in counts.items()]
    return tuple(told if len(told) <= _REMARKS else [*told[:_REMARKS], word("more", language, len(told) - _REMARKS)])


def _remark(row: Row, language: str) -> str:
    """What happened in the reader's words, then as it was told, which may be in another language; and how to look at it."""
    look = f" · python -m nas show {row['about']}" if row.get("about") else ""
    return f"{_SIGNS[str(row['level'])]} {event_name(str(row.get('event')), language)} “{_quoted(row)}”{look}"


def _quoted(row: Row) -> str:
    """Of what, and why; the title of a log line says its event again, where that has a name of its own."""
    is_named = row.get("logged") and row.get("event") in OF_EVENTS and row.get("cause")
    parts = [row.get("subject") or ("" if is_named else row.get("title")), row.get("cause")]
    return cut(" — ".join(str(part) for part in parts if part), PHONE)


def _some(names: List[str], most: int, language: str) -> str:
    more = [word("more", language, len(names) - most)] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def _rows(post: Post, day: str) -> List[Row]:
    """What was told on that day, each once: a kill may have written a line twice, or half of one."""
    rows = [_row(line) for line in _lines(post, day)]
    return list({row["id"]: row for row in rows if row.get("loudness") != "off" and not row.get("recovers")}.values())


def _row(line: str) -> Row:
    """What is no line of ours counts for nothing."""
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    return row if isinstance(row, dict) and "id" in row else {"id": "", "recovers": True}


def _lines(post: Post, day: str) -> List[str]:
    try:
        return (post.alerts / f"alerts_{day}.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
