"""equity_curve.png: the strategy and its benchmarks on one axis.

It exists so that the picture is drawn without any window system, in a tenth of a second, the same bytes each time.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pc.report.labels import label
from shared.market import Days, Floats

STRATEGY = "#0f4c4a"
GREYS = ("#6b7280", "#9ca3af", "#4b5563", "#b6bcc6")
DASHES = ((0, (5, 2)), (0, (2, 2)), (0, (7, 2, 2, 2)), (0, (1, 1)))
HANGUL = ("Malgun Gothic", "NanumGothic", "Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "AppleGothic", "UnDotum")


@dataclass(frozen=True, eq=False)
class Picture:
    """What is drawn: growth from 1, the strategy's and each benchmark's, on these days."""

    strategy: str
    dates: Days
    growth: Floats
    benchmarks: dict[str, Floats]
    synthetic: bool = False
    language: str = "ko"


def draw(picture: Picture) -> bytes:
    """The PNG; English labels where this machine has no Hangul font (boxes say nothing in any language)."""
    hangul = _hangul_font()
    korean = picture.language == "ko" and hangul is not None
    # matplotlib's defaults and not the machine's matplotlibrc: the same inputs make the same bytes.
    style: Any = _style(hangul)
    with mpl.rc_context(style):
        canvas: Any = FigureCanvasAgg(Figure(figsize=(9, 5), dpi=150))
        axes = canvas.figure.add_axes((0.085, 0.09, 0.89, 0.81))
        _lines(axes, picture)
        _labels(axes, picture, "ko" if korean else "en")
        png = io.BytesIO()
        canvas.print_png(png, metadata={"Software": None}, pil_kwargs={"compress_level": 4})
    return png.getvalue()


def _lines(axes: Any, picture: Picture) -> None:
    days = picture.dates.astype("datetime64[D]").astype(np.float64)
    for place, (name, growth) in enumerate(picture.benchmarks.items()):
        shown = _drawable(name, f"benchmark {place + 1}")
        look = {"color": GREYS[place % 4], "linestyle": DASHES[place % 4], "linewidth": 1.2}
        axes.plot(days, growth, label=shown, zorder=2, **look)
    mine, dot = _drawable(picture.strategy, "STRAT"), "o" if len(days) == 1 else ""
    axes.plot(days, picture.growth, label=mine, color=STRATEGY, linewidth=1.7, zorder=3, marker=dot)
    axes.axhline(1.0, color="#d1d5db", linewidth=0.8, zorder=1)
    axes.set_xlim(days[0] - 1, days[-1] + 1)


def _labels(axes: Any, picture: Picture, language: str) -> None:
    title = f"Equity Curve: {_drawable(picture.strategy, 'STRAT', 44)}" + ("   [SYNTHETIC]" if picture.synthetic else "")
    axes.set_title(title, loc="left", fontsize=12, color="#b42318" if picture.synthetic else "#111827", parse_math=False)
    axes.set_ylabel(label("growth", language))
    ticks, length = _ticks(picture.dates)
    axes.set_xticks(ticks, [str(np.datetime64(int(day), "D"))[:length] for day in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
    axes.grid(color="#eef0f3", linewidth=0.8)
    axes.set_axisbelow(True)
    for text in axes.legend(loc=_free_corner(picture), framealpha=0.8, edgecolor="none", fontsize=9).get_texts():
        text.set_parse_math(False)


def _free_corner(picture: Picture) -> str:
    """The left corner the lines keep away from in the first quarter of the period."""
    lines = np.array([picture.growth, *picture.benchmarks.values()])
    early = lines[:, : max(1, lines.shape[1] // 4)]
    return "upper left" if lines.max() - early.max() >= early.min() - lines.min() else "lower left"


def _ticks(dates: Days) -> tuple[list[float], int]:
    """First days of years, of months where there are few years, some sessions where there are few months; label length."""
    span = int((dates[-1] - dates[0]).astype(int))
    if span < 70:
        return [float(day) for day in dates[:: max(1, len(dates) // 5)].astype("datetime64[D]").astype(np.int64)], 10
    unit, length = ("M", 7) if span < 800 else ("Y", 4)
    starts = np.unique(dates.astype(f"datetime64[{unit}]")).astype("datetime64[D]")
    starts = starts[starts >= dates[0] - np.timedelta64(5, "D")]
    return [float(day) for day in starts[:: -(-len(starts) // 12)].astype(np.int64)], length


def _drawable(text: str, otherwise: str, letters: int = 28) -> str:
    """What can be written here: no boxes, and no longer than leaves room for the word SYNTHETIC."""
    if not text.isascii() and _hangul_font() is None:
        return otherwise
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


@functools.cache
def _hangul_font() -> str | None:
    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in HANGUL if name in there), None)


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
