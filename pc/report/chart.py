"""equity_curve.png: the strategy and its benchmarks on one axis, and below how far each day was under its height.

It exists so that the picture is drawn without any window system, in a tenth of a second, the same bytes each time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator, StrMethodFormatter

from pc.report.canvas import (
    BOTTOM,
    DASHES,
    GREYS,
    LEFT,
    LEVEL,
    PLOT,
    STRATEGY,
    TOP,
    Picture,
    days_below,
    days_of,
    drawable,
    falls_of,
    framed,
    in_percent,
    png_of,
)
from pc.report.labels import label
from shared.market import Floats
from shared.text import columns

_ROW, _PANE, _GAP = 0.042, 0.19, 0.025  # of the picture's height: a row of the legend, the falls, what parts them
_LETTERS, _HANDLE, _MOST_COLUMNS = 117, 12, 4  # what fits into its width, a line's sample counted as letters
SHADE = "#c3d2d1"  # the strategy's colour, a quarter of it
_FEW = 3  # points that make no line one could see
_NARROWEST = 0.0008  # of the axis: below, its numbers would need more than four decimals, and more room
_TOO_FAR_APART = 8.0  # the largest value over the smallest: beyond, only a log scale shows both


def draw(picture: Picture) -> bytes:
    """The PNG."""
    return png_of(lambda language: composed(picture, language), picture.language)


def composed(picture: Picture, language: str) -> Figure:
    """Title, names, curves and falls, one below the other: none covers another."""
    figure: Any = framed(picture, "curve", language)
    named = names(picture, [f"{_times(growth[-1])}×" for growth in (picture.growth, *picture.benchmarks.values())])
    floor = _PANE + _GAP
    axes = figure.add_axes((LEFT, BOTTOM + floor, PLOT, room(named) - floor))
    lines(axes, picture, named, [picture.growth, *picture.benchmarks.values()])
    axes.axhline(1.0, color=LEVEL, linewidth=0.8, zorder=1)
    _scales(axes, picture, language)
    legend(axes, named)
    days_below(axes, picture.dates, named=False)
    _falls(figure.add_axes((LEFT, BOTTOM, PLOT, _PANE)), picture, language)
    whole: Figure = figure
    return whole


def names(picture: Picture, told: list[str]) -> list[str]:
    """The strategy's and the benchmarks', each with what is told of it."""
    named = [(picture.strategy, "STRAT")] + [(name, f"benchmark {place}") for place, name in enumerate(picture.benchmarks, 1)]
    return [f"{drawable(name, otherwise)} ({one})" for (name, otherwise), one in zip(named, told, strict=True)]


def lines(axes: Any, picture: Picture, named: list[str], curves: list[Floats]) -> None:
    """The strategy's, and each benchmark's in its own dashes."""
    days = days_of(picture.dates)
    dot = "o" if len(days) < _FEW else ""
    axes.plot(days, curves[0], label=named[0], color=STRATEGY, linewidth=1.9, zorder=3, marker=dot)
    for place, curve in enumerate(curves[1:]):
        look = {"color": GREYS[place % 4], "linestyle": DASHES[(place + place // 4) % 4], "linewidth": 1.1}
        ring = {"marker": dot, "markersize": 9.0 + 2.0 * (place % 4), "fillstyle": "none"}  # around the strategy's, not under it
        axes.plot(days, curve, label=named[place + 1], zorder=2, **look, **ring)


def legend(axes: Any, named: list[str]) -> None:
    """Above the plot: there it covers no line."""
    found = axes.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=_columns(named),
        frameon=False,
        fontsize=9,
        borderaxespad=0.2,
        borderpad=0.2,
    )
    for text in found.get_texts():
        text.set_parse_math(False)


def room(named: list[str]) -> float:
    """How much of the picture's height is left for a plot under its legend."""
    return TOP - BOTTOM - _ROW * -(-len(named) // _columns(named))


def _times(growth: float) -> str:
    return f"{growth:,.2f}" if growth < 1e6 else f"{growth:.2e}"


def _scales(axes: Any, picture: Picture, language: str) -> None:
    curves = np.array([picture.growth, *picture.benchmarks.values()])
    if curves.min() > 0 and curves.max() / curves.min() > _TOO_FAR_APART:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.set_ylabel(label("growth_log", language))
    else:
        _widen(axes)
        axes.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
        axes.set_ylabel(label("growth", language))


def _widen(axes: Any) -> None:
    """No narrower than what numbers of four decimals can tell apart."""
    low, high = axes.get_ylim()
    lacking = _NARROWEST - (high - low)
    if lacking > 0:
        axes.set_ylim(low - lacking / 2, high + lacking / 2)
    axes.ticklabel_format(axis="y", useOffset=False)


def _falls(axes: Any, picture: Picture, language: str) -> None:
    """The strategy's, filled, and the first benchmark's beside it: more would be a tangle."""
    days, fall = days_of(picture.dates), falls_of(picture.growth)
    axes.fill_between(days, fall, 0.0, color=SHADE, linewidth=0, zorder=1)
    axes.plot(days, fall, color=STRATEGY, linewidth=0.9)
    lowest = float(fall.min())
    for growth in list(picture.benchmarks.values())[:1]:
        beside = falls_of(growth)
        axes.plot(days, beside, color=GREYS[0], linewidth=0.9, zorder=2)
        lowest = min(lowest, float(beside.min()))
    axes.set_ylim(min(lowest * 1.08, -_NARROWEST), -min(lowest, -_NARROWEST) * 0.03)
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]))
    in_percent(axes)
    axes.set_ylabel(label("fall", language))
    days_below(axes, picture.dates)


def _columns(names: list[str]) -> int:
    """How many names stand beside each other; Hangul is twice as wide."""
    widest = max(map(columns, names))
    return max(1, min(_MOST_COLUMNS, _LETTERS // (widest + _HANDLE)))
