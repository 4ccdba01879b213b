"""The run beside its benchmarks, one line each.

It exists so that a gain is read next to what the market gave for nothing.
"""

from __future__ import annotations

from typing import Any

from pc.report.labels import label
from pc.report.layout import aligned, cut, padded, percent, points, ratio, why_missing, wrapped

_TITLES = ("return", "excess", "beta", "alpha", "tracking_error", "information_ratio", "capture")
_FIGURES = ("beta", "alpha", "tracking_error", "information_ratio", "up_capture", "down_capture")
_NAME, _WIDTHS = 13, (10, 11, 7, 9, 9, 9, 12)


def against(metrics: dict[str, Any], language: str) -> list[str]:
    """The lines of the table, and below it why a dash is one; none where there is no benchmark."""
    if not metrics["benchmarks"]:
        return []
    lines = [_line("", [label(title, language) for title in _TITLES])]
    lines += [_line(name, _cells(metrics, name)) for name in metrics["benchmarks"]]
    return [*lines, *_whys(metrics, language), *_fewer(metrics, language)]


def _line(name: str, cells: list[str]) -> str:
    places = zip(cells, _WIDTHS, strict=True)
    return padded(f"  {cut(name, _NAME - 3)}", _NAME) + "".join(aligned([cell], width) for cell, width in places)


def _cells(metrics: dict[str, Any], name: str) -> list[str]:
    """The return as the verdict counts it, over the whole period; the rest from one common close to the next."""
    theirs, total = metrics["relative"][name], metrics["benchmarks"][name]
    up, down = (f"{theirs[way] * 100:z,.0f}" if theirs[way] is not None else "-" for way in ("up_capture", "down_capture"))
    return [
        percent(total),
        points(metrics["Final_Return"] - total, 2),
        ratio(theirs["beta"]),
        percent(theirs["alpha"]),
        percent(theirs["tracking_error"]),
        ratio(theirs["information_ratio"]),
        "-" if up == down == "-" else f"{up}/{down}%",
    ]


def _whys(metrics: dict[str, Any], language: str) -> list[str]:
    """Each reason once."""
    missing = [f"relative.{name}.{figure}" for name, theirs in metrics["relative"].items() for figure in _FIGURES
               if theirs[figure] is None]  # fmt: skip
    said = list(dict.fromkeys(why_missing(metrics["reasons"], name, language) for name in missing))
    return wrapped(f"- : {', '.join(said)}", "  ", 6) if said else []


def _fewer(metrics: dict[str, Any], language: str) -> list[str]:
    """A benchmark that has not all the days of the run."""
    days = metrics["period"]["n_days"]
    return [
        line
        for name, theirs in metrics["relative"].items()
        if theirs["dates"] < days
        for line in wrapped(label("fewer_dates", language).format(name, theirs["dates"], days), "  ", 4)
    ]
