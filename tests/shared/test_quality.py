"""What is odd about prices is found, masked or left out, and told by a code; what is ordinary is not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared.krx_calendar import shipped_calendar
from shared.market import FIELDS, Prices
from shared.market.bars import bars_from
from shared.market.panel import fingerprint_of
from shared.market.quality import CODES, Finding, disagreement, examined, sentence, write_quality
from tests.harness.documents import named, text_of

KNOWN = shipped_calendar()
NAN = float("nan")


def sessions(count: int, since: date = date(2024, 1, 2)) -> list[date]:
    return KNOWN.sessions(since, KNOWN.verified_through)[:count]


def panel(closes: dict[str, list[float]], since: date = date(2024, 1, 2), **changed: Any) -> Prices:
    """Sessions in a row; each bar is its close, ten were traded."""
    close = np.array(list(closes.values()), dtype=np.float64).T
    facts: dict[str, Any] = {"provider": "test", "synthetic": False, "volume": np.where(np.isnan(close), NAN, 10.0)}
    facts |= {name: close.copy() for name in ("open", "high", "low", "close")}
    dates = np.array(sessions(len(close), since), dtype="datetime64[D]")
    return Prices(**{"dates": dates, "symbols": tuple(closes), **facts, **changed})


def with_bar(prices: Prices, row: int, **numbers: float) -> Prices:
    """The same with some numbers of the first symbol's bar changed."""
    arrays = {name: getattr(prices, name).copy() for name in FIELDS}
    for name, number in numbers.items():
        arrays[name][row, 0] = number
    facts = {
        name: getattr(prices, name) for name in ("dates", "symbols", "synthetic", "provider", "delisted", "kinds", "adjusted")
    }
    return Prices(**arrays, **facts)


def looked_at(prices: Prices, **options: Any) -> tuple[Prices, list[Finding]]:
    seen, found = examined(prices, prices.dates[-1].item(), KNOWN, **options)
    return seen, list(found)


def said(prices: Prices, **options: Any) -> list[tuple[str, str, str, str, int]]:
    return [(one.symbol, one.code, one.severity, one.done, one.count) for one in looked_at(prices, **options)[1]]


FLAT = [100.0] * 8


def test_of_ordinary_prices_nothing_is_found_and_they_stay_what_they_are() -> None:
    prices = panel({"069500": [100.0, 129, 91, 100, 101, 102, 103, 104], "KOSPI": [2000.0, 1100, *[1600.0] * 6]})
    seen, found = looked_at(prices)
    assert (found, seen.findings, seen.notes) == ([], {}, {})
    assert seen.fingerprint == fingerprint_of(prices)


def test_a_gap_between_two_bars_is_told_and_one_before_the_first_is_none() -> None:
    prices = panel({"069500": [NAN, 100, NAN, NAN, 100, 100, 100, 100], "000660": FLAT, "KOSPI": [NAN, 1, NAN, *[1.0] * 5]})
    [one] = looked_at(prices)[1]
    days = sessions(8)
    assert one == Finding("069500", "Q-GAP", "WARNING", "kept", days[2], days[3], 2, f"no bar on {days[2]}, {days[3]}")


def test_a_day_nobody_has_is_told_once_and_not_of_every_symbol() -> None:
    prices = panel({"069500": FLAT, "000660": FLAT})
    rows_there = [0, 1, 2, 4, 5, 6, 7]
    cut = Prices(
        prices.dates[rows_there],
        prices.symbols,
        **{name: getattr(prices, name)[rows_there] for name in FIELDS},
        synthetic=False,
        provider="test",
    )
    assert said(cut) == [("", "Q-GAP", "WARNING", "kept", 1)]


def test_a_bar_on_a_holiday_is_told_and_is_no_session_for_the_others() -> None:
    days = np.array(["2024-02-08", "2024-02-09", "2024-02-13"], dtype="datetime64[D]")
    prices = panel({"069500": [1.0, 1, 1], "000660": [1.0, NAN, 1]}, dates=days)
    assert said(prices) == [("", "Q-NO-SESSION", "WARNING", "kept", 1)]


def test_prices_that_do_not_reach_the_day_they_should_are_stale_as_a_whole() -> None:
    prices = panel({"069500": FLAT}, since=date(2026, 11, 9))
    last = prices.dates[-1].item()
    assert last == date(2026, 11, 18)
    found = {day: [one.code for one in examined(prices, day, KNOWN)[1]] for day in (last, date(2026, 11, 19), date(2026, 11, 20))}
    assert found == {last: [], date(2026, 11, 19): ["Q-STALE"], date(2026, 11, 20): ["Q-STALE"]}
    [stale] = examined(prices, date(2026, 11, 20), KNOWN)[1]
    assert (stale.symbol, stale.first, stale.last, stale.count) == ("", date(2026, 11, 19), date(2026, 11, 20), 2)


