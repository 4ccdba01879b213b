"""What is told of an answer: every notice as it is written, in Korean and English, and each of its parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Optional

import pytest

from shared.completion import Told, entry_of, failed_before, notices_of, previous_among
from shared.notices import Notice
from tests.harness.answers import BAD, GOOD, GROWTH, METRICS, files_of_good, on_day

GOLDEN = Path(__file__).parent / "golden"
WHOSE = {"request_id": "nightly-1120", "run_id": "11111111-2222-4333-8444-555555555555"}
FILES = {**files_of_good(), "request.json": b'\xef\xbb\xbf{"strategy": "krx_ma200", "requested_by": "nas/eod"}'}
SHELF = "/nas/backtests/20261120_181203_krx_ma200"
BEFORE = {**entry_of({**GOOD, **WHOSE, "request_id": "nightly-1119"}), "cagr": 0.121, "mdd": -0.171, "data_until": "2026-11-19"}
SKIPPED = {"code": "E-REQUIRED-UNAVAILABLE", "what": "reading the prices", "why": "S&P500 has none", "fix": "send it again later"}
REJECTED = {"code": "E-STRATEGY-UNKNOWN", "what": "reading the request", "why": "no strategy 'krx_ma20'", "fix": "krx_ma200?"}
STORIES: Dict[str, Told] = {
    "completed": Told({**GOOD, **WHOSE}, FILES, SHELF, f"{SHELF}/equity_curve.png"),
    "compared": Told({**GOOD, **WHOSE}, FILES, SHELF, f"{SHELF}/equity_curve.png", previous=BEFORE),
    "degraded": Told(
        {**GOOD, **WHOSE, "degraded": ["benchmark unavailable: S&P500\n(skipped)", "2 symbols were not traded"]}, FILES, SHELF
    ),
    "without_figures": Told(
        {**GOOD, **WHOSE, "metrics": {**METRICS, "Sharpe": None, "volatility": None, "benchmarks": {}, "trades": 0}}, {}, SHELF
    ),
    "failed": Told({**BAD, **WHOSE, "attempts": [{}, {}]}, FILES, "/nas/reports/done/nightly-1120"),
    "rejected": Told(
        {**BAD, **WHOSE, "status": "REJECTED", "strategy": None, "error": REJECTED}, {}, "/nas/reports/done/nightly-1120"
    ),
    "skipped": Told({**BAD, **WHOSE, "status": "SKIPPED", "error": SKIPPED}, FILES, "/nas/reports/done/nightly-1120"),
}


def _told(story: str, language: str = "ko") -> Notice:
    [notice] = notices_of(STORIES[story], language)
    return notice


def _with(told: Told, **changes: Any) -> Notice:
    [notice] = notices_of(told._replace(manifest={**told.manifest, **changes}), "ko")
    return notice


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("story", sorted(STORIES))
def test_every_notice_of_an_answer_is_as_it_was_written_down(story: str, language: str) -> None:
    """Made again by removing the file, after a look at what changed."""
    file = GOLDEN / f"{story}.{language}.json"
    shown = json.dumps(_told(story, language).model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, indent=1) + "\n"
    if not file.exists():
        file.write_text(shown, encoding="utf-8")
        pytest.fail(f"{file} was not there; it is now: look at it")
    assert shown == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("story", sorted(STORIES))
def test_a_notice_fits_a_telephone_and_has_no_more_than_ten_facts(story: str, language: str) -> None:
    notice = _told(story, language)
    assert 0 < len(notice.summary) <= 150
    assert len(notice.facts) <= 10


def test_a_completion_needs_no_click() -> None:
    """Outcome, strategy, period, asset, CAGR against the benchmark, fall, Sharpe, trades, data, elapsed, where, who, id."""
    notice = _told("completed")
    said = "\n".join([notice.title, notice.opening, *notice.facts.values(), notice.context])
    for part in ("완료", "krx_ma200", "2026-11-12(목) → 2026-11-20(금)", "1,140만원 (시작 1,000만원)", "+12.4%", "KOSPI +7.4%"):
        assert part in said
    for part in ("−18.2% · 현재 −5.0%", "0.91", "1,412건 / 4.2회", "비교할 직전 실행 없음", "2026-11-20(금)", SHELF):
        assert part in said
    for part in ("대기 6.0초 + 실행 41초", "nas/eod", "PC-1", "nightly-1120", "2026-11-20 18:12 KST"):
        assert part in said


def test_growth_a_year_is_the_calendars_and_the_benchmarks_that_of_the_dates_they_share() -> None:
    """An answer that has only `CAGR_like` is told by that: the story above."""
    metrics = {**METRICS, "CAGR": 0.131, "relative": {"KOSPI": {"CAGR": 0.08, "excess_CAGR": 0.06}, "KOSDAQ": {"CAGR": None}}}
    told = _with(STORIES["completed"], metrics=metrics)
    assert "CAGR +13.1% (KOSPI 대비 +6.0%p)" in told.summary
    assert told.facts["CAGR / 벤치마크"] == "+13.1% / KOSPI +8.0%"
    assert entry_of({**GOOD, "metrics": metrics})["cagr"] == 0.131
    unknown = _with(STORIES["completed"], metrics={**metrics, "CAGR": None, "relative": {"KOSPI": {"CAGR": None}}})
    assert unknown.facts["CAGR / 벤치마크"].startswith("- / ")


def test_whether_it_is_still_in_its_fall_is_said() -> None:
    """The deepest fall may be over: the curve tells, not the manifest."""
    over = b"date,STRAT\n2026-11-19,0.8\n2026-11-20,1.1\n"
    told = STORIES["completed"]
    assert _told("completed").facts["최대낙폭(MDD)"] == f"−18.2% · 현재 −{(1 - GROWTH[-1] / max(GROWTH)) * 100:.1f}%"
    [recovered] = notices_of(told._replace(files={**FILES, "equity_curve.csv": over}), "ko")
    assert recovered.facts["최대낙폭(MDD)"] == "−18.2% · 회복함"
    for torn in (b"", b"date,STRAT\n2026-11-19\n", b"date,STRAT\n2026-11-19,nan\n", b"\xff\xfe"):
        [unknown] = notices_of(told._replace(files={**FILES, "equity_curve.csv": torn}), "ko")
        assert unknown.facts["최대낙폭(MDD)"] == "−18.2%"


def test_a_degraded_answer_says_so_in_its_first_line() -> None:
    notice = _told("degraded")
    assert notice.level == "WARNING"
    assert notice.title == "백테스트 완료(확인 필요) · krx_ma200"
    assert notice.summary.startswith("⚠ krx_ma200 완료(확인 필요)")
    assert notice.remarks == ("benchmark unavailable: S&P500 (skipped)", "2 symbols were not traded")
    many = _with(STORIES["completed"], degraded=[f"reason {number}" for number in range(9)])
    assert many.remarks[-1] == "외 4건"


def test_the_difference_names_the_answer_it_is_a_difference_to() -> None:
    notice = _told("compared")
    assert notice.facts["직전 대비"] == "CAGR ▲0.3%p · MDD ▼1.1%p (nightly-1119)"
    assert "직전 실행(nightly-1119, 데이터 2026-11-19)보다 CAGR ▲0.3%p" in notice.opening


OTHERWISE = {
    "params": {"window": 100},
    "strategy": "momentum",
    "universe": {"symbols": ["000660"]},
    "terms": {**GOOD["terms"], "capital": 1},
    "period": {"asked": {"start": "2021-01-01", "end": None}},
}


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_only_what_was_asked_the_same_is_compared(name: str) -> None:
    now = entry_of({**GOOD, **WHOSE})
    same = {**entry_of({**GOOD, "request_id": "same"}), "finished": on_day(18)}
    other = {**entry_of({**GOOD, "request_id": "other", name: OTHERWISE[name]}), "finished": on_day(19)}
    assert previous_among([other], now) is None
    found: Optional[Any] = previous_among([other, same], now)
    assert found
    assert found["request_id"] == "same"


def test_compared_is_with_the_newest_that_was_finished_before() -> None:
    """Not with itself, nor with one that was finished later and published earlier."""
    now = entry_of({**GOOD, **WHOSE})
    days = {"first": 16, "second": 18, "later": 23}
    others = [{**entry_of({**GOOD, "request_id": name}), "finished": on_day(day)} for name, day in days.items()]
    failed = {**entry_of({**BAD, "request_id": "failed"}), "finished": on_day(19)}
    found = previous_among([*others, failed, now], now)
    assert found
    assert found["request_id"] == "second"
    assert previous_among([now], now) is None


def test_a_failure_says_what_and_why_in_one_sentence_the_command_and_three_lines() -> None:
    notice = _told("failed")
    assert (notice.level, notice.title) == ("ERROR", "백테스트 실패 · krx_ma200")
    assert notice.cause == "전략 코드 오류: running strategy 'krx_ma200': KeyError: '069500'"
    assert notice.remarks == ()
    assert notice.fix == "decide() in krx_ma200.py, line 40\n`python -m nas retry nightly-1120`"
    assert notice.tail == ("second", "third", "fourth")
    assert "2번째 시도" in notice.context


AGAIN = "python -m nas retry nightly-1120"
REMEDIES = {
    "no such symbol": ("E-DATA-MISSING", "did you mean '005930'?", "did you mean '005930'?"),
    "too little memory": ("E-RUN-MEMORY", "give it more with memory_mb", "give it more with memory_mb"),
    "a fault of ours": ("E-RUN-FAULT", "run.log has the traceback", "run.log has the traceback"),
    "a typing error": ("E-PARAMS", "window is 2 to 400", "window is 2 to 400"),
    "nobody knows": ("E-RELAY", "", "python -m nas show nightly-1120"),
    "a crash": ("E-RUN-CRASHED", "run.log", f"run.log\n`{AGAIN}`"),
    "a crash without a word": ("E-RUN-CRASHED", "", AGAIN),
    "prices that come": ("E-REQUIRED-UNAVAILABLE", "wait for them", f"wait for them\n`{AGAIN}`"),
    "too late": ("E-EXPIRED", "`retry` asks again", AGAIN),
}


@pytest.mark.parametrize("case", sorted(REMEDIES))
def test_the_remedy_is_the_errors_own_and_asking_again_only_where_that_may_help(case: str) -> None:
    code, own, shown = REMEDIES[case]
    assert _with(STORIES["failed"], error={"code": code, "what": "x", "why": "y", "fix": own}).fix == shown


def test_what_was_rejected_is_not_to_be_sent_again_as_it_is() -> None:
    assert _told("rejected").fix == "krx_ma200?"


@pytest.mark.parametrize("status", ["SKIPPED", "CANCELLED", "EXPIRED"])
def test_what_did_not_run_is_no_alarm(status: str) -> None:
    """Silent by default: its event is the digest's."""
    notice = _with(STORIES["skipped"], status=status)
    assert (notice.event, notice.level) == ("BACKTEST_SKIPPED", "INFO")


