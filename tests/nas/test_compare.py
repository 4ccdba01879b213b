"""`python -m nas compare` as a person and cron type it: which two, what is shown, how it ends."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple

import pytest

from nas.__main__ import main
from outbox import DRIFT, IMPROVED, NOT_COMPARABLE, REGRESSION, SAME
from shared.doctors_own import LABELS
from tests.harness.answers import DAYS, GOOD, GROWTH, on_day, seal, seal_bad
from tests.harness.road import Road

REAL = {
    **GOOD["data"],
    "symbols": {"069500": {**GOOD["data"]["symbols"]["069500"], "months": {"from": "2026-10", "hashes": "a" * 16}}},
}
LATER = {"069500": {**REAL["symbols"]["069500"], "months": {"from": "2026-10", "hashes": "a" * 8 + "b" * 8}}}
REVISED = {**REAL, "fingerprint": "g", "symbols": LATER}
HIGHER, LOWER = ([one * by for one in GROWTH] for by in (1.01, 0.99))
NEWER = {"strategy_sha256": "0123456789abcdef"}


class Ended(NamedTuple):
    """What a command printed and ended with."""

    rc: int
    out: str
    err: str

    @property
    def told(self) -> Dict[str, Any]:
        """The document a program gets."""
        found: Dict[str, Any] = json.loads(self.out)
        return found


Compare = Callable[..., Ended]


@pytest.fixture
def compare(road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Compare:
    """The command over the road's folder."""
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    monkeypatch.setenv("RELAY_DATA", str(road.root.parent / "data"))
    monkeypatch.setenv("RELAY_ARCHIVE", str(road.root.parent / "archive"))
    monkeypatch.setenv("RELAY_LANGUAGE", "en")

    def ended(*words: str) -> Ended:
        rc = main(["compare", *words])
        said = capsys.readouterr()
        return Ended(rc, said.out, said.err)

    return ended


def run(road: Road, name: str, day: int, growth: Any = GROWTH, **changes: Any) -> str:
    """An answer to what was asked for on that day of November."""
    rows = [f"{one},{value!r},1.0" for one, value in zip(DAYS, growth)]
    curve = "\n".join(["date,STRAT,KOSPI", *rows, ""]).encode("utf-8-sig")
    facts: Dict[str, Any] = {"data": REAL, "code": {"strategy_sha256": "fedcba9876543210"}, **changes}
    return seal(road, name, submitted=on_day(day), files={"equity_curve.csv": curve}, **facts)


# ---- which two ----


def test_by_default_the_two_asked_for_last_are_compared(road: Road, compare: Compare) -> None:
    for name, day in (("b", 12), ("a", 13), ("c", 11)):
        run(road, name, day)
    os.utime(road.outbox.done / "c" / "manifest.json", (2e9, 2e9))  # copied here last

    told = compare("--json").told
    assert (told["a"], told["b"]) == ("b", "a")
    assert compare("@prev", "@latest", "--json").told == told
    assert compare("c", "@prev", "--json").told["b"] == "b"


def test_both_are_of_one_strategy(road: Road, compare: Compare) -> None:
    for name, day, strategy in (("a1", 11, "one"), ("b1", 12, "two"), ("b2", 13, "two"), ("a2", 14, "one")):
        run(road, name, day, strategy=strategy)

    latest, other = (compare(*words, "--json").told for words in ((), ("--strategy", "two")))
    assert (latest["a"], latest["b"]) == ("a1", "a2")
    assert (other["a"], other["b"]) == ("b1", "b2")


def test_a_latest_that_failed_is_no_silence(road: Road, compare: Compare) -> None:
    """And the one before it is the one before it that has numbers."""
    run(road, "good", 11)
    for name, day in (("bad", 12), ("worst", 13)):
        seal_bad(road, name, timings={"submitted": on_day(day)})
        path = road.outbox.done / name / "manifest.json"
        said = json.loads(path.read_text(encoding="utf-8"))
        said["timings"]["submitted"] = on_day(day)
        path.write_text(json.dumps(said), encoding="utf-8")

    told = compare("--json").told
    assert (told["a"], told["b"], told["verdict"]) == ("good", "worst", NOT_COMPARABLE)
    assert told["reason"] == {"kind": "status", "a": "SUCCEEDED", "b": "FAILED"}


def test_doctors_own_answers_are_neither(road: Road, compare: Compare) -> None:
    for name, day in (("first", 11), ("second", 12)):
        run(road, name, day)
    run(road, "tried", 13, asked={"labels": LABELS})

    assert compare("--json").told["b"] == "second"