def test_on_a_holiday_nothing_is_stale() -> None:
    """Prices reach the last session there was: Seoul's new year is Friday and Monday."""
    prices = panel({"069500": FLAT}, since=date(2024, 1, 30))
    assert prices.dates[-1].item() == date(2024, 2, 8)
    assert examined(prices, date(2024, 2, 12), KNOWN)[1] == ()


def test_one_symbol_that_lags_behind_is_stale_and_a_foreign_one_may_lag_a_week() -> None:
    short, long = [100.0] * 6 + [NAN] * 2, [100.0] + [NAN] * 7
    assert said(panel({"069500": short, "000660": FLAT, "SPY": short})) == [("069500", "Q-STALE", "WARNING", "kept", 2)]
    assert said(panel({"000660": FLAT, "SPY": long})) == [("SPY", "Q-STALE", "WARNING", "kept", 7)]


def test_who_is_said_to_be_delisted_or_has_no_bar_for_a_month_is_told_with_the_reason_and_keeps_its_past() -> None:
    closes = {"000660": [100.0] * 30, "068270": [100.0] * 10 + [NAN] * 20, "069500": [100.0] * 25 + [NAN] * 5}
    end = sessions(30)[24]
    prices = panel(closes, delisted={"069500": end})
    seen, found = looked_at(prices)
    assert [(one.symbol, one.code, one.severity, one.done, one.text) for one in found] == [
        ("068270", "Q-DELISTED", "INFO", "left_out", f"no bar since {sessions(30)[9]}: it counts as delisted"),
        ("069500", "Q-DELISTED", "INFO", "left_out", f"delisted on {end}"),
    ]
    assert seen.symbols == prices.symbols
    assert seen.notes == {}, "it is only good to know"


def test_a_symbol_without_trade_to_the_end_is_halted_and_fills_nothing() -> None:
    volume = np.full((8, 1), 10.0)
    volume[3:] = 0
    seen, [one] = looked_at(panel({"069500": FLAT}, volume=volume))
    assert (one.code, one.severity, one.done, one.count, one.first) == ("Q-HALTED", "INFO", "left_out", 5, sessions(8)[3])
    assert not seen.tradable[3:].any()
    assert said(panel({"069500": FLAT}, volume=np.where(np.arange(8) == 3, 1.0, volume[:, 0])[:, None])) == []


def test_bars_after_the_end_are_another_ones() -> None:
    assert said(panel({"069500": FLAT}, delisted={"069500": sessions(8)[5]})) == [("069500", "Q-AFTER-END", "WARNING", "kept", 2)]


@pytest.mark.parametrize("name", [*FIELDS, "value"])
def test_a_number_below_zero_is_masked_and_that_bar_fills_nothing(name: str) -> None:
    prices = panel({"069500": FLAT}, value=np.full((8, 1), 1000.0))
    array = getattr(prices, name).copy()
    array[3, 0] = -1
    fields = {one: getattr(prices, one) for one in (*FIELDS, "value")} | {name: array}
    seen, found = looked_at(Prices(prices.dates, prices.symbols, **fields, synthetic=False, provider="test"))
    assert [(one.code, one.done, one.text) for one in found if one.code == "Q-NO-PRICE"] == [
        ("Q-NO-PRICE", "masked", f"{name} below 0 on {sessions(8)[3]}")
    ]
    assert getattr(seen, name)[3, 0] == 0
    assert (getattr(seen, name) >= 0).all()
    assert seen.tradable[3, 0] == (name == "value")
    assert array[3, 0] == -1, "whose prices they are keeps them"


def test_a_high_below_the_low_is_masked() -> None:
    seen, [one] = looked_at(with_bar(panel({"069500": FLAT}), 3, high=90.0, low=110.0))
    assert (one.code, one.done) == ("Q-UPSIDE-DOWN", "masked")
    assert (seen.high[3, 0], seen.low[3, 0], seen.tradable[3, 0]) == (0, 0, False)


def test_a_price_of_zero_on_a_day_with_trade_is_told_and_a_halt_is_none() -> None:
    assert said(with_bar(panel({"069500": FLAT}), 3, open=0.0, high=0.0, low=0.0)) == [
        ("069500", "Q-NO-PRICE", "INFO", "masked", 1)
    ]
    assert said(with_bar(panel({"069500": FLAT}), 3, close=0.0, low=90.0)) == [("069500", "Q-NO-PRICE", "INFO", "masked", 1)]
    assert said(with_bar(panel({"069500": FLAT}), 3, open=0.0, high=0.0, low=0.0, volume=0.0)) == []


