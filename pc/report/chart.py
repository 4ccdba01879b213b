"""equity_curve.png: the strategy and its benchmarks on one axis.

It exists so that the picture is drawn without any window system, in a tenth of a second, the same bytes each time.
"""

from __future__ import annotations

import functools
import io
import unicodedata
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator, StrMethodFormatter

from pc.report.font import hangul_font
from pc.report.labels import label
from shared.market import Days, Floats

STRATEGY, INK, WARNING = "#0f4c4a", "#111827", "#92400e"  # no red and no blue: those are up and down
GREYS = ("#6b7280", "#8b929e", "#4b5563", "#7c8594")  # each stands out from white three to one or more
DASHES = ((0, (5, 2)), (0, (2, 2)), (0, (7, 2, 2, 2)), (0, (1, 1)))
_LEFT, _WIDTH, _ROW = 0.105, 0.87, 0.042  # of the picture: where the plot starts, how wide it is, a row of the legend
_LETTERS, _HANDLE, _MOST_COLUMNS = 117, 12, 4  # what fits into its width, a line's sample counted as letters
_LONGEST_NAME, _LONGEST_ID = 28, 80
_FEW = 3  # points that make no line one could see
_NARROWEST = 0.0008  # of the axis: below, its numbers would need more than four decimals, and more room
_TOO_FAR_APART = 8.0  # the largest value over the smallest: beyond, only a log scale shows both


@dataclass(frozen=True, eq=False)
class Picture:
    """What is drawn: growth from 1, the strategy's and each benchmark's, on these days."""

    strategy: str
    dates: Days
    growth: Floats
    benchmarks: dict[str, Floats]
    synthetic: bool = False
    language: str = "ko"
    request_id: str = ""


def draw(picture: Picture) -> bytes:
    """The PNG; English labels where this machine has no Hangul font (boxes say nothing in any language)."""
    hangul = hangul_font()
    # matplotlib's defaults and not the machine's matplotlibrc: the same inputs make the same bytes.
    style: Any = _style(hangul)
    with mpl.rc_context(style):
        canvas: Any = composed(picture, picture.language if hangul else "en").canvas
        png = io.BytesIO()
        canvas.print_png(png, metadata={"Software": None}, pil_kwargs={"compress_level": 4})
    return png.getvalue()


