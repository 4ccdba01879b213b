"""The picture of a run: whatever is to be drawn is drawn, and can be read."""

from __future__ import annotations

import numpy as np
import pytest

from pc.report.canvas import Picture
from pc.report.chart import composed, draw
from shared.market.providers import synthetic


def test_strange_names_and_short_periods_are_drawn_too() -> None:
    for days in (1, 2, 40, 400):
        dates = synthetic.sessions()[:days]
        growth = np.linspace(1.0, 1.3, days)
        assert draw(Picture("내 전략 $x_1$ " * 9, dates, growth, {"합성 $지수$": growth[::-1]}, True)).startswith(b"\x89PNG")


def flat(days: int, fall: float) -> Picture:
    """A few days in which next to nothing happens: the numbers beside the axis are at their longest."""
    dates, growth = synthetic.sessions()[:days], np.linspace(1.0, 1.0 - fall, days)
    others = {name: np.ones(days) for name in ("KOSPI", "KOSDAQ", "990010")}
    return Picture("krx_ma200", dates, growth, others, True, "en", "20261121t100905306-krx_ma200-877b86")


@pytest.mark.parametrize("fall", [0.0, 1e-9, 0.00003, 0.0004, 0.0012, 0.02])
@pytest.mark.parametrize("days", [1, 2, 5])
def test_the_numbers_of_a_few_days_are_not_cut_off(days: int, fall: float) -> None:
    figure = composed(flat(days, fall), "en")
    figure.canvas.draw()

    axes, falls = figure.axes
    below = [one.get_window_extent() for one in falls.get_xticklabels()]
    foot = figure.texts[1].get_window_extent()
    for plot in (axes, falls):
        numbers = [one.get_window_extent() for one in plot.get_yticklabels() if one.get_text()]
        name = plot.yaxis.label.get_window_extent()
        assert 0 <= name.x0 < name.x1 <= min(one.x0 for one in numbers)
    assert 0 <= foot.y0 < foot.y1 <= min(one.y0 for one in below)
    assert foot.x1 <= figure.bbox.x1
    assert axes.yaxis.get_offset_text().get_text() == ""
    assert len({one.get_text() for one in axes.get_yticklabels()}) == len(axes.get_yticklabels())


def test_one_day_shows_a_mark_for_the_strategy_and_for_every_benchmark() -> None:
    """They lie on one point: each is wider than the one before, and only the first is filled."""
    axes, _ = composed(flat(1, 0.0), "en").axes
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    sizes = [line.get_markersize() for line in marks]
    assert len(marks) == 4
    assert sizes == sorted(set(sizes))
    assert [line.get_fillstyle() for line in marks] == ["full", "none", "none", "none"]


def test_a_picture_forwarded_alone_says_of_which_days_and_whose_it_is() -> None:
    foot = composed(flat(5, 0.02), "en").texts[1].get_text()
    assert foot == "2016-01-04 ~ 2016-01-08  ·  20261121t100905306-krx_ma200-877b86"


@pytest.mark.parametrize("benchmarks", [0, 1, 3, 20])
def test_nothing_in_the_picture_covers_anything_else_or_is_cut_off(benchmarks: int) -> None:
    dates, growth = np.arange(np.datetime64("2020-01-01"), np.datetime64("2024-12-31")), np.linspace(1.0, 900.0, 1826)
    others = {f"{place} {'a long name ' * 9}": growth[::-1] for place in range(benchmarks)}
    figure = composed(Picture("a strategy of mine " * 9, dates, growth, others, synthetic=True), "en")
    figure.canvas.draw()

    [axes, falls], [title, _] = figure.axes, figure.texts
    legend = axes.get_legend()
    assert legend is not None
    plot, names, head = (part.get_window_extent() for part in (axes, legend, title))
    assert falls.get_window_extent().y1 < plot.y0
    assert plot.y1 <= names.y0 < names.y1 <= head.y0 < head.y1 <= figure.bbox.y1
    assert max(names.x1, head.x1) <= figure.bbox.x1
    assert axes.yaxis.label.get_window_extent().x0 >= 0
    assert axes.get_yscale() == "log", "or a benchmark would be a flat line beside it"


def test_the_pane_below_shows_how_far_under_its_height_each_day_was() -> None:
    dates, growth = synthetic.sessions()[:6], np.array([1.1, 0.99, 1.32, 1.056, 1.2, 1.3])
    axes, falls = composed(Picture("mine", dates, growth, {"KOSPI": np.linspace(1.0, 0.5, 6)}), "en").axes
    own, beside = falls.lines
    assert own.get_ydata() == pytest.approx([0.0, -0.1, 0.0, -0.2, 1.2 / 1.32 - 1, 1.3 / 1.32 - 1])
    assert np.asarray(beside.get_ydata())[-1] == pytest.approx(-0.5)
    assert axes.get_xlim() == falls.get_xlim()
    low, high = falls.get_ylim()
    assert low < -0.5 < 0.0 < high
    assert (axes.yaxis.label.get_text(), falls.yaxis.label.get_text()) == ("Growth (×)", "Drawdown")
