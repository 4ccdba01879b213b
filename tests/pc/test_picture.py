"""The picture of a run: whatever is to be drawn is drawn, and can be read."""

from __future__ import annotations

import numpy as np
import pytest

from pc.report.chart import Picture, composed, draw
from shared.market.providers import synthetic


def test_strange_names_and_short_periods_are_drawn_too() -> None:
    for days in (1, 2, 40, 400):
        dates = synthetic.sessions()[:days]
        growth = np.linspace(1.0, 1.3, days)
        assert draw(Picture("내 전략 $x_1$ " * 9, dates, growth, {"합성 $지수$": growth[::-1]}, True)).startswith(b"\x89PNG")


@pytest.mark.parametrize("benchmarks", [0, 1, 3, 20])
def test_nothing_in_the_picture_covers_anything_else_or_is_cut_off(benchmarks: int) -> None:
    dates, growth = np.arange(np.datetime64("2020-01-01"), np.datetime64("2024-12-31")), np.linspace(1.0, 900.0, 1826)
    others = {f"{place} {'a long name ' * 9}": growth[::-1] for place in range(benchmarks)}
    figure = composed(Picture("a strategy of mine " * 9, dates, growth, others, synthetic=True), "en")
    figure.canvas.draw()

    [axes], [title] = figure.axes, figure.texts
    legend = axes.get_legend()
    assert legend is not None
    plot, names, head = (part.get_window_extent() for part in (axes, legend, title))
    assert plot.y1 <= names.y0 < names.y1 <= head.y0 < head.y1 <= figure.bbox.y1
    assert max(names.x1, head.x1) <= figure.bbox.x1
    assert axes.yaxis.label.get_window_extent().x0 >= 0
    assert axes.get_yscale() == "log", "or a benchmark would be a flat line beside it"
