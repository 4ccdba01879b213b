"""When it was won and lost: the deepest falls, and each month's return beside the same month of other years.

It exists because one number for ten years says nothing of the year somebody would have given up in.
"""

from __future__ import annotations

from typing import Any

from pc.report.labels import label
from pc.report.layout import aligned, padded, percent

_FALLS, _YEARS = 5, 10  # shown; beside each other
_MONTHS = tuple(f"{month:02d}" for month in range(1, 13))
_CELL, _FIRST = 7, 8


def falls(metrics: dict[str, Any], language: str) -> list[str]:
    """The five deepest, with whether each is over."""
    rows = metrics["drawdowns"][:_FALLS]
    titles = [label(title, language) for title in ("depth", "fall_start", "trough", "recovery", "fall_days", "days_down")]
    return [_fall(titles), *(_fall(_cells(one, language)) for one in rows)] if rows else []


def by_month(metrics: dict[str, Any], language: str) -> list[str]:
    """Months down, years across, ten years beside each other; `*` where the period holds only a part."""
    years = [one["year"] for one in metrics["yearly_returns"]]
    whole = {one["year"]: _rate(one) for one in metrics["yearly_returns"]}
    months = {one["month"]: _rate(one) for one in metrics["monthly_returns"]}
    lines = list[str]()
    for first in range(0, len(years), _YEARS):
        block = years[first : first + _YEARS]
        lines += [""] if lines else []
        lines.append(_across("", block))
        lines += [_across(_month(month, language), [months.get(f"{year}-{month}", "") for year in block]) for month in _MONTHS]
        lines.append(_across(label("year", language), [whole[year] for year in block]))
    partial = any(one["partial"] for one in (*metrics["monthly_returns"], *metrics["yearly_returns"]))
    return [*lines, *([f"  {label('partial', language)}"] if partial else [])]


def _cells(fall: dict[str, Any], language: str) -> list[str]:
    end = fall["recovery"] or label("running", language)
    return [percent(fall["depth"]), fall["start"], fall["trough"], end, f"{fall['days']:,}", f"{fall['days_down']:,}"]


def _fall(cells: list[str]) -> str:
    places = zip(cells, (10, 13, 13, 15, 12, 12), strict=True)
    return "".join(aligned([cell], width) for cell, width in places)


def _across(title: str, cells: list[str]) -> str:
    return (padded(f"  {title}", _FIRST) + aligned(cells, _CELL)).rstrip()


def _month(month: str, language: str) -> str:
    return label("month", language).format(int(month))


def _rate(one: dict[str, Any]) -> str:
    """In per cent without its sign, as all of the table is; a part of a month is never read as a whole one."""
    value = one["return"]
    return "-" if value is None else f"{value * 100:z,.1f}{'*' if one['partial'] else ''}"
