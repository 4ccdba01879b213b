"""What all pictures of a run have in common: size, colours, title, foot, days below, and how they become bytes.

It exists so that they look like one another, and so that the same numbers make the same bytes on every machine.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pc.report.font import hangul_font
from pc.report.labels import label
from shared.market import Days, Floats

# Light, as Slack and paper are: the dark pictures of the system before this one could not be printed. Red is up and blue is
# down, as in Korea; neither is used for anything else.
STRATEGY, INK, WARNING, LEVEL = "#0f4c4a", "#111827", "#92400e", "#d1d5db"
UP, DOWN = "#d92d20", "#1570ef"
GREYS = ("#6b7280", "#8b929e", "#4b5563", "#7c8594")  # each stands out from white three to one or more
DASHES = ((0, (5, 2)), (0, (2, 2)), (0, (7, 2, 2, 2)), (0, (1, 1)))
LEFT, PLOT, BOTTOM, TOP = 0.105, 0.87, 0.09, 0.92  # of the picture: where plots start, how wide they are, what they lie between
LONGEST_NAME, _LONGEST_ID = 28, 80
_GRID: dict[str, Any] = {"color": "#eef0f3", "linewidth": 0.8}


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


def png_of(compose: Callable[[str], Figure], language: str) -> bytes:
    """The PNG; English labels where this machine has no Hangul font (boxes say nothing in any language)."""
    hangul = hangul_font()
    # matplotlib's defaults and not the machine's matplotlibrc: the same inputs make the same bytes.
    style: Any = _style(hangul)
    with mpl.rc_context(style):
        canvas: Any = compose(language if hangul else "en").canvas
        png = io.BytesIO()
        canvas.print_png(png, metadata={"Software": None}, pil_kwargs={"compress_level": 4})
    return png.getvalue()


def framed(picture: Picture, title: str, language: str) -> Figure:
    """An empty picture with its title, its days and its id; the title says so where prices are made up."""
    canvas: Any = FigureCanvasAgg(Figure(figsize=(9, 5), dpi=150))
    warning = f"[{label('made_up', language)}]  " if picture.synthetic else ""
    text = f"{warning}{label(title, language)}: {drawable(picture.strategy, 'STRAT')}"
    canvas.figure.text(LEFT, 0.945, text, fontsize=12, color=WARNING if picture.synthetic else INK, parse_math=False)
    of = [f"{picture.dates[0]} ~ {picture.dates[-1]}", drawable(picture.request_id, "", _LONGEST_ID)]
    foot = {"fontsize": 7, "color": GREYS[0], "horizontalalignment": "right", "parse_math": False}
    canvas.figure.text(LEFT + PLOT, 0.014, "  ·  ".join(filter(None, of)), **foot)
    figure: Figure = canvas.figure
    return figure


def days_of(dates: Days) -> Floats:
    """The days as numbers an axis knows."""
    return dates.astype("datetime64[D]").astype(np.float64)


def days_below(axes: Any, dates: Days, named: bool = True) -> None:
    """Years, months or days along the axis; without their names only a line for each, all of them at the price of one."""
    ticks, length = ticks_of(dates)
    if named:
        axes.set_xticks(ticks, [str(np.datetime64(int(day), "D"))[:length] for day in ticks])
    else:
        axes.set_xticks([])
        axes.vlines(ticks, 0.0, 1.0, transform=axes.get_xaxis_transform(), zorder=0.5, **_GRID)
    first, last = days_of(dates[[0, -1]]).tolist()
    axes.set_xlim(first - 1, last + 1)
    axes.grid(**_GRID)
    axes.set_axisbelow(True)


def in_percent(axes: Any) -> None:
    """Its numbers are rates."""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda rate, place: f"{rate * 100 + 0.0:.6g}%"))


def falls_of(growth: Floats) -> Floats:
    """How far below its height so far each day is, ≤ 0; the start counts as a height."""
    return growth / np.maximum(np.maximum.accumulate(growth), 1.0) - 1


def ticks_of(dates: Days) -> tuple[list[float], int]:
    """First days of years, of months where there are few years, some sessions where there are few months; label length."""
    span = int((dates[-1] - dates[0]).astype(int))
    if span < 70:
        return [float(day) for day in dates[:: max(1, len(dates) // 5)].astype("datetime64[D]").astype(np.int64)], 10
    unit, length = ("M", 7) if span < 800 else ("Y", 4)
    starts = np.unique(dates.astype(f"datetime64[{unit}]")).astype("datetime64[D]")
    starts = starts[starts >= dates[0] - np.timedelta64(5, "D")]
    return [float(day) for day in starts[:: -(-len(starts) // 12)].astype(np.int64)], length


def drawable(text: str, otherwise: str, longest: int = LONGEST_NAME) -> str:
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
