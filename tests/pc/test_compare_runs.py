"""Two answers of real runs compared: each verdict by a pair of them, on made-up prices and one's own strategies."""

from __future__ import annotations

import json
import shutil
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict

import numpy as np
import pytest

from outbox import DRIFT, IMPROVED, NOT_COMPARABLE, REGRESSION, SAME, Comparison, Side, compare, kept
from shared.market import Prices, open_prices, write_prices
from tests.harness.road import Road

TABLES = ("equity_curve.csv", "trades.csv")
HALVES = '''
"""Holds a share of one ETF, decided every day. It exists for a test."""
from pydantic import BaseModel
from shared.strategies import Targets

SYMBOLS = ("990010",)


class Params(BaseModel):
    share: float = 0.5


def decide(prices, params):
    import numpy as np

    rows = np.arange(len(prices.dates))
    return Targets(rows=rows, weights=np.full((len(rows), 1), SHARE))
'''

REMEMBERS = '''

import sys

_SEEN = vars(sys).setdefault("_seen_by_a_test", [0, 0.0])  # where no question asked afresh comes by


def _share(prices):
    """What the last of all prices it ever saw says."""
    if len(prices.dates) > _SEEN[0]:
        _SEEN[:] = [len(prices.dates), 0.9 if prices.close[-1, 0] > prices.close[-100, 0] else 0.1]
    return _SEEN[1]
'''


@pytest.fixture
def own(new_road: Callable[..., Road], tmp_path: Path) -> "Own":
    """A road with a strategies folder of its own."""
    return Own(new_road, tmp_path)


class Own:
    """Whoever writes a strategy, runs it, changes it, and runs it again."""

    def __init__(self, new_road: Callable[..., Road], folder: Path) -> None:
        self.folder, self.name = folder, f"own_{uuid.uuid4().hex[:8]}"
        self.road = new_road(strategies_path=folder)

    def write(self, share: str, text: str = HALVES) -> None:
        """The strategy as it stands now."""
        sys.modules.pop(self.name, None)
        shutil.rmtree(self.folder / "__pycache__", ignore_errors=True)
        (self.folder / f"{self.name}.py").write_text(text.replace("SHARE", share), encoding="utf-8")

    def run(self, request_id: str, **asked: Any) -> Side:
        """Ask, run, seal; the answer as it is compared."""
        self.road.submit(request_id=request_id, strategy=self.name, start="2021-01-04", benchmarks=[], fresh=True, **asked)
        assert self.road.drain() == 0
        return side(self.road, request_id)


def side(road: Road, request_id: str) -> Side:
    """That answer, verified."""
    answer = kept(road.outbox, road.settings.archive, request_id, TABLES)
    return Side(answer.manifest, answer.files["equity_curve.csv"], answer.files["trades.csv"])


def names(found: Comparison) -> Dict[str, Any]:
    return {
        kind: [getattr(one, "name", getattr(one, "symbol", "")) for one in told]
        for kind, told in found.changed._asdict().items()
        if told
    }


def test_the_same_asked_twice_is_the_same(own: Own) -> None:
    own.write("params.share")

    found = compare(own.run("one"), own.run("two"))
    assert (found.verdict, found.curve, names(found)) == (SAME, None, {})


@pytest.mark.parametrize("end", ["2021-01-08", "2021-06-30", "2025-12-30"])
def test_over_the_same_days_the_figures_are_those_of_the_answer(own: Own, end: str) -> None:
    own.write("params.share")
    one = own.run("one", end=end)
    found, told = compare(one, one).figures, one.manifest["metrics"]

    names_of_both = ("CAGR", "MDD", "Sharpe", "Final_Return", "volatility")
    assert [found[name].a for name in names_of_both] == [pytest.approx(told[name], rel=1e-11) for name in names_of_both]
    assert found["trades"].a == told["trades"]


def test_a_shorter_period_is_the_same_over_its_days(own: Own) -> None:
    own.write("params.share")

    found = compare(own.run("one", end="2021-06-30"), own.run("two", end="2021-12-30"))
    assert (found.verdict, found.curve, names(found)) == (SAME, None, {"period": ["period.end"]})
    assert found.days is not None
    assert found.days.only_a == 0
    assert found.days.only_b > 100