def composed(picture: Picture, language: str) -> Figure:
    """Title, names and plot, one below the other: none covers another."""
    canvas: Any = FigureCanvasAgg(Figure(figsize=(9, 5), dpi=150))
    names = _names(picture)
    columns = _columns(names)
    axes = canvas.figure.add_axes((_LEFT, 0.09, _WIDTH, 0.83 - _ROW * -(-len(names) // columns)))
    _lines(axes, picture, names)
    _scales(axes, picture, language)
    _title(canvas.figure, picture, language)
    _legend(axes, columns)
    figure: Figure = canvas.figure
    return figure


def _names(picture: Picture) -> list[str]:
    """The strategy's and the benchmarks', each with what became of one won."""
    named = [(picture.strategy, "STRAT", picture.growth)]
    named += [(name, f"benchmark {place}", growth) for place, (name, growth) in enumerate(picture.benchmarks.items(), 1)]
    return [f"{_drawable(name, otherwise)} ({_times(growth[-1])}×)" for name, otherwise, growth in named]


def _times(growth: float) -> str:
    return f"{growth:,.2f}" if growth < 1e6 else f"{growth:.2e}"


def _lines(axes: Any, picture: Picture, names: list[str]) -> None:
    days = picture.dates.astype("datetime64[D]").astype(np.float64)
    dot = "o" if len(days) < _FEW else ""
    axes.plot(days, picture.growth, label=names[0], color=STRATEGY, linewidth=1.9, zorder=3, marker=dot)
    for place, growth in enumerate(picture.benchmarks.values()):
        look = {"color": GREYS[place % 4], "linestyle": DASHES[(place + place // 4) % 4], "linewidth": 1.1}
        ring = {"marker": dot, "markersize": 9.0 + 2.0 * (place % 4), "fillstyle": "none"}  # around the strategy's, not under it
        axes.plot(days, growth, label=names[place + 1], zorder=2, **look, **ring)
    axes.axhline(1.0, color="#d1d5db", linewidth=0.8, zorder=1)
    axes.set_xlim(days[0] - 1, days[-1] + 1)


def _scales(axes: Any, picture: Picture, language: str) -> None:
    ticks, length = _ticks(picture.dates)
    axes.set_xticks(ticks, [str(np.datetime64(int(day), "D"))[:length] for day in ticks])
    lines = np.array([picture.growth, *picture.benchmarks.values()])
    if lines.min() > 0 and lines.max() / lines.min() > _TOO_FAR_APART:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.set_ylabel(label("growth_log", language))
    else:
        _widen(axes)
        axes.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
        axes.set_ylabel(label("growth", language))
    axes.grid(color="#eef0f3", linewidth=0.8)
    axes.set_axisbelow(True)


def _widen(axes: Any) -> None:
    """No narrower than what numbers of four decimals can tell apart."""
    low, high = axes.get_ylim()
    lacking = _NARROWEST - (high - low)
    if lacking > 0:
        axes.set_ylim(low - lacking / 2, high + lacking / 2)
    axes.ticklabel_format(axis="y", useOffset=False)


def _title(figure: Any, picture: Picture, language: str) -> None:
    warning = f"[{label('made_up', language)}]  " if picture.synthetic else ""
    text = f"{warning}{label('curve', language)}: {_drawable(picture.strategy, 'STRAT')}"
    figure.text(_LEFT, 0.945, text, fontsize=12, color=WARNING if picture.synthetic else INK, parse_math=False)
    of = [f"{picture.dates[0]} ~ {picture.dates[-1]}", _drawable(picture.request_id, "", _LONGEST_ID)]
    foot = {"fontsize": 7, "color": GREYS[0], "horizontalalignment": "right", "parse_math": False}
    figure.text(_LEFT + _WIDTH, 0.014, "  ·  ".join(filter(None, of)), **foot)


def _legend(axes: Any, columns: int) -> None:
    """Above the plot: there it covers no line."""
    legend = axes.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, frameon=False, fontsize=9, borderaxespad=0.2, borderpad=0.2
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def _columns(names: list[str]) -> int:
    """How many names stand beside each other; Hangul is twice as wide."""
    widest = max(sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in name) for name in names)
    return max(1, min(_MOST_COLUMNS, _LETTERS // (widest + _HANDLE)))


def _ticks(dates: Days) -> tuple[list[float], int]:
    """First days of years, of months where there are few years, some sessions where there are few months; label length."""
    span = int((dates[-1] - dates[0]).astype(int))
    if span < 70:
        return [float(day) for day in dates[:: max(1, len(dates) // 5)].astype("datetime64[D]").astype(np.int64)], 10
    unit, length = ("M", 7) if span < 800 else ("Y", 4)
    starts = np.unique(dates.astype(f"datetime64[{unit}]")).astype("datetime64[D]")
    starts = starts[starts >= dates[0] - np.timedelta64(5, "D")]
    return [float(day) for day in starts[:: -(-len(starts) // 12)].astype(np.int64)], length


def _drawable(text: str, otherwise: str, longest: int = _LONGEST_NAME) -> str:
    """What can be written here: no boxes, and no longer than there is room for."""
    if not text.isascii() and hangul_font() is None:
        return otherwise
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@functools.cache
def _style(font: str | None) -> dict[str, Any]:
    keys = ("figure.", "axes.", "lines.", "xtick.", "ytick.", "grid.", "legend.", "text.", "savefig.", "path.", "agg.")
    plain = _plain_style(keys)
    family = ["DejaVu Sans"] if font is None else [font, "DejaVu Sans"]
    return {**plain, "font.family": family, "font.size": 10.0, "axes.spines.top": False, "axes.spines.right": False}


@functools.cache
def _plain_style(keys: tuple[str, ...]) -> dict[str, Any]:
    """matplotlib's own defaults, as far as this machine's settings differ from them."""
    now, plain = mpl.rcParams, mpl.rcParamsDefault
    return {name: plain[name] for name in plain if name.startswith(keys) and now[name] != plain[name]}
