"""Numbers a person would believe although something about them is odd: each is refused, right, or says so itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inbox import Costs, Request, Rules
from pc.engine import accepted
from pc.run import Ran, run
from shared.config import Settings
from shared.errors import DataMissing, ParamsInvalid
from shared.market import FIELDS, Prices, open_prices, write_prices
from shared.market.providers import synthetic
from shared.strategies import Targets

LENIENT = """
from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from shared.strategies import Targets

SYMBOLS = ("KOSPI",)

class Params(BaseModel):
    {config}
    window: int = 200
    level: float = Field(0.5, alias="threshold")
    depth: int = Field(1, validation_alias=AliasChoices("deep", "depth"))

def decide(prices, params):
    import numpy as np
    return Targets(np.array([0]), np.ones((1, len(prices.symbols))) / len(prices.symbols))
"""
PERIOD = {"start": "2020-01-02", "end": "2020-06-30", "charts": False}


@pytest.fixture
def settings(synthetic_data: Path, tmp_path: Path) -> Settings:
    (tmp_path / "lenient.py").write_text(LENIENT.format(config=""), encoding="utf-8")
    (tmp_path / "open_minded.py").write_text(LENIENT.format(config='model_config = ConfigDict(extra="allow")'), encoding="utf-8")
    return Settings(prices="synthetic", data=synthetic_data, strategies_path=tmp_path)


def ran(settings: Settings, strategy: str = "lenient", **fields: Any) -> tuple[Ran, dict[str, bytes]]:
    files: dict[str, bytes] = {}
    request = Request.model_validate({"strategy": strategy, **PERIOD, **fields})
    return run(request, settings, files.__setitem__, lambda phase, percent: None), files


def rows_of(table: bytes) -> list[list[str]]:
    return [line.split(",") for line in table.decode("utf-8-sig").splitlines()[1:]]


# ---- parameters ----


@pytest.mark.parametrize(("given", "said"), [({"windwo": 5}, "'window'"), ({"level": 0.1}, "threshold"), ({"": 1}, "there are")])
def test_a_misspelt_parameter_is_refused_by_every_strategy(settings: Settings, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ParamsInvalid, match=f"has no parameter '{next(iter(given))}'.*{said}"):
        ran(settings, params=given)


def test_a_parameter_is_known_by_every_name_its_strategy_gives_it(settings: Settings) -> None:
    for given in ({"window": 5}, {"threshold": 0.1}, {"deep": 2}, {"depth": 2}):
        assert ran(settings, params=given)[0].status == "SUCCEEDED"


def test_a_strategy_that_asks_for_any_parameter_gets_it(settings: Settings) -> None:
    assert ran(settings, "open_minded", params={"anything": 5})[0].params["anything"] == 5


# ---- the decision that stands when a period starts ----


@pytest.mark.parametrize(("execution", "column"), [("next_open", "open"), ("next_close", "close"), ("same_close", "close")])
def test_buy_and_hold_decided_before_the_period_is_filled_on_its_first_day(
    settings: Settings, execution: str, column: str
) -> None:
    told, files = ran(settings, execution=execution)
    trades = rows_of(files["trades.csv"])
    prices = synthetic.make_prices()
    first = prices.rows(np.datetime64("2020-01-02").astype(object), None).start

    assert told.metrics["trades"] == len(trades) == 1
    assert trades[0][:2] == ["2020-01-02", "KOSPI"]
    assert float(trades[0][5]) == getattr(prices, column)[first, 0]


def test_only_the_last_decision_before_the_period_stands() -> None:
    weights = np.array([[0.1], [0.2], [0.3], [0.4]])

    def counted(rows: list[int], first: int, lag: int) -> tuple[list[int], list[float]]:
        kept = accepted(Targets(np.array(rows), weights[: len(rows)]), (10, 1), first, lag)
        return kept.rows.tolist(), kept.weights[:, 0].tolist()

    assert counted([0, 2, 5, 6], 5, 1) == ([4, 5, 6], [0.2, 0.3, 0.4])
    assert counted([0, 2, 5, 6], 5, 0) == ([5, 6], [0.3, 0.4])
    assert counted([0, 2, 4, 6], 5, 0) == ([5, 6], [0.3, 0.4])
    assert counted([0, 2, 3, 4], 9, 1) == ([8], [0.4])
    assert counted([0, 2], 0, 1) == ([0, 2], [0.1, 0.2])
    assert counted([], 5, 1) == ([], [])


def test_what_stood_before_the_period_is_decided_on_prices_before_it(settings: Settings, tmp_path: Path) -> None:
    """The number of shares follows from the close before the period; the first day's own close changes nothing in it."""
    prices = synthetic.make_prices()
    first = prices.rows(np.datetime64("2020-01-02").astype(object), None).start
    later = {name: getattr(prices, name).copy() for name in FIELDS}
    later["close"][first:] *= 0.5
    write_prices(tmp_path / "prices" / "local", replace(prices, **later, synthetic=False))
    changed = settings.model_copy(update={"data": tmp_path, "prices": "local"})
    one, other = (rows_of(ran(which)[1]["trades.csv"])[0] for which in (settings, changed))

    assert one == other