def test_a_close_outside_its_bar_is_kept_and_told() -> None:
    seen, [one] = looked_at(with_bar(panel({"069500": FLAT}), 3, open=100.0, high=101.0, low=99.0, close=105.0))
    assert (one.code, one.done, seen.close[3, 0]) == ("Q-OUTSIDE", "kept", 105)


def test_a_price_that_moves_without_volume_is_good_to_know() -> None:
    prices = with_bar(panel({"069500": [100.0, 100, 100, 101, 101, 101, 101, 101]}), 3, volume=0.0)
    assert said(prices) == [("069500", "Q-VOLUME", "INFO", "kept", 1)]
    assert said(with_bar(panel({"069500": FLAT}), 3, volume=0.0)) == []


@pytest.mark.parametrize(
    ("since", "facts", "move", "beyond"),
    [
        (date(2024, 1, 2), {}, 1.30, False),
        (date(2024, 1, 2), {}, 1.31, True),
        (date(2024, 1, 2), {}, 0.69, True),
        (date(2010, 1, 4), {}, 1.15, False),
        (date(2010, 1, 4), {}, 1.16, True),
        (date(2015, 6, 9), {}, 1.20, True),  # a Friday; from the Monday on it may be 30 %
        (date(2015, 6, 10), {}, 1.20, False),
        (date(2024, 1, 2), {"kinds": {"069500": "KONEX"}}, 1.16, True),
        (date(2024, 1, 2), {"kinds": {"069500": "ETF"}, "names": {"069500": "KODEX 레버리지"}}, 1.59, False),
        (date(2024, 1, 2), {"kinds": {"069500": "ETF"}, "names": {"069500": "KODEX 레버리지"}}, 1.61, True),
        (date(2010, 1, 4), {"names": {"069500": "어느 인버스2X"}}, 1.29, False),
        (date(2024, 1, 2), {"kinds": {"069500": "INDEX"}}, 1.29, False),
        (date(2024, 1, 2), {"kinds": {"069500": "INDEX"}}, 1.31, True),
        (date(2014, 1, 2), {"kinds": {"069500": "INDEX"}}, 1.16, True),
    ],
)
def test_a_jump_is_one_beyond_the_limit_of_its_day_market_and_kind(
    since: date, facts: dict[str, Any], move: float, beyond: bool
) -> None:
    """An unadjusted split most of the time; no index moves farther than its shares may."""
    closes = [100.0] * 3 + [100.0 * move] * 5
    prices = panel({"069500": closes}, since, **facts)
    assert [(one.symbol, one.code) for one in looked_at(prices)[1]] == [("069500", "Q-JUMP")] * beyond


@pytest.mark.parametrize(("move", "beyond"), [(1.49, False), (0.51, False), (1.51, True), (0.49, True), (100.0, True)])
def test_a_foreign_price_that_halves_is_looked_at_twice(move: float, beyond: bool) -> None:
    """Pence in the place of pounds, a split: no exchange abroad is known here by its limits."""
    [*_, found] = [None, *looked_at(panel({"SPY": [100.0] * 3 + [100.0 * move] * 5}))[1]]
    assert (found is not None and (found.symbol, found.code) == ("SPY", "Q-JUMP")) == beyond


def test_what_rounding_an_adjusted_price_adds_is_no_jump() -> None:
    closes = [10.0] * 4 + [14.0] * 4
    assert said(panel({"069500": closes}, adjusted=True)) == []
    assert [code for _, code, *_ in said(panel({"069500": closes}, adjusted=False))] == ["Q-JUMP"]


def test_too_little_history_is_left_out_where_there_is_enough_of_others() -> None:
    closes = {"000660": [100.0] * 60, "069500": [NAN] * 41 + [100.0] * 19, "068270": [NAN] * 40 + [100.0] * 20}
    seen, [one] = looked_at(panel(closes))
    assert (one.symbol, one.code, one.severity, one.done, one.count) == ("069500", "Q-SHORT", "INFO", "left_out", 19)
    assert seen.symbols == ("000660", "068270")
    assert seen.fingerprint == fingerprint_of(seen)
    assert seen.findings["069500"][0]["code"] == "Q-SHORT", "why it is not there stays known"
    young = {symbol: numbers[1:] for symbol, numbers in closes.items()}
    assert looked_at(panel(young))[0].symbols == tuple(young), "prices that are young themselves have nothing else"


