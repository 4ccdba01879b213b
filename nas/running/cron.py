"""When a job is due: the five fields of cron, in Korean time.

It exists so that `list jobs` tells the next time of each, and the crontab we ship says nothing else than configs/jobs.yaml.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import FrozenSet, Iterator, List

from shared import clock

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_DAYS_AHEAD = 366 * 5  # 29 February


class Cron:
    """One line's times; ValueError where it is none."""

    def __init__(self, text: str) -> None:
        fields = text.split()
        if len(fields) != len(_FIELDS):
            raise ValueError(f"{text!r} has {len(fields)} fields and not five")
        self.text = " ".join(fields)
        self._minutes, self._hours, self._days, self._months, weekdays = map(_numbers_in, fields, _FIELDS)
        self._weekdays = frozenset(day % 7 for day in weekdays)  # 7 is Sunday too
        self._is_any_day, self._is_any_weekday = fields[2] == "*", fields[4] == "*"

    def times(self, after: datetime) -> Iterator[datetime]:
        """Every moment it is due after that one, while there are any within five years."""
        begin = after.astimezone(clock.KST)
        for number in range(_DAYS_AHEAD):
            yield from (moment for moment in self._on(begin.date() + timedelta(days=number)) if moment > begin)

    def _on(self, day: date) -> List[datetime]:
        if not self._is_due(day):
            return []
        return [
            datetime.combine(day, time(hour, minute), clock.KST)
            for hour in sorted(self._hours)
            for minute in sorted(self._minutes)
        ]

    def _is_due(self, day: date) -> bool:
        """As cron has it: where day and weekday are both named, either will do."""
        is_day, is_weekday = day.day in self._days, day.isoweekday() % 7 in self._weekdays
        either = self._is_any_day or self._is_any_weekday
        return day.month in self._months and (is_day and is_weekday if either else is_day or is_weekday)


def _numbers_in(text: str, field: "tuple[str, int, int]") -> FrozenSet[int]:
    return frozenset(number for part in text.split(",") for number in _part(part, field))


def _part(text: str, field: "tuple[str, int, int]") -> range:
    """`*`, `5`, `1-5`, `*/5`, `10-50/10`."""
    name, lowest, highest = field
    span, _, step = text.partition("/")
    first, dash, last = span.partition("-")
    try:
        low, high = (lowest, highest) if span == "*" else (int(first), int(last if dash else first))
        found = range(low, high + 1, int(step) if step else 1)
    except ValueError:
        raise ValueError(f"{text!r} is no {name}") from None
    if not found or low < lowest or high > highest:
        raise ValueError(f"{text!r} is no {name}: it goes from {lowest} to {highest}")
    return found