def test_unique_beginnings_and_archived_answers_are_found(road: Road, compare: Compare) -> None:
    for name, day in (("alpha", 11), ("beta", 12)):
        run(road, name, day)
    (road.root.parent / "archive").mkdir()
    assert main(["archive", "--older-than", "0"]) == 0

    assert compare("al", "be", "--json").out.splitlines()[-1].startswith('{"a": "alpha", "b": "beta"')
    assert compare().out.startswith("same (SAME)")


def test_what_is_not_answered_yet_is_worth_another_try(road: Road, compare: Compare) -> None:
    run(road, "there", 11)
    road.submit(request_id="waiting")

    missing, alone = compare("there", "waiting"), compare()
    assert (missing.rc, alone.rc) == (2, 2)
    assert "E-STILL-WAITING" in missing.err
    assert "E-NOTHING-TO-COMPARE" in alone.err
    assert "none of 'krx_ma200' succeeded before 'there'" in alone.err


def test_a_strategy_nobody_asked_for_is_named_with_those_there_are(road: Road, compare: Compare) -> None:
    run(road, "there", 11)

    ended = compare("--strategy", "krx_ma20")
    assert ended.rc == 2
    assert "did you mean 'krx_ma200'" in ended.err


def test_nothing_at_all_says_so(compare: Compare) -> None:
    assert compare().rc == 2
    assert compare("nobody", "noone").rc == 1


@pytest.mark.parametrize(
    "words",
    [["there"], ["there", "there"], ["@prev", "@prev"], ["there", "here", "--strategy", "x"], ["--fail-on", "rain"]],
    ids=" ".join,
)
def test_wrong_usage_is_told_with_an_example(road: Road, compare: Compare, words: List[str]) -> None:
    for name, day in (("there", 11), ("here", 12)):
        run(road, name, day)

    ended = compare(*words)
    assert ended.rc == 64
    assert "python -m nas compare" in ended.err


@pytest.mark.parametrize("name", ["equity_curve.csv", "metrics.json"])
def test_a_tampered_answer_is_not_compared(road: Road, compare: Compare, name: str) -> None:
    for one, day in (("first", 11), ("second", 12)):
        run(road, one, day)
    path = road.outbox.done / "first" / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))

    ended = compare()
    assert (ended.rc, ended.out) == (1, "")
    assert "E-ANSWER-DAMAGED" in ended.err
    assert name in ended.err


# ---- how it ends ----


@pytest.mark.parametrize(
    ("verdict", "second", "fails"),
    [
        (SAME, {}, []),
        (DRIFT, {"growth": LOWER}, ["drift", "any"]),
        (REGRESSION, {"growth": LOWER, "code": NEWER}, ["drift", "regression", "any"]),
        (IMPROVED, {"growth": HIGHER, "params": {"window": 100}}, ["any"]),
        (NOT_COMPARABLE, {"strategy": "another"}, ["any"]),
    ],
)
def test_only_what_is_to_fail_ends_with_1(
    road: Road, compare: Compare, verdict: str, second: Dict[str, Any], fails: List[str]
) -> None:
    run(road, "first", 11)
    run(road, "second", 12, **second)

    assert compare("first", "second", "--json").told["verdict"] == verdict
    assert compare("first", "second").rc == 0
    assert [word for word in ("drift", "regression", "any") if compare("first", "second", "--fail-on", word).rc == 1] == fails


def test_the_last_line_is_for_cron_and_beside_a_document_on_standard_error(road: Road, compare: Compare) -> None:
    run(road, "first", 11)
    run(road, "second", 12, LOWER)
    closing = re.compile(r"DRIFT a=first b=second elapsed=\d+ms")

    shown, document = compare(), compare("--json")
    assert closing.fullmatch(shown.out.splitlines()[-1])
    assert closing.fullmatch(document.err.strip())
    assert document.out.count("\n") == 1


# ---- what is shown ----


def test_the_verdict_comes_first_then_figures_then_causes(road: Road, compare: Compare) -> None:
    run(road, "first", 11)
    run(road, "second", 12, [*GROWTH[:5], 1.1, 1.0], code=NEWER, params={"window": 100}, data=REVISED)

    lines = compare().out.splitlines()
    assert lines[0] == "regression (REGRESSION)  worse: CAGR, max drawdown, Sharpe"
    assert lines[1:3] == ["  A  first", "  B  second"]
    assert lines[3] == "days in common 2026-11-12 → 2026-11-20 (7)"
    assert lines[4].split() == ["A", "B", "Δ"]
    shown = {line.rsplit(None, 3)[0].strip(): line.split()[-3:] for line in lines[5:11]}
    assert list(shown) == ["CAGR", "max drawdown", "Sharpe", "total return", "volatility", "fills"]
    assert shown["total return"] == ["14.00%", "0.00%", "▼14.00%p"]
    assert shown["max drawdown"] == ["-5.00%", "-9.09%", "▼4.09%p"]
    assert lines[11:-1] == [
        "cause:",
        "  parameters  params.window: 200 → 100",
        "  code  strategy_sha256: fedcba98 → 01234567",
        "  prices  069500: other prices in 2026-11",
    ]


