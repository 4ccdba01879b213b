"""This machine's record of what was told, read again: the rows of a day, and which of them are over.

It exists so that the digest tells what still wants a hand from what has passed, also where no Slack knows of incidents.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Tuple

from shared.notices.notice import Notice
from shared.notices.post import Post

Row = Dict[str, Any]
IsWhole = Callable[[str], bool]
OF_ONE_ANSWER = ("ANSWER_NOT_ARCHIVED", "ANSWER_REFUSED", "PUBLICATION_REFUSED")  # told once each: no notice ends them


class Day(NamedTuple):
    """What was told on a day, each once, and of what is over by now the ids."""

    rows: List[Row]
    over: List[str]


def day_of(post: Post, day: str, is_whole: IsWhole) -> Day:
    """That day's, like 2026-11-20. An incident is over once its last row is an end, whenever that came; a damaged answer once it
    is whole."""
    rows = [row for row in _each_once(_lines(post, day)) if row.get("loudness") != "off" and not row.get("recovers")]
    begun, ended = _last_times(_since(post, day))
    over = [row["id"] for row in rows if _has_ended(row, begun, ended) or _is_mended(row, is_whole)]
    return Day(rows, over)


def is_told_open(post: Post, notice: Notice) -> bool:
    """Whether, as told today and yesterday, the incident of that notice has not ended."""
    now, incident = post.now(), (notice.event, notice.key)
    lines = [line for day in (now - timedelta(days=1), now) for line in _lines(post, f"{day:%Y-%m-%d}") if notice.event in line]
    begun, ended = _last_times(_each_once(lines))
    return ended.get(incident, "") < begun.get(incident, "")


def _has_ended(row: Row, begun: Dict[Tuple[str, str], str], ended: Dict[Tuple[str, str], str]) -> bool:
    incident = _incident(row)
    return bool(row.get("key")) and ended.get(incident, "") > begun.get(incident, "")


def _is_mended(row: Row, is_whole: IsWhole) -> bool:
    is_damage = row.get("event") in OF_ONE_ANSWER and row.get("level") == "ERROR"
    return is_damage and bool(row.get("about")) and is_whole(str(row["about"]))


def _last_times(rows: Iterable[Row]) -> "Tuple[Dict[Tuple[str, str], str], Dict[Tuple[str, str], str]]":
    """Of each incident the id of what was told of it last, and of its last end; ids are in the order told."""
    begun: Dict[Tuple[str, str], str] = {}
    ended: Dict[Tuple[str, str], str] = {}
    for row in rows:
        if row.get("key"):
            of = ended if row.get("recovers") else begun
            of[_incident(row)] = max(of.get(_incident(row), ""), str(row["id"]))
    return begun, ended


def _incident(row: Row) -> Tuple[str, str]:
    return str(row.get("event")), str(row.get("key"))


def _since(post: Post, day: str) -> List[Row]:
    """Of that day and all after it."""
    names = sorted(path.name for path in post.alerts.glob("alerts_*.jsonl"))
    days = [name[len("alerts_") : -len(".jsonl")] for name in names]
    return [row for one in days if one >= day for row in _each_once(_lines(post, one))]


def _each_once(lines: List[str]) -> List[Row]:
    """A kill may have written a line twice, or half of one."""
    rows = [_row(line) for line in lines]
    return list({str(row["id"]): row for row in rows if row}.values())


def _row(line: str) -> Row:
    """Empty where it is no line of ours."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) and row.get("id") else {}


def _lines(post: Post, day: str) -> List[str]:
    try:
        return (post.alerts / f"alerts_{day}.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