def test_abnormal_prices_are_skipped_as_an_error_and_a_persons_own_files_never() -> None:
    wild = [100.0, 300, 100, 300, 100, 100, 100, 100]
    prices = panel({"000660": FLAT, "069500": wild})
    seen, found = looked_at(prices)
    assert [(one.code, one.severity, one.done, one.count) for one in found] == [
        ("Q-JUMP", "WARNING", "kept", 4),
        ("Q-ABNORMAL", "ERROR", "left_out", 4),
    ]
    assert seen.symbols == ("000660",)
    assert "4 of 8 bars cannot be" in seen.notes["069500"]
    assert looked_at(prices, leaves_out=False)[0].symbols == prices.symbols
    assert [code for _, code, *_ in said(prices, leaves_out=False)] == ["Q-JUMP"]
    assert looked_at(panel({"000660": FLAT, "069500": [100.0, 300, *[300.0] * 6]}))[0].symbols == prices.symbols


def test_findings_travel_with_the_prices_and_their_notes() -> None:
    prices = panel({"000660": FLAT, "069500": [100.0, 300, *[300.0] * 6]}, notes={"000660": "told before", "069500": "told too"})
    seen, [one] = looked_at(prices)
    assert seen.findings == {"069500": [one.as_dict()]}
    assert json.loads(json.dumps(seen.findings)) == seen.findings
    assert seen.notes == {"000660": "told before", "069500": f"told too; {one.text}"}
    assert looked_at(seen)[0].notes == seen.notes, "looked at again, it is said once"


def test_every_code_is_documented_with_what_it_is_and_what_to_do_and_no_other() -> None:
    told = named(text_of("quality.md"))
    assert set(told) == set(CODES)
    for code, usual in CODES.items():
        assert (told[code][1], told[code][2]) == (usual.severity, usual.done), code
        assert all(told[code]), f"{code} without a meaning or a remedy"


def test_a_finding_is_said_in_both_languages() -> None:
    [one] = looked_at(with_bar(panel({"069500": FLAT}), 3, high=90.0, low=110.0))[1]
    day = sessions(8)[3]
    assert sentence(one.as_dict(), "ko") == f"Q-UPSIDE-DOWN 069500: 고가가 저가보다 낮음 1일 ({day}), 체결에 쓰지 않음"
    assert sentence(one.as_dict(), "en") == f"Q-UPSIDE-DOWN 069500: high below low, 1 day ({day}), fills nothing"
    later = {**one.as_dict(), "code": "Q-OF-ANOTHER-VERSION", "done": "mended"}
    assert sentence(later, "en").startswith(f"Q-OF-ANOTHER-VERSION 069500: high below low on {day}")


# ---- two providers ----


def bars(closes: dict[int, float]) -> Any:
    return bars_from("069500", [{"date": date(2024, 1, day), "close": close} for day, close in closes.items()])


def test_two_providers_that_differ_by_more_than_a_hundredth_on_a_sampled_day_disagree() -> None:
    one, other = bars({2: 100, 3: 100, 4: 100, 5: 100}), bars({2: 101, 3: 102, 4: 150, 8: 7})
    found = disagreement(one, other, [date(2024, 1, day) for day in (2, 3, 5, 8)])
    assert found is not None
    assert (found.symbol, found.code, found.severity, found.done, found.count) == ("069500", "Q-DISAGREE", "WARNING", "kept", 1)
    assert (found.first, "100 and 102 on 2024-01-03" in found.text) == (date(2024, 1, 3), True)
    assert disagreement(one, other, [date(2024, 1, 2)]) is None
    assert disagreement(one, other, []) is None
    assert disagreement(one, other, [date(2024, 1, 5), date(2024, 1, 8)]) is None, "only one of them has it"


# ---- the file of a day ----


def test_the_file_of_a_day_has_every_finding_and_replaces_an_earlier_one(tmp_path: Path) -> None:
    found = looked_at(panel({"069500": [100.0, 300, *[300.0] * 6]}))[1]
    write_quality(tmp_path / "quality", date(2024, 1, 12), [])
    file = write_quality(tmp_path / "quality", date(2024, 1, 12), found)
    assert file == tmp_path / "quality" / "2024-01-12.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["schema"], told["date"], told["counts"]) == (
        "relay.quality/1",
        "2024-01-12",
        {"ERROR": 0, "WARNING": 1, "INFO": 0},
    )
    assert told["findings"] == [one.as_dict() for one in found]
    assert [one.name for one in file.parent.iterdir()] == [file.name]