# ---- what an answer says about itself ----


@pytest.mark.parametrize(
    ("end", "said"), [("2020-01-02", ["only 1 session:"]), ("2020-01-29", ["only 19 sessions:"]), ("2020-02-28", [])]
)
def test_a_year_made_of_a_few_days_says_so(settings: Settings, end: str, said: list[str]) -> None:
    """+0.3 % in a day is +121 % a year."""
    told, files = ran(settings, end=end)
    assert [warning[: len(wanted)] for warning, wanted in zip(told.degraded, said, strict=True)] == said
    assert all(wanted in files["report.txt"].decode() for wanted in said)


def test_an_answer_names_the_terms_it_traded_on(settings: Settings) -> None:
    told, _ = ran(settings, capital=5_000_000, costs={"commission_bps": 1.5}, rules={"lot": 10}, execution="next_close")
    wanted = {"capital": 5_000_000, "commission_bps": 1.5, "slippage_bps": 5.0, "lot": 10, "execution": "next_close"}

    assert {name: told.terms[name] for name in wanted} == wanted
    assert set(told.terms) == set(wanted) | set(Costs.model_fields) | set(Rules.model_fields)
    assert told.degraded == []


def test_deciding_and_filling_at_one_close_is_told(settings: Settings) -> None:
    told, files = ran(settings, execution="same_close")

    assert told.degraded == ["same_close decides and fills at the same close"]
    assert "[WARN] same_close" in files["report.txt"].decode()


def test_a_symbol_that_begins_in_the_period_is_told_with_its_day(settings: Settings) -> None:
    told, _ = ran(settings, symbols=["KOSPI", synthetic.LATE_SYMBOL], start="2018-01-02", end="2020-01-31")

    assert f"{synthetic.LATE_SYMBOL}: first price {synthetic.LATE_FROM}, after the start of the period" in told.degraded
    assert not any("KOSPI" in one for one in told.degraded)


def test_a_benchmark_that_ends_in_the_period_is_told_with_its_day(settings: Settings, tmp_path: Path) -> None:
    write_prices(tmp_path / "prices" / "local", without_the_end(synthetic.make_prices(), "990010", "2020-05-01"))
    local = settings.model_copy(update={"data": tmp_path, "prices": "local"})
    told, _ = ran(local, benchmarks=["KOSPI", "990010"])

    assert told.degraded == ["benchmark 990010: last price 2020-04-29, before the end of the period"]


def without_the_end(prices: Prices, symbol: str, day: str) -> Prices:
    arrays = {name: getattr(prices, name).copy() for name in FIELDS}
    for array in arrays.values():
        array[prices.dates >= np.datetime64(day), prices.column(symbol)] = np.nan
    return replace(prices, **arrays)


# ---- a panel that is not what it says ----


def _panel(**changes: Any) -> Prices:
    dates = np.datetime64("2024-01-01") + np.arange(4).astype("timedelta64[D]")
    bars = {name: np.full((4, 2), 100.0) for name in FIELDS}
    return Prices(**{"dates": dates, "symbols": ("KOSPI", "069500"), **bars, "synthetic": False, "provider": "x", **changes})


@pytest.mark.parametrize("days", [[0, 2, 1, 3], [2, 3, 0, 1], [0, 1, 1, 2]], ids=["one misplaced", "rolled", "one twice"])
def test_a_panel_whose_days_do_not_ascend_is_refused(days: list[int]) -> None:
    with pytest.raises(ValueError, match="days do not ascend"):
        _panel(dates=np.datetime64("2024-01-01") + np.array(days).astype("timedelta64[D]"))


def test_an_infinite_price_is_never_written(tmp_path: Path) -> None:
    close = np.full((4, 2), 100.0)
    close[2, 1] = np.inf
    with pytest.raises(ValueError, match="infinite"):
        write_prices(tmp_path / "local", _panel(close=close))
    assert not (tmp_path / "local").exists()
    with pytest.raises(DataMissing, match="a close is infinite"):
        _panel(close=close).growth("069500", slice(0, 4))


def test_two_columns_that_changed_their_names_are_noticed(tmp_path: Path) -> None:
    """Other numbers would stand under the same fingerprint."""
    write_prices(tmp_path / "local", _panel())
    assert open_prices(tmp_path / "local").symbols == ("KOSPI", "069500")
    about = tmp_path / "local" / "about.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "symbols": ["069500", "KOSPI"]}))
    with pytest.raises(DataMissing, match="changed since it was made"):
        open_prices(tmp_path / "local")