def test_it_is_told_in_korean_where_korean_is_spoken(road: Road, compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAY_LANGUAGE", "ko")
    run(road, "first", 11)
    run(road, "second", 12, LOWER, data=REVISED)

    lines = compare().out.splitlines()
    assert lines[0].startswith("차이 (DRIFT)  같은 날들의 수치가 다릅니다: 2026-11-12부터")
    assert "원인:" in lines
    assert "  가격  069500: 2026-11 가격이 바뀜" in lines


def test_made_up_prices_and_degraded_answers_are_said_in_the_first_line(road: Road, compare: Compare) -> None:
    run(road, "first", 11, data={**REAL, "synthetic": True})
    run(road, "second", 12, data={**REAL, "synthetic": True}, degraded=["benchmark unavailable: S&P500"])

    assert compare().out.startswith("※ SYNTHETIC prices  ※ degraded: B  same (SAME)")


def test_numbers_that_nothing_explains_say_so_in_place_of_the_cause(road: Road, compare: Compare) -> None:
    run(road, "first", 11)
    run(road, "second", 12, [*GROWTH[:6], GROWTH[6] * (1 + 1e-7)])
    lines = compare().out.splitlines()

    told = "drift (DRIFT)  other numbers over the same days: from 2026-11-20 on, on 2026-11-20 by 1e-07"
    assert lines[0] == told
    assert lines[-2].startswith("cause: nothing that is known went in otherwise: does the strategy use random numbers")


def test_a_change_within_the_tolerances_says_how_large_it_is(road: Road, compare: Compare) -> None:
    run(road, "first", 11)
    run(road, "second", 12, [*GROWTH[:6], GROWTH[6] * (1 + 1e-7)], code=NEWER)
    lines = compare().out.splitlines()

    told = "same (SAME)  the numbers over the same days are within their tolerances (largest difference 1e-07, on 2026-11-20)"
    assert lines[0] == told
    assert lines[-3:-1] == ["what differs:", "  code  strategy_sha256: fedcba98 → 01234567"]


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        ({}, {"strategy": "another"}, "other strategies: krx_ma200 / another"),
        ({}, {"data": {**REAL, "synthetic": True}}, "one of them is made of synthetic prices"),
        ({}, {"universe": {"symbols": ["1"]}}, "no symbol is traded by both"),
    ],
)
def test_what_cannot_be_compared_says_why(road: Road, compare: Compare, a: Any, b: Any, told: str) -> None:
    run(road, "first", 11, **a)
    run(road, "second", 12, **b)

    assert told in compare("first", "second").out.splitlines()[0]


def test_hundreds_of_symbols_that_changed_alike_are_one_line(road: Road, compare: Compare) -> None:
    def panel(hashes: str, last: str, fingerprint: str) -> Dict[str, Any]:
        one = {"first": "2016-01-04", "last": last, "rows": 9, "months": {"from": "2026-09", "hashes": hashes}}
        return {**REAL, "fingerprint": fingerprint, "symbols": {f"{place:06d}": one for place in range(300)}}

    run(road, "first", 11, data=panel("a" * 16, "2026-10-30", "f"))
    run(road, "second", 12, data=panel("b" * 8 + "a" * 16, "2026-11-20", "g"))

    told = [line for line in compare().out.splitlines() if line.startswith("  prices")]
    few = ", ".join(f"{place:06d}" for place in range(6))
    assert told == [f"  prices  {few} and 294 more: other prices in 2026-09 · ends 2026-10-30 → 2026-11-20"]


def test_names_that_others_wrote_move_no_cursor(road: Road, compare: Compare) -> None:
    run(road, "first", 11)
    run(road, "second", 12, params={"window": "\x1b[2J"})

    assert "\x1b" not in compare().out


def test_what_stayed_on_the_pc_is_not_compared(road: Road, compare: Compare, tmp_path: Path) -> None:
    """A carrier that takes no large files leaves the curve of a long run there."""
    run(road, "first", 11)
    long = b"\xef\xbb\xbfdate,STRAT\n" + b"2024-01-01,1.0\n" * 80_000
    seal(road, "second", submitted=on_day(12), files={"equity_curve.csv": long}, data=REAL)
    (road.outbox.done / "second" / "equity_curve.csv").unlink()
    (road.outbox.done / "second" / "left-out.json").write_text('{"files": ["equity_curve.csv"]}', encoding="utf-8")

    told = compare("--json").told
    assert told["reason"] == {"kind": "curve", "a": True, "b": False}