def _entry(manifest: Dict[str, Any], request_id: str, day: int, **asked: Any) -> Dict[str, Any]:
    request = json.dumps({"strategy": "krx_ma200", "request_id": request_id, "end": on_day(day)[:10], **asked}).encode()
    return {**entry_of({**manifest, "request_id": request_id}, request), "finished": on_day(day)}


def test_failures_of_one_question_for_one_reason_are_one_incident_that_the_same_ends() -> None:
    """A nightly request's end moves each day, and so does its id: it is the same question."""
    entries = [_entry(BAD, "a", 17), _entry(BAD, "b", 18, priority=9)]
    over = failed_before(entries, _entry(GOOD, "now", 20))
    recovery, completed = notices_of(STORIES["completed"]._replace(over=over), "ko")
    assert recovery.recovers
    assert (recovery.event, recovery.key) == (_told("failed").event, _told("failed").key)
    assert recovery.identity != completed.identity
    assert failed_before([*entries, _entry(GOOD, "c", 19)], _entry(GOOD, "now", 20)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"symbols": ["005930"]},
        {"universe": "krx"},
        {"params": {"window": 100}},
        {"benchmarks": ["S&P500"]},
        {"strategy": "other"},
    ],
    ids=str,
)
def test_what_failed_is_not_over_when_something_else_succeeds(other: Dict[str, Any]) -> None:
    assert failed_before([_entry(BAD, "a", 17, **other)], _entry(GOOD, "now", 20)) == []


