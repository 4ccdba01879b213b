"""The day in a few lines, from this machine's own record of what was told.

It exists because silence may mean that all is well or that nothing works; one line a day says which.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any, Dict, List

from shared.notices.layout import FIELDS
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.standing import standing
from shared.notices.words import word

_BACKTESTS = {"BACKTEST_COMPLETED": "completed", "BACKTEST_FAILED": "failed", "BACKTEST_SKIPPED": "skipped"}
_REFUSED = "PUBLICATION_REFUSED"
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
        remarks=tuple(dict.fromkeys(_headline(row) for row in (*refused, *others) if row.get("level") != "INFO"))[:20],
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
    found += [word("open", say, ", ".join(now.incidents[:3]))] if now.incidents else []
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


def _headline(row: Row) -> str:
    cause = f" — {row['cause']}" if row.get("cause") else ""
    return f"[{row.get('level')}] {row.get('title')}{cause}"


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
