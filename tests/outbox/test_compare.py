"""How two answers stand to one another: each verdict, its edges, and what forbids any."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any, Dict, List, Sequence

import pytest

from outbox import DRIFT, IMPROVED, NOT_COMPARABLE, REGRESSION, SAME, Comparison, Side, causes_in_words, compare
from tests.harness.answers import GOOD

CODE = {"version": "1.0", "commit": "c0ffee", "strategy_sha256": "s1", "engine_sha256": "e1"}
SURROUNDINGS = {"python": "3.11.7", "platform": "linux", "numpy": "2.4.6", "matplotlib": "3.11.2"}
OTHER_CODE = {**CODE, "strategy_sha256": "s2"}
WAVE = [1 + 0.001 * day + 0.05 * (day % 7 == 3) for day in range(60)]
DAYS = [str(date(2024, 1, 1) + timedelta(days=day)) for day in range(80)]


def side(growth: Sequence[float] = WAVE, days: Sequence[str] = DAYS, **changes: Any) -> Side:
    """An answer with that curve."""
    days = days[: len(growth)]
    used = {"start": days[0] if days else None, "end": days[-1] if days else None, "n_days": len(days)}
    facts = {"code": CODE, "environment": SURROUNDINGS, "period": {"asked": {"start": None, "end": None}, "used": used}}
    return Side({**GOOD, **facts, **changes}, table(growth, days), b"date,symbol\n2024-01-02,1\n2024-02-01,1\n")


def table(growth: Sequence[float], days: Sequence[str]) -> bytes:
    """As an answer holds it."""
    return "\n".join(["date,STRAT,KOSPI", *(f"{day},{one!r},1.0" for day, one in zip(days, growth)), ""]).encode("utf-8-sig")


def scaled(by: float, since: int = 0) -> List[float]:
    """The wave, other by that factor from one day on."""
    return [one * by if day >= since else one for day, one in enumerate(WAVE)]


def data(**changes: Any) -> Dict[str, Any]:
    """Another version of the prices; with months where they are named."""
    symbol = {"first": "2016-01-04", "last": "2026-11-20", "rows": 2485, **changes}
    return {**GOOD["data"], "fingerprint": "g", "symbols": {"069500": symbol}}


def months(since: str, *hashes: str) -> Dict[str, str]:
    """One letter a month."""
    return {"from": since, "hashes": "".join(one * 8 for one in hashes)}


def verdict(a: Side, b: Side) -> str:
    return compare(a, b).verdict


# ---- the same ----


def test_equal_answers_are_the_same() -> None:
    found = compare(side(), side())

    assert (found.verdict, found.curve, found.hint, found.worse, found.better) == (SAME, None, None, [], [])
    assert found.days is not None
    assert (found.days.n, found.days.only_a, found.days.only_b) == (60, 0, 0)
    assert not any(found.changed)


def test_an_answer_that_goes_on_is_the_same_over_the_days_both_have() -> None:
    """Tomorrow's run is no drift of today's: old ones were compared with their last days and drifted every night."""
    found = compare(side(), side([*WAVE, 3.0, 0.5]))

    assert found.verdict == SAME
    assert found.days is not None
    assert (found.days.last, found.days.n, found.days.only_a, found.days.only_b) == (DAYS[59], 60, 0, 2)
    assert found.figures["Final_Return"].b == pytest.approx(WAVE[-1] - 1)
    assert verdict(side([*WAVE, 3.0, 0.5]), side()) == SAME


def test_days_that_only_one_has_in_between_are_left_out_of_both() -> None:
    fewer = [day for place, day in enumerate(DAYS) if place != 30]
    without = [one for place, one in enumerate(WAVE) if place != 30]
    found = compare(side(), side(without, fewer))

    assert found.verdict == SAME
    assert found.days is not None
    assert (found.days.n, found.days.only_a, found.days.only_b) == (59, 1, 0)


def test_last_digits_are_no_other_number() -> None:
    assert verdict(side(), side(scaled(1 + 1e-12))) == SAME


def test_fills_are_counted_over_the_days_both_have() -> None:
    found = compare(side(WAVE[:20]), side())

    assert found.figures["trades"] == (1, 1, 0)
    assert compare(side(), side()).figures["trades"] == (2, 2, 0)
    assert compare(side()._replace(trades=None), side()).figures["trades"] == (None, 2, None)


# ---- drift ----


def test_equal_inputs_with_other_numbers_are_drift_however_little() -> None:
    found = compare(side(), side(scaled(1 + 1e-7, since=10)))

    assert (found.verdict, found.hint) == (DRIFT, "not_repeatable")
    assert found.curve is not None
    assert found.curve.first == DAYS[10]
    assert found.curve.largest == pytest.approx(1e-7, rel=1e-3)


def test_another_environment_drifts_beyond_the_tolerance_only() -> None:
    newer = {**SURROUNDINGS, "numpy": "3.0.0"}
    little, much = (compare(side(), side(scaled(1 + by, 10), environment=newer)) for by in (1e-7, 1e-3))

    assert (little.verdict, much.verdict) == (SAME, DRIFT)
    assert much.changed.environment == [("numpy", "2.4.6", "3.0.0")]
    assert much.hint is None


def test_the_library_that_draws_is_no_other_environment() -> None:
    assert not any(compare(side(), side(environment={**SURROUNDINGS, "matplotlib": "4.0"})).changed)


def test_revised_prices_make_drift_and_are_named_by_symbol_and_month() -> None:
    before = data(fingerprint="f", months=months("2023-12", "a", "b", "c", "d"))
    after = data(months=months("2023-12", "a", "x", "c", "y"))
    found = compare(side(data={**before, "fingerprint": "f"}), side(scaled(1.01, 20), data=after))

    assert (found.verdict, found.hint, found.worse, found.better) == (DRIFT, None, [], ["CAGR", "Sharpe"])
    [change] = found.changed.prices
    assert (change.symbol, change.months) == ("069500", ["2024-01", "2024-03"])


def test_numbers_of_days_before_any_price_that_changed_hint_at_a_look_ahead() -> None:
    before = {**data(months=months("2024-01", "a", "b")), "fingerprint": "f"}
    after = data(last="2024-03-20", months=months("2024-01", "a", "b", "c"))
    growing = compare(side(data=before), side(scaled(1 + 1e-7, 20), data=after))
    unmoved = compare(side(data=before), side(data=after))

    assert (growing.verdict, growing.hint) == (DRIFT, "looks_ahead")
    assert (unmoved.verdict, unmoved.hint) == (SAME, None)


def test_a_later_last_day_that_changes_earlier_ones_hints_at_a_look_ahead_too() -> None:
    asked = {"asked": {"start": None, "end": DAYS[70]}, "used": {"start": DAYS[0], "end": DAYS[70], "n_days": 71}}
    found = compare(side(), side(scaled(1.01, 20), period=asked))

    assert (found.verdict, found.hint) == (DRIFT, "looks_ahead")
    assert [one.name for one in found.changed.period] == ["period.end"]


def test_other_numbers_that_no_figure_shows_are_drift_whatever_was_changed() -> None:
    """A day in the middle, and every figure where it was within its tolerance."""
    flat = [1.0, 1.0002, *[1.0] * 58]
    found = compare(side([1.0] * 60), side(flat, code=OTHER_CODE))
    assert found.figures["Sharpe"].a is None
    assert found.verdict == REGRESSION, "the fall is 0 in one of them: any other is beyond"
    up = [*[1.0] * 59, 1.0002]
    assert compare(side([1.0] * 60, params={"window": 1}), side([*[1.0] * 30, *[1.0005] * 29, 1.0])).verdict == REGRESSION
    assert compare(side(up), side([*up[:-2], 1.0002, 1.0002], code=OTHER_CODE)).verdict == DRIFT


# ---- regression and improvement ----


@pytest.mark.parametrize("changes", [{"code": OTHER_CODE}, {"params": {"window": 100}}], ids=["code", "parameters"])
def test_changed_code_or_parameters_make_it_better_or_worse(changes: Dict[str, Any]) -> None:
    better = compare(side(), side(scaled(1.02, 59), **changes))
    worse = compare(side(), side(scaled(0.98, 59), **changes))

    assert (better.verdict, better.worse) == (IMPROVED, [])
    assert {"CAGR", "Sharpe"} <= set(better.better)
    assert (worse.verdict, worse.better) == (REGRESSION, [])
    assert {"CAGR", "Sharpe"} <= set(worse.worse)


def test_any_figure_that_is_worse_decides() -> None:
    """A deeper fall on the way to a higher end."""
    deeper = [*[one * (0.8 if 20 <= day < 25 else 1) for day, one in enumerate(WAVE[:-1])], WAVE[-1] * 1.5]
    found = compare(side(), side(deeper, code=OTHER_CODE))

    assert found.verdict == REGRESSION
    assert "MDD" in found.worse
    assert "CAGR" in found.better


def test_a_change_that_changes_nothing_is_the_same() -> None:
    found = compare(side(), side(code=OTHER_CODE, params={"window": 100}))

    assert found.verdict == SAME
    assert found.changed.code == [("strategy_sha256", "s1", "s2")]
    assert found.changed.parameters == [("params.window", 200, 100)]


@pytest.mark.parametrize(
    ("fall", "wanted"),
    [(0.5, ""), (0.50005, ""), (0.500050001, "worse"), (0.49995, ""), (0.499949999, "better")],
    ids=["equal", "exactly the tolerance", "beyond it", "exactly, better", "beyond it, better"],
)
def test_a_tolerance_holds_up_to_its_edge(fall: float, wanted: str) -> None:
    """1e-4 of 0.5 is 0.00005."""
    a, b = ([1.0, 1.0, 1 - one, 1.0, 1.0] for one in (0.5, fall))
    found = compare(side(a), side(b, code=OTHER_CODE))

    assert [way for way in ("worse", "better") if "MDD" in getattr(found, way)] == ([wanted] if wanted else [])


def test_beside_a_fall_of_nothing_every_fall_is_worse() -> None:
    rising, dented = [1.0, 1.1, 1.2, 1.3], [1.0, 1.1, 1.0999, 1.3]

    assert compare(side(rising), side(dented, code=OTHER_CODE)).worse == ["MDD", "Sharpe"]
    assert compare(side(rising), side([1.0, 1.1, 1.1 - 1e-15, 1.3], code=OTHER_CODE)).worse == ["Sharpe"]
    assert "MDD" in compare(side(dented), side(rising, code=OTHER_CODE)).better


def test_a_figure_that_one_of_them_has_not_decides_nothing() -> None:
    """Cash all the time has no Sharpe ratio."""
    found = compare(side([1.0] * 60), side(code=OTHER_CODE))

    assert found.figures["Sharpe"].a is None
    assert found.figures["Sharpe"].change is None
    assert "Sharpe" not in [*found.worse, *found.better]
    assert found.verdict == REGRESSION
    assert found.worse == ["MDD"]
    assert found.better == ["CAGR"]


def test_one_day_has_no_spread_and_is_compared() -> None:
    same, other = compare(side([1.01]), side([1.01])), compare(side([1.01]), side([1.02]))

    assert (same.verdict, other.verdict) == (SAME, DRIFT)
    assert same.figures["volatility"] == same.figures["Sharpe"] == (None, None, None)


def test_losing_everything_is_a_regression() -> None:
    found = compare(side(), side([*WAVE[:30], *[0.0] * 30], code=OTHER_CODE))

    assert found.verdict == REGRESSION
    assert found.figures["CAGR"].b == -1.0
    assert found.figures["MDD"].b == -1.0


def test_prices_and_code_that_changed_together_are_both_named() -> None:
    found = compare(side(), side(scaled(0.9, 20), code=OTHER_CODE, data=data()))

    assert found.verdict == REGRESSION
    assert found.changed.code
    assert found.changed.prices


# ---- not comparable ----


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("status", {"status": "FAILED"}),
        ("strategy", {"strategy": "another"}),
        ("made_up", {"data": {**GOOD["data"], "synthetic": True}}),
        ("symbols", {"universe": {"name": None, "from": "request", "symbols": ["000660"]}}),
        (
            "start",
            {"period": {"asked": {"start": DAYS[1], "end": None}, "used": {"start": DAYS[1], "end": DAYS[9], "n_days": 9}}},
        ),
    ],
)
def test_what_forbids_a_comparison_is_the_reason(kind: str, changes: Dict[str, Any]) -> None:
    for pair in ((side(), side(**changes)), (side(**changes), side())):
        found = compare(*pair)
        assert found.verdict == NOT_COMPARABLE
        assert found.reason is not None
        assert found.reason.kind == kind


def test_beside_an_answer_without_numbers_nothing_is_said_to_differ() -> None:
    failed = side(status="FAILED", params={})

    assert causes_in_words(compare(side(), failed), "en") == []
    assert causes_in_words(compare(side(), side(params={})), "en") != []


def test_two_failures_are_not_the_same() -> None:
    failed = side(status="FAILED")

    assert verdict(failed, failed) == NOT_COMPARABLE


def test_curves_that_share_no_day_are_not_compared() -> None:
    found = compare(side(WAVE[:10]), side(WAVE[:10], DAYS[40:]))

    assert found.reason == ("days", f"{DAYS[0]} to {DAYS[9]}", f"{DAYS[40]} to {DAYS[49]}")
    assert (found.days, found.figures) == (None, {})


@pytest.mark.parametrize(
    "curve",
    [
        b"",
        b"date,STRAT\n",
        b"date,KOSPI\n2024-01-01,1\n",
        table([1.0, float("nan")], DAYS),
        table([1.0, 1.0], DAYS[1::-1]),
        table([1.0], ["yesterday"]),
        b"date,STRAT\n2024-01-01\n",
        b"\xff\xfe",
        table([1e60, 1e-60], DAYS),
        table(WAVE, DAYS)[:-3],
        table([], DAYS),
    ],
)
def test_a_curve_that_is_not_here_or_no_curve_is_not_compared(curve: bytes) -> None:
    found = compare(side(), side()._replace(curve=curve))

    assert (found.verdict, found.reason) == (NOT_COMPARABLE, ("curve", True, False))


def test_a_curve_is_read_whoever_wrote_its_lines_and_its_head() -> None:
    plain = "\r\n".join(['date,KOSPI,"ACME, Inc.",STRAT', *(f"{day},1,2,{one!r}" for day, one in zip(DAYS, WAVE)), ""])
    found = compare(side(), side()._replace(curve=plain.encode()))

    assert (found.verdict, found.curve) == (SAME, None)


def test_another_strategy_over_the_same_days_shows_its_figures_all_the_same() -> None:
    found = compare(side(), side(scaled(1.5), strategy="another"))

    assert found.figures["Final_Return"].change == pytest.approx(WAVE[-1] / 2)


# ---- what is asked alike ----


def test_the_order_of_symbols_and_what_is_only_shown_is_no_difference() -> None:
    one, other = (
        {"name": name, "from": origin, "symbols": symbols}
        for name, origin, symbols in (("X", "universe", ["1", "2"]), (None, "request", ["2", "1"]))
    )
    found = compare(side(universe=one), side(universe=other, benchmarks={"used": [], "skipped": {}}))

    assert not any(found.changed)
    assert found.verdict == SAME


def test_a_universe_that_lost_a_symbol_is_compared_and_named() -> None:
    one, other = ({"name": None, "from": "request", "symbols": symbols} for symbols in (["1", "2"], ["2", "3"]))

    assert compare(side(universe=one), side(universe=other)).changed.parameters == [("universe.symbols", ["1"], ["3"])]


def test_what_differs_is_named_to_the_last_word() -> None:
    deep = {**GOOD["terms"], "costs": {"tax": {"KOSPI": 15}}}
    found = compare(side(terms={**deep}), side(terms={**GOOD["terms"], "costs": {"tax": {"KOSPI": 18}}, "lot": 10}))

    assert found.changed.parameters == [("terms.lot", 1, 10), ("terms.costs.tax.KOSPI", 15, 18)]


def test_a_commit_that_left_the_engine_alone_is_no_other_code() -> None:
    assert not any(compare(side(), side(code={**CODE, "commit": "beef"})).changed)
    old = {name: one for name, one in CODE.items() if name != "engine_sha256"}
    assert compare(side(code=old), side(code={**old, "commit": "beef"})).changed.code == [("commit", "c0ffee", "beef")]
    newer = {**CODE, "engine_sha256": "e2", "version": "1.1"}
    assert [one.name for one in compare(side(), side(code=newer)).changed.code] == ["engine_sha256", "version"]


def test_a_comparison_can_be_written_as_json() -> None:
    found: Comparison = compare(side(), side(scaled(1.01), data=data(), params={"window": 1}, strategy="another"))
    told = json.loads(json.dumps(found.as_dict(), allow_nan=False))

    assert set(told) == {*Comparison._fields}
    assert told["reason"] == {"kind": "strategy", "a": "krx_ma200", "b": "another"}
    assert told["figures"]["CAGR"].keys() == {"a", "b", "change"}
    assert told["changed"]["parameters"] == [{"name": "params.window", "a": 200, "b": 1}]
    assert told["changed"]["prices"][0]["months"] is None


@pytest.mark.parametrize("odd", [{}, {"data": 1, "code": [], "universe": {"symbols": 3}, "period": None, "params": "x"}])
def test_a_manifest_of_anybodys_breaks_nothing(odd: Dict[str, Any]) -> None:
    for pair in ((Side(odd), side()), (side(), Side(odd)), (Side(odd), Side(odd))):
        assert verdict(*pair) == NOT_COMPARABLE