def test_what_failed_is_over_when_a_retry_of_it_succeeds_however_it_was_corrected() -> None:
    """Through every retry between; a circle, as people may write it, ends."""
    first = _entry(BAD, "a", 16, symbols=["005931"], retry_of="b")
    again = _entry(BAD, "b", 17, symbols=["00593"], retry_of="a")
    over = failed_before([first, again], _entry(GOOD, "now", 20, symbols=["005930"], retry_of="b"))
    assert len(over) == 2
    assert (
        failed_before([_entry(GOOD, "b", 17, retry_of="a"), first], _entry(GOOD, "now", 20, params={"x": 1}, retry_of="b")) == []
    )


@pytest.mark.parametrize("request_json", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 90_000])
def test_a_failure_whose_request_cannot_be_read_is_over_with_its_retry_alone(request_json: bytes) -> None:
    failed = {**entry_of({**BAD, "request_id": "a"}, request_json), "finished": on_day(17)}
    assert failed_before([failed], {**entry_of({**GOOD, **WHOSE}, request_json)}) == []
    assert len(failed_before([failed], _entry(GOOD, "now", 20, retry_of="a"))) == 1


def test_a_notice_made_from_synthetic_prices_says_so() -> None:
    assert _with(STORIES["completed"], data={"synthetic": True}).synthetic
    assert not _told("completed").synthetic
