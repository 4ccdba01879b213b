"""The reader of requests: any bytes under any name become a request or one clear refusal, never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import asked_from, is_id
from tests.harness.bad_requests import BROKEN, CONTENT, WEB, WRONG

NOW = 1_780_000_000.0
GOOD = {"strategy": "no_such_strategy"}


def _text(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_json_object_is_refused_in_one_clear_sentence(data: bytes) -> None:
    asked = asked_from(data, NOW, "some file")
    assert not asked.parsed
    assert asked.refusal is not None
    assert asked.refusal.code == "E-REQUEST-SCHEMA"
    assert len(str(asked.refusal)) < 700
    str(asked.refusal).encode()
    assert is_id(asked.request_id)
    assert asked.whole == (len(data) <= 1_000_000)


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in WRONG.items() for value in values], ids=lambda each: f"{each!r:.30}"
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(field: str, value: Any) -> None:
    asked = asked_from(_text({"strategy": "a", field: value}), NOW, "x")
    assert asked.request is None
    assert asked.refusal is not None
    assert field[:60] in str(asked.refusal)
    assert len(str(asked.refusal)) < 1500
    assert is_id(asked.request_id)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("strategey", "strategy"),
        ("benchmark", "benchmarks"),
        ("symbol", "symbols"),
        ("max_attempt", "max_attempts"),
        ("timeout", "timeout_seconds"),
    ],
)
def test_an_unknown_field_is_refused_with_the_nearest_known_one(wrong: str, meant: str) -> None:
    asked = asked_from(_text({"strategy": "a", wrong: 1}), NOW, "x")
    assert f"did you mean {meant!r}?" in str(asked.refusal)


@pytest.mark.parametrize(
    "written",
    [
        b"\xef\xbb\xbf" + _text(GOOD),
        _text(GOOD).replace(b"{", b"{\r\n").replace(b"}", b"\r\n}\r\n"),
        b"\xff\xfe" + _text(GOOD).decode().encode("utf-16-le"),
        b"\xfe\xff" + _text(GOOD).decode().encode("utf-16-be"),
        b'{"strategy": "no_such\\u005fstrategy"}',
        b'  {"requested_by":"someone","strategy":"no_such_strategy"}  ',
    ],
)
def test_one_request_in_any_writing_is_the_same_request(written: bytes) -> None:
    asked, plain = asked_from(written, NOW, "x"), asked_from(_text(GOOD), NOW, "x")
    assert asked.digest == plain.digest
    assert asked.request is not None
    assert asked.request.strategy == "no_such_strategy"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("twice the same field", "'strategy' stands there twice"),
        ("twice the same param", "'w' stands there twice"),
        ("NaN", "NaN"),
        ("Infinity", "-Infinity"),
        ("1e999", "1e999"),
    ],
)
def test_a_key_that_stands_there_twice_and_a_number_that_is_none_are_named(broken: str, said: str) -> None:
    asked = asked_from(BROKEN[broken], NOW, "x")
    assert asked.request is None
    assert asked.refusal is not None
    assert said in str(asked.refusal)


def test_numbers_of_four_hundred_digits_are_refused_and_not_understood_as_something_else() -> None:
    asked = asked_from(b'{"strategy": "a", "capital": ' + b"7" * 400 + b"}", NOW, "x")
    assert "capital" in str(asked.refusal)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(day: str) -> None:
    asked = asked_from(_text({"strategy": "a", "start": day, "end": day}), NOW, "x")
    assert asked.refusal is None


@pytest.mark.parametrize("mtime", [-1e18, -1.0, 0.0, 4e9, 1e12, 1e18])
def test_a_file_from_any_year_has_an_id(mtime: float) -> None:
    assert is_id(asked_from(b"{", mtime, "x").request_id)


def test_the_old_one_line_request_is_understood() -> None:
    asked = asked_from(
        b'{"start": "2020-01-01", "end": "2020-12-31", "strategy": "krx_ma200", "universe": "SYNTHETIC_ETF"}', NOW, "old"
    )
    assert asked.request is not None
    assert (asked.request.universe, str(asked.request.end)) == ("SYNTHETIC_ETF", "2020-12-31")


def test_the_web_contract_is_understood_in_all_its_fields() -> None:
    asked = asked_from(_text(WEB), NOW, "x")
    request = asked.request
    assert request is not None, asked.refusal
    assert (asked.request_id, request.symbols, request.strategy) == ("web-1", ["000660"], "krx_ma200")
    assert (request.costs.commission_bps, request.costs.slippage_bps, request.capital) == (20.0, 3.0, 1_000_000)
    assert (request.labels, request.params) == ({"team": "quant", "rule_id": "7"}, {"window": 50})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("direction", "both"),
        ("timeframe", "1h"),
        ("size_type", "amount"),
        ("position_size", 50),
        ("fee_rate", "x"),
        ("fee_rate", True),
        ("fee_rate", 10**400),
        ("fee_rate", -1),
        ("ticker", 660),
        ("ticker", ""),
        ("labels", "a"),
        ("labels", [[1]]),
        ("labels", {"a": 1}),
        ("tickers", "a"),
        ("stop_loss", 5),
        ("initial_capital", "x"),
        ("start_date", 5),
        ("rule_type", 5),
        ("direction", ["x"] * 5000),
    ],
)
def test_what_the_web_contract_asks_and_we_would_not_do_is_refused_by_name(field: str, value: Any) -> None:
    asked = asked_from(_text({**WEB, field: value}), NOW, "x")
    named = {"initial_capital": "capital", "start_date": "start", "rule_type": "strategy", "fee_rate": ""}.get(field, field)
    assert asked.request is None
    assert named in str(asked.refusal)
    assert len(str(asked.refusal)) < 800


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(CONTENT, st.one_of(st.just(NOW), st.floats(allow_nan=False)), st.text(alphabet=st.characters(codec=None), max_size=300))
def test_no_bytes_under_no_name_make_the_reader_raise(data: bytes, mtime: float, stem: str) -> None:
    asked = asked_from(data, mtime, stem)
    assert is_id(asked.request_id)
    assert (asked.request is None) != (asked.refusal is None)
    str(asked.refusal).encode()
    again = asked_from(data, mtime, stem)
    assert (again.request_id, again.digest, again.parsed, str(again.refusal)) == (
        asked.request_id,
        asked.digest,
        asked.parsed,
        str(asked.refusal),
    )
