"""`charts: all`: four further pictures, each readable, each the same bytes every time, none where there is nothing to draw."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import matplotlib.colors
import numpy as np
import pytest
from matplotlib.figure import Figure

from inbox import Request
from outbox import PICTURES
from pc import showing
from pc.engine import FILL
from pc.report import charts
from pc.report.album import Album, album_of
from pc.report.canvas import DOWN, UP, Picture
from pc.run import Ran, run
from shared.config import Settings
from shared.market.providers import synthetic
from tests.harness.road import Road

ASKED = {"strategy": "krx_ma200", "start": "2024-01-02", "end": "2024-12-31", "charts": "all", "universe": "SYNTHETIC_ETF"}
FURTHER = PICTURES[1:]


def ran(data: Path, **fields: Any) -> Tuple[Ran, Dict[str, bytes]]:
    files: Dict[str, bytes] = {}
    settings = Settings(prices="synthetic", data=data)
    return run(Request.model_validate({**ASKED, **fields}), settings, files.__setitem__, lambda *step: None), files


def shown(growth: Tuple[float, ...] = (1.0, 0.9, 1.2, 1.1)) -> Picture:
    days = synthetic.sessions()[: len(growth)]
    return Picture(
        "a strategy of mine", days, np.array(growth), {"KOSPI": np.linspace(1.0, 1.3, len(growth))}, True, "en", "mine"
    )


def filled(*fills: Tuple[int, int, float, float, float]) -> Album:
    """Of these fills, each a row, a column, shares, a price and what is held then."""
    records = np.zeros(len(fills), dtype=FILL)
    for place, (row, column, shares, price, held) in enumerate(fills):
        records[place] = (row, max(row - 1, 0), column, 0, shares, price, 0.0, 0.0, 0.0, held)
    return album_of(synthetic.make_prices(), slice(0, 4), records)


def test_all_pictures_are_in_the_answer_on_the_shelf_and_told_again(road: Road) -> None:
    for name in ("first", "again"):
        road.submit(request_id=name, **ASKED)
        assert road.drain() == 0
    first, again = (road.outbox.done / name for name in ("first", "again"))
    assert road.manifest("again")["reused_from"]["request_id"] == "first"
    for name in PICTURES:
        png = (first / name).read_bytes()
        assert png.startswith(b"\x89PNG")
        assert struct.unpack(">II", png[16:24]) == (1350, 750)
        assert b"tEXt" not in png
        assert (again / name).read_bytes() == png
    assert set(PICTURES) <= {entry["path"] for entry in road.manifest("first")["files"]}


def test_nobody_else_pays_for_them_and_the_same_numbers_make_the_same_bytes(synthetic_data: Path) -> None:
    assert not set(FURTHER) & set(ran(synthetic_data, charts=True)[1])
    one, other = (ran(synthetic_data)[1] for _ in range(2))
    assert [one[name] == other[name] for name in PICTURES] == [True] * 5


def test_where_nothing_was_traded_there_is_no_picture_of_it_and_no_warning(synthetic_data: Path) -> None:
    told, files = ran(synthetic_data, capital=1_000, start="2024-12-02", end="2024-12-03", benchmarks=[])
    assert set(files) & set(PICTURES) == {"equity_curve.png", "drawdown.png", "cumulative_return.png"}
    assert not any("chart" in one for one in told.degraded)


def test_one_that_cannot_be_drawn_costs_itself_and_no_other() -> None:
    def draw(name: str) -> bytes:
        if name in ("drawdown.png", PICTURES[0]):
            raise OSError(f"no room for {name}")
        return name.encode()

    files: Dict[str, bytes] = {}
    told = showing.each_drawn(PICTURES, draw, files.__setitem__)
    assert told == [
        "chart not drawn: OSError: no room for equity_curve.png",
        "chart not drawn: drawdown.png: OSError: no room for drawdown.png",
    ]
    assert files == {name: name.encode() for name in PICTURES[2:]}


def figures() -> Iterator[Tuple[str, Figure]]:
    album = filled((0, 1, 10.0, 100.0, 10.0), (1, 2, 5.0, 90.0, 5.0), (2, 1, -10.0, 120.0, 0.0), (3, 2, -5.0, 50.0, 0.0))
    yield "fallen", charts.fallen(shown(), "en")
    yield "gained", charts.gained(shown(), "en")
    yield "traded", charts.traded(shown(), album, "en")
    yield "brought", charts.brought(shown(), album, "en")


@pytest.mark.parametrize(("name", "figure"), list(figures()), ids=lambda one: one if isinstance(one, str) else "")
def test_nothing_covers_anything_else_or_is_cut_off(name: str, figure: Figure) -> None:
    figure.canvas.draw()
    title, foot = (text.get_window_extent() for text in figure.texts)
    panes = sorted((axes.get_window_extent() for axes in figure.axes), key=lambda pane: pane.y0)
    assert all(lower.y1 < upper.y0 for lower, upper in zip(panes, panes[1:]))
    assert max(pane.y1 for pane in panes) < title.y0 < title.y1 <= figure.bbox.y1
    for axes in figure.axes:
        assert min(one.get_window_extent().x0 for one in axes.get_yticklabels() if one.get_text()) >= 0
        assert axes.yaxis.label.get_window_extent().x0 >= 0
    assert foot.y1 <= min(one.get_window_extent().y0 for one in figure.axes[-1].get_xticklabels() if one.get_text())


def points(figure: Figure, pane: int, marker: str) -> List[Tuple[str, List[float]]]:
    """The colour and the heights of what is drawn by that sign."""
    lines = [line for line in figure.axes[pane].lines if line.get_marker() == marker]
    return [(matplotlib.colors.to_hex(line.get_color()), np.asarray(line.get_ydata()).tolist()) for line in lines]


def test_what_was_bought_points_up_in_red_and_what_was_sold_down_in_blue() -> None:
    album = filled((0, 1, 10.0, 100.0, 10.0), (2, 1, -10.0, 120.0, 0.0))
    figure = charts.traded(shown(), album, "en")
    assert points(figure, 0, "^") == [(UP, [100.0])]
    assert points(figure, 0, "v") == [(DOWN, [120.0])]


def test_of_many_symbols_the_four_most_traded_are_shown_the_largest_first() -> None:
    amounts = {1: 5.0, 2: 50.0, 3: 20.0, 4: 10.0, 5: 40.0, 6: 1.0}
    album = filled(*((0, column, shares, 100.0, shares) for column, shares in amounts.items()))
    symbols = synthetic.make_prices().symbols
    assert [market.symbol for market in album.markets] == [symbols[column] for column in (2, 5, 3, 4)]
    assert len(charts.traded(shown(), album, "en").axes) == 4


def test_each_closed_round_trip_is_a_point_gains_in_red_and_losses_in_blue() -> None:
    album = filled(
        (0, 1, 10.0, 100.0, 10.0), (0, 2, 100.0, 90.0, 100.0), (1, 3, 1.0, 1.0, 1.0), (2, 1, -10.0, 120.0, 0.0),
        (3, 2, -100.0, 50.0, 0.0),
    )  # fmt: skip
    figure = charts.brought(shown(), album, "en")
    assert points(figure, 0, "o") == [(UP, [0.2]), (DOWN, [-4.0])]
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["1 gained", "1 lost"]


def test_falls_and_returns_are_of_the_very_curve() -> None:
    fallen, gained = charts.fallen(shown(), "en"), charts.gained(shown(), "en")
    assert np.asarray(fallen.axes[0].lines[0].get_ydata()) == pytest.approx([0.0, -0.1, 0.0, 1.1 / 1.2 - 1])
    assert np.asarray(gained.axes[0].lines[0].get_ydata()) == pytest.approx([0.0, -0.1, 0.2, 0.1])


def test_falls_begin_at_the_start() -> None:
    """The capital is a height: who loses from the first day on is below it from the first day on."""
    curve = charts.fallen(shown((0.9, 0.95)), "en").axes[0].lines[0]
    assert np.asarray(curve.get_ydata()) == pytest.approx([-0.1, -0.05])