def test_changed_parameters_and_changed_code_are_judged_by_the_figures(own: Own) -> None:
    own.write("params.share")
    half, full = own.run("half", end="2021-12-30"), own.run("full", end="2021-12-30", params={"share": 1.0})
    own.write("params.share * 2")
    code = own.run("code", end="2021-12-30")

    by_parameters, by_code, back = compare(half, full), compare(half, code), compare(code, half)
    assert names(by_parameters) == {"parameters": ["params.share"]}
    assert names(by_code) == {"code": ["strategy_sha256"]}
    assert by_parameters.figures == by_code.figures
    assert by_code.verdict == REGRESSION
    assert "MDD" in by_code.worse, "all of it in one ETF falls deeper than half of it"
    assert (back.worse, back.better) == (by_code.better, by_code.worse)


def test_nothing_but_an_improvement_is_one(own: Own) -> None:
    """Lower costs, and else the same."""
    own.write("params.share")
    dear = own.run("dear", end="2021-12-30", costs={"commission_bps": 50})
    cheap = own.run("cheap", end="2021-12-30", costs={"commission_bps": 0})

    found = compare(dear, cheap)
    assert (found.verdict, names(found)) == (IMPROVED, {"parameters": ["terms.commission_bps"]})
    assert compare(cheap, dear).verdict == REGRESSION


def test_a_strategy_that_reads_what_no_answer_knows_of_is_no_same(own: Own) -> None:
    beside = own.folder / "beside.txt"
    own.write(f"float(open({str(beside)!r}).read())")
    answers = []
    for share in ("0.4", "0.5"):
        beside.write_text(share, encoding="utf-8")
        answers.append(own.run(f"with-{share}", end="2021-12-30"))

    found = compare(*answers)
    assert (found.verdict, found.hint, names(found)) == (DRIFT, "not_repeatable", {})


def test_a_strategy_that_looks_ahead_is_found_out_by_a_later_end(own: Own) -> None:
    """Also one that no run by itself finds out: it remembers how the prices it was given first went on."""
    own.write("_share(prices)", HALVES + REMEMBERS)
    ends = ["2021-06-30", "2021-12-30", "2022-06-30", "2023-06-30", "2024-06-28"]

    answers = [own.run(f"until-{end}", end=end) for end in ends]
    found = [compare(one, other) for one, other in zip(answers, answers[1:])]
    assert [one.hint for one in found if one.verdict == DRIFT]
    assert {(one.verdict, one.hint) for one in found} <= {(SAME, None), (DRIFT, "looks_ahead")}


def test_another_strategy_is_not_compared(own: Own) -> None:
    own.write("params.share")
    own.road.submit(request_id="other", start="2021-01-04", end="2021-12-30", symbols=["990010"], benchmarks=[])
    mine = own.run("mine")

    assert compare(mine, side(own.road, "other")).verdict == NOT_COMPARABLE


def test_revised_prices_are_drift(own: Own, tmp_path: Path, new_road: Callable[..., Road], synthetic_data: Path) -> None:
    own.write("params.share")
    panel = open_prices(synthetic_data / "prices" / "synthetic")
    answers = []
    for name, prices in (("before", panel), ("after", _revised(panel, "2021-03-02", 1.2))):
        write_prices(tmp_path / name / "prices" / "local", replace(prices, synthetic=False, provider="by hand", fingerprint=""))
        own.road = Road(own.road.root, tmp_path / name, prices="local", strategies_path=own.folder)
        answers.append(own.run(name, end="2021-12-30"))

    found = compare(*answers)
    assert (found.verdict, found.hint) == (DRIFT, None)
    assert names(found) == {"prices": ["990010"]}
    assert [one["symbol"] for one in json.loads(json.dumps(found.as_dict()))["changed"]["prices"]] == ["990010"]


def _revised(panel: Prices, day: str, by: float) -> Prices:
    """One bar of one ETF is another."""
    row, column = int(np.searchsorted(panel.dates, np.datetime64(day))), panel.column("990010")
    fields: Dict[str, Any] = {name: np.array(getattr(panel, name)) for name in ("open", "high", "low", "close")}
    for field in fields.values():
        field[row, column] *= by
    return replace(panel, **fields)
