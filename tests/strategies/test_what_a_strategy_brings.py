"""What a strategy brings along holds where its request is silent: terms, benchmarks, symbols it only looks at."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict

import pytest

from inbox import Costs, Rules
from shared.catalog import Catalog
from shared.market import chosen, universe_of
from shared.strategies import lookback_of, strategy_of
from tests.harness.documents import codes, rows, text_of
from tests.harness.picks import story
from tests.harness.road import Road

ASKED: Dict[str, Any] = {"strategy": "momentum_topN_v1", "universe": "SYNTHETIC_ETF", "start": "2020-01-01", "end": "2021-12-31"}
OWN = {"regime_symbol": "KOSPI", "core_holdings": "990080,069500"}


def test_a_request_for_momentum_is_answered_on_its_own_terms(road: Road) -> None:
    road.submit(request_id="plain", params=OWN, **ASKED)
    asked = {"position_cap": None, "cooldown_days": 0, "lot": 10}
    road.submit(request_id="other", params=OWN, rules=asked, costs={"slippage_bps": 1}, **ASKED)
    assert road.drain() == 0
    plain, other = road.manifest("plain"), road.manifest("other")

    told = {name: plain["terms"][name] for name in ("position_cap", "volatility_target", "cooldown_days", "commission_bps")}
    assert told == {"position_cap": 0.25, "volatility_target": 0.12, "cooldown_days": 5, "commission_bps": 3.0}
    told = {name: other["terms"][name] for name in ("position_cap", "volatility_target", "cooldown_days", "slippage_bps", "lot")}
    assert told == {"position_cap": None, "volatility_target": 0.12, "cooldown_days": 0, "slippage_bps": 1.0, "lot": 10}

    assert plain["metrics"]["trades"] > 20
    assert plain["checks"]["reconciled"] is True
    assert plain["checks"]["look_ahead"]["equal"] is True
    assert plain["checks"]["warm_up"] == {"lookback": 200, "sessions_without": 0}
    assert "CORE_HOLDINGS invalid: 069500: not in the universe, ignored" in plain["degraded"]


def test_what_it_only_looks_at_is_not_traded_and_its_prices_are_told(road: Road) -> None:
    road.submit(request_id="one", params=OWN, **ASKED)
    assert road.drain() == 0
    manifest = road.manifest("one")
    assert "KOSPI" not in manifest["universe"]["symbols"]
    assert manifest["data"]["symbols"]["KOSPI"]["rows"] > 1000
    traded = (road.outbox.done / "one" / "trades.csv").read_text(encoding="utf-8-sig")
    assert ",990080," in traded
    assert ",KOSPI," not in traded
    assert not [note for note in manifest["degraded"] if "regime" in note]


def test_a_regime_symbol_without_prices_is_said_on_the_answer(road: Road) -> None:
    road.submit(request_id="blind", **ASKED)
    assert road.drain() == 0
    [said] = [note for note in road.manifest("blind")["degraded"] if "regime" in note]
    assert said.endswith("taken as on: 069500: it is not among these prices")


def test_where_nobody_names_what_to_trade_it_is_the_strategys_universe(road: Road) -> None:
    """None of it is among the made-up prices."""
    road.submit(request_id="unnamed", strategy="momentum_topN_v1")
    assert road.drain() == 1
    error = road.manifest("unnamed")["error"]
    assert "KOR_ETF_CORE" in error["what"]
    road.submit(request_id="named", strategy="momentum_topN_v1", symbols=["990010", "990020"])
    assert road.drain() == 0
    assert road.manifest("named")["universe"]["symbols"] == ["990010", "990020"]


def test_a_universe_names_those_the_prices_have_no_name_for(tmp_path: Path) -> None:
    """Else nobody could be excluded by name where prices came without names."""
    listed = '[{symbol: "A00001", name: KODEX}, {symbol: "B00001", name: KODEX 인버스}, {symbol: "C00001", name: KODEX 2X}]'
    (tmp_path / "MINE.yaml").write_text(f"symbols: {listed}", encoding="utf-8")
    panel = story({"A00001": [100, 101], "B00001": [100, 110], "C00001": [100, 120]}, names={"C00001": "its own"})
    prices = chosen(universe_of("MINE", tmp_path), panel, slice(0, 20)).prices
    assert prices.names == {"A00001": "KODEX", "B00001": "KODEX 인버스", "C00001": "its own"}


OF_ITS_OWN = """
from pydantic import BaseModel, ConfigDict
from shared.strategies import Targets

SYMBOLS = ("990010",)
BENCHMARKS = ("990020",)
RULES = {0}

class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")

def decide(prices, params):
    import numpy as np
    return Targets(np.array([0]), np.array([[1.0]]))
"""


@pytest.mark.parametrize(("asked", "used"), [({}, ["990020"]), ({"benchmarks": ["KOSPI"]}, ["KOSPI"]), ({"benchmarks": []}, [])])
def test_benchmarks_are_the_requests_else_the_strategys(
    new_road: Callable[..., Road], tmp_path: Path, asked: Dict[str, Any], used: Any
) -> None:
    (tmp_path / "own.py").write_text(OF_ITS_OWN.replace("{0}", "{}"), encoding="utf-8")
    road = new_road(strategies_path=tmp_path)
    road.submit(request_id="one", strategy="own", **asked)
    assert road.drain() == 0
    assert road.manifest("one")["benchmarks"]["used"] == used


@pytest.mark.parametrize(("rules", "said"), [('{"position_cap": 7}', "position_cap"), ('{"cap": 1}', "cap"), ("5", "int")])
def test_terms_of_its_own_that_are_none_fail_by_name(
    new_road: Callable[..., Road], tmp_path: Path, rules: str, said: str
) -> None:
    (tmp_path / "own.py").write_text(OF_ITS_OWN.replace("{0}", rules), encoding="utf-8")
    road = new_road(strategies_path=tmp_path)
    road.submit(request_id="one", strategy="own")
    assert road.drain() == 1
    error = road.manifest("one")["error"]
    assert (error["code"], error["what"]) == ("E-STRATEGY-FAILED", "reading RULES of strategy 'own'")
    assert said in error["why"]


STRATEGIES = sorted(Catalog("shared.strategies").names())


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_is_one_short_file(name: str) -> None:
    text = Catalog("shared.strategies").names()[name].read_text(encoding="utf-8")
    assert text.count("\n") <= 85


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_a_strategy_says_of_itself_is_what_it_may_say(name: str) -> None:
    module = Catalog("shared.strategies").load(name)
    assert lookback_of(strategy_of(name, {}, None))
    assert Rules(**getattr(module, "RULES", {})).model_fields_set == set(getattr(module, "RULES", {}))
    assert Costs(**getattr(module, "COSTS", {})).model_fields_set == set(getattr(module, "COSTS", {}))
    assert all(isinstance(one, str) for one in getattr(module, "BENCHMARKS", ()))


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_page_has_every_strategy_with_its_parameters_and_defaults(name: str) -> None:
    [row] = [cells for cells in rows(text_of("strategies.md")) if cells[0] == f"`{name}`"]
    strategy = strategy_of(name, {}, None)
    told = codes(" ".join(row[1:]))
    assert set(strategy.params.model_dump()) <= told
    brought = [getattr(strategy.module, name, ()) for name in ("RULES", "COSTS", "BENCHMARKS")]
    assert {name for names in brought for name in names} <= told
    assert not hasattr(strategy.module, "UNIVERSE") or strategy.module.UNIVERSE in told
