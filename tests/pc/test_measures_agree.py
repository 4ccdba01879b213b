"""Our figures are those of quantstats and empyrical-reloaded where these compute the same thing, else the page says how not.

Their values are stored; tests/peers/measures.py makes them again.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.harness.books import measured
from tests.harness.documents import part
from tests.harness.sources import ROOT
from tests.peers.measured_curves import CURVES, days_of, returns_of

STORED = json.loads((ROOT / "tests" / "peers" / "measures.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=CURVES)
def both(request: pytest.FixtureRequest) -> "tuple[dict[str, Any], dict[str, Any]]":
    """What we say of a curve, and what they say."""
    run, benchmark = np.cumprod(1 + returns_of(request.param), axis=1)
    days = days_of(request.param)
    ours = measured(run.tolist(), capital=1.0, dates=days, benchmarks={"theirs": (benchmark / benchmark[0]).tolist()})
    return {**ours, "relative": ours["relative"]["theirs"]}, STORED["curves"][request.param]


def of(figures: Any, name: str) -> Any:
    """The figure of that dotted name; of a table the column."""
    for word in name.split("."):
        figures = [row[word] for row in figures] if isinstance(figures, list) else figures[word]
    return figures


def test_the_stored_figures_say_who_gave_them_of_which_curves() -> None:
    assert set(STORED["peers"]) >= {"quantstats", "empyrical-reloaded"}
    assert {name: one["seed"] for name, one in STORED["curves"].items()} == {name: one[0] for name, one in CURVES.items()}
    assert (ROOT / STORED["made_by"]).is_file()


def test_our_figures_are_theirs_to_the_ninth_digit(both: "tuple[dict[str, Any], dict[str, Any]]") -> None:
    ours, theirs = both
    for asked, value in theirs["agree"].items():
        mine = of(ours, asked.split()[-1])
        assert mine == (value if isinstance(value, list) and isinstance(value[0], str) else pytest.approx(value, rel=1e-9)), asked


def test_where_they_differ_the_page_says_so(both: "tuple[dict[str, Any], dict[str, Any]]") -> None:
    """So that a peer that changes its mind, or a page that does not, is noticed."""
    ours, theirs = both
    told = part("measures.md", "Where others differ")
    for asked, value in theirs["differ"].items():
        _, function, name = asked.split()
        assert of(ours, name) != pytest.approx(value, rel=1e-6), asked
        assert f"`{function}`" in told, asked
