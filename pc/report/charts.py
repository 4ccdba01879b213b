"""The further pictures of a run: falls, cumulative return, prices with their fills, and what each round trip brought.

It exists for whoever asks for all charts, as the web system drew them; nobody else pays for them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, StrMethodFormatter

from pc.report.album import Album, Market
from pc.report.canvas import (
    BOTTOM,
    DOWN,
    GREYS,
    INK,
    LEFT,
    LEVEL,
    PLOT,
    TOP,
    UP,
    Picture,
    days_below,
    days_of,
    drawable,
    falls_of,
    framed,
    in_percent,
    png_of,
)
from pc.report.chart import SHADE, legend, lines, names, room
from pc.report.labels import label
from shared.market import Floats

_UNIT = {"ko": 1e4, "en": 1e3}  # of won: what an axis counts in
_HEAD, _GAP = 0.05, 0.055  # of the picture's height: the legend's row, what parts two panes


def drawdown(picture: Picture, album: Album) -> bytes:
    """How far below its height each day was, the benchmarks' beside it."""
    return png_of(partial(fallen, picture), picture.language)


def cumulative_return(picture: Picture, album: Album) -> bytes:
    """What each day had brought since the start."""
    return png_of(partial(gained, picture), picture.language)


def price_fills(picture: Picture, album: Album) -> bytes | None:
    """Prices with what was bought and sold; None where nothing was."""
    return png_of(partial(traded, picture, album), picture.language) if album.markets else None


def trade_pnl(picture: Picture, album: Album) -> bytes | None:
    """What each closed round trip brought; None where none was closed."""
    return png_of(partial(brought, picture, album), picture.language) if len(album.gains) else None


def fallen(picture: Picture, language: str) -> Figure:
    """The picture of the falls."""
    curves = [falls_of(growth) for growth in (picture.growth, *picture.benchmarks.values())]
    named = names(picture, [f"{curve.min() + 0.0:.1%}" for curve in curves])
    figure = framed(picture, "falls_of", language)
    axes = _curves(figure, picture, named, curves)
    axes.fill_between(days_of(picture.dates), curves[0], 0.0, color=SHADE, linewidth=0, zorder=1)
    axes.set_ylabel(label("fall", language))
    return figure


def gained(picture: Picture, language: str) -> Figure:
    """The picture of the cumulative return."""
    curves = [growth - 1 for growth in (picture.growth, *picture.benchmarks.values())]
    named = names(picture, [f"{curve[-1]:+.1%}" for curve in curves])
    figure = framed(picture, "cumulative", language)
    axes = _curves(figure, picture, named, curves)
    axes.set_ylabel(label("Final_Return", language))
    return figure


def traded(picture: Picture, album: Album, language: str) -> Figure:
    """The picture of prices and fills, one pane a symbol."""
    figure: Any = framed(picture, "price_fills", language)
    count = len(album.markets)
    height = (TOP - _HEAD - BOTTOM - _GAP * (count - 1)) / count
    for place, market in enumerate(album.markets):
        is_last = place == count - 1
        axes = figure.add_axes((LEFT, TOP - _HEAD - height - place * (height + _GAP), PLOT, height))
        _prices(axes, picture, market, language)
        days_below(axes, picture.dates, named=is_last)
        if place == 0:
            _sides(axes, language)
    whole: Figure = figure
    return whole


def brought(picture: Picture, album: Album, language: str) -> Figure:
    """The picture of the round trips."""
    figure: Any = framed(picture, "trade_pnl", language)
    won = album.gains > 0
    named = [label(key, language).format(int(which.sum())) for key, which in (("gains", won), ("losses", ~won))]
    axes = figure.add_axes((LEFT, BOTTOM, PLOT, room(named)))
    days, gains = days_of(album.ended), album.gains / _UNIT[language]
    for which, colour, name in ((won, UP, named[0]), (~won, DOWN, named[1])):
        axes.plot(
            days[which], gains[which], "o", color=colour, markersize=5, alpha=0.6, markeredgewidth=0, label=name, clip_on=False
        )
    axes.axhline(0.0, color=LEVEL, linewidth=0.8, zorder=1)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda money, place: f"{money + 0.0:,.6g}"))
    axes.set_ylabel(label("money", language))
    days_below(axes, picture.dates)
    legend(axes, named)
    whole: Figure = figure
    return whole


def _curves(figure: Any, picture: Picture, named: list[str], curves: list[Floats]) -> Any:
    """All of them on one axis of rates."""
    axes = figure.add_axes((LEFT, BOTTOM, PLOT, room(named)))
    lines(axes, picture, named, curves)
    axes.axhline(0.0, color=LEVEL, linewidth=0.8, zorder=1)
    in_percent(axes)
    days_below(axes, picture.dates)
    legend(axes, named)
    return axes


def _prices(axes: Any, picture: Picture, market: Market, language: str) -> None:
    axes.plot(days_of(picture.dates), market.close, color=GREYS[0], linewidth=1.0, zorder=2)
    for (days, prices), sign, colour in ((market.bought, "^", UP), (market.sold, "v", DOWN)):
        axes.plot(days_of(days), prices, sign, color=colour, markersize=5, markeredgewidth=0, alpha=0.8, zorder=3, clip_on=False)
    title = drawable(f"{market.symbol} {market.name}".strip(), market.symbol)
    axes.text(0.0, 1.02, title, transform=axes.transAxes, fontsize=9, color=INK, parse_math=False)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.6g}"))


def _sides(axes: Any, language: str) -> None:
    """What the two signs mean, at the right of the first pane's name."""
    for place, (sign, colour, key) in enumerate((("▲", UP, "BUY"), ("▼", DOWN, "SELL"))):
        said = f"{sign} {label(key, language)}"
        across = {"horizontalalignment": "right", "fontsize": 9, "color": colour, "transform": axes.transAxes}
        axes.text(1.0 - 0.09 * (1 - place), 1.04, said, **across)
