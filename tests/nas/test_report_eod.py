"""The evening's report: the session's closes told once, in the old lines and more; what is late, odd or damaged is said so."""

from __future__ import annotations

import json
import resource
from datetime import timedelta
from pathlib import Path
from typing import Any, Dict, List

import pytest

from nas.closes import Wish
from nas.reporting import report_evening
from shared.cache import PricesDamaged
from shared.errors import DataMissing, ShareUnreachable
from tests.harness.closes import EVENING, FRIDAY, HEAD, REGIME, ROWS, THURSDAY, Office, on
from tests.harness.slack_server import BROKEN, SlackServer
from tests.harness.typed import Typed

MONDAY = EVENING + timedelta(days=3)
OLD_LINES = """\
[KRX EOD][RUN:20261120-181000][RC:0]
[KRX EOD Report] 2026-11-20
시장(KOSPI): +0.40% ▲
커버리지: 4 종목 (전일 2026-11-19 대비)

상승 Top 5 (≥ 0.3%)
 · ▲ KODEX 반도체 (091160): +5.13%

하락 Top 5 (≥ 0.3%)
 · ▼ KODEX 코스닥150 (229200): -5.26%
"""
NEW_LINES = """
레짐 상태: ON(투자 가능) · KODEX 200 (069500) 35,600원 > 200일 평균 33,120원

확인할 종목
 · 거래정지·거래없음 1: KODEX 인버스 (114800)
 · 오래된 종가 1: KODEX 200선물인버스2X (252670) 2026-11-18
 · 종가 없음 1: 900110
 · 받지 못함 1: SK하이닉스 (000660)
 · 전일 종가 없음 1: 신규상장 (0000J0)

조치할 종목
 · 매수 KODEX 반도체 (091160) · 점수 1.23 · 일반 TOP 5
 · 매도 KODEX 코스닥150 (229200) · close<sma200
 · 보유 1: KODEX 200 (069500)

당일 백테스트 (실패 1, 성공 1)
 · krx_ma200: 실패 E-DATA-MISSING 가격이 없거나 열 수 없음
 · momentum_topN_v1: CAGR +12.4% (직전 대비 ▲0.3%p) · MDD -18.2%
"""
SIGNALS: Dict[str, Any] = {
    "day": FRIDAY,
    "at": f"{FRIDAY}T15:25:00+09:00",
    "buy": [{"code": "091160", "name": "KODEX 반도체", "score": 1.234, "reason": "일반 TOP 5"}],
    "sell": [{"code": "229200", "name": "KODEX 코스닥150", "score": None, "reason": "close<sma200"}],
    "hold": [{"code": "069500", "name": "KODEX 200", "score": 0.2, "reason": "모멘텀 유지"}],
    "synthetic": False,
}


@pytest.fixture
def office(quick_folder: Path) -> Office:
    return Office(quick_folder)


def published(office: Office) -> None:
    """One good answer of the day and the one before it, a failure, and one of another day."""
    good = {"status": "SUCCEEDED", "strategy": "momentum_topN_v1", "question": "q", "mdd": -0.182}
    entries: List[Dict[str, Any]] = [
        {**good, "request_id": "b", "finished": f"{FRIDAY}T03:12:00+09:00", "cagr": 0.124},
        {**good, "request_id": "a", "finished": f"{THURSDAY}T03:12:00+09:00", "cagr": 0.121},
        {"request_id": "c", "status": "FAILED", "strategy": "krx_ma200", "code": "E-DATA-MISSING"},
    ]
    entries[2]["finished"] = f"{FRIDAY}T04:00:00+09:00"
    (office.settings.reports / "index.json").write_text(json.dumps({"published": entries}), encoding="utf-8")


def test_the_report_has_the_old_lines_letter_by_letter_and_below_them_what_those_had_not(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY)
    office.put(f"signals/{FRIDAY}.json", SIGNALS)
    published(office)
    ended = report_evening(office.turn(), Wish())
    assert (ended.word, ended.facts["told"]) == ("OK", "yes")
    assert capsys.readouterr().out == OLD_LINES + NEW_LINES
    assert office.shelved(f"eod/{FRIDAY}.txt") == OLD_LINES + NEW_LINES


def test_the_same_is_a_document_for_programs(office: Office) -> None:
    office.lay_out(FRIDAY)
    office.put(f"signals/{FRIDAY}.json", SIGNALS)
    published(office)
    document = report_evening(office.turn(json=True), Wish()).document
    kept = json.loads(office.shelved(f"eod/{FRIDAY}.json"))
    assert {**kept, "told": "yes"} == document
    assert (kept["day"], kept["before"], kept["coverage"], kept["regime"]) == (FRIDAY, THURSDAY, 4, REGIME)
    assert [(one["code"], one["change"]) for one in kept["up"]] == [("091160", 0.051282)]
    assert kept["signals"]["sell"][0]["reason"] == "close<sma200"
    assert [(one["strategy"], one["step"]) for one in kept["backtests"]["runs"]] == [
        ("krx_ma200", None),
        ("momentum_topN_v1", pytest.approx(0.003)),
    ]


def test_in_english_it_says_the_same(quick_folder: Path, capsys: Any) -> None:
    office = Office(quick_folder, language="en")
    office.lay_out(FRIDAY)
    report_evening(office.turn(), Wish())
    shown = capsys.readouterr().out
    assert "Market (KOSPI): +0.40% ▲\nCoverage: 4 symbols (since 2026-11-19)\n" in shown
    assert " · old close 1: KODEX 200선물인버스2X (252670) 2026-11-18\n" in shown


def test_a_change_of_nothing_is_no_missing_one_and_nobody_odd_moved(office: Office) -> None:
    """Four have a change, one of them none at all; the halted, old, new, missing and unavailable are nobody's movers."""
    office.lay_out(FRIDAY)
    limits = office.put("config.yaml", b"report: {top_n: 50, min_abs_ret: 0}\n")
    document = report_evening(office.turn(is_dry=True, config=limits), Wish()).document
    assert [one["code"] for one in document["up"]] == ["091160", "069500"]
    assert [one["code"] for one in document["down"]] == ["229200"]
    assert document["coverage"] == 4
    assert {kind: len(rows) for kind, rows in document["odd"].items()} == dict.fromkeys(document["odd"], 1)
    assert set(document["odd"]) == {"halted", "old", "missing", "unavailable", "new"}


def test_a_split_is_no_rise_and_twice_a_fund_may_move_twice_as_far(office: Office, capsys: Any) -> None:
    split = "091160,KODEX 반도체,8200,41000,10,,"
    office.lay_out(FRIDAY, ROWS.replace("091160,KODEX 반도체,41000,39000,10,,", split).replace("20000,20000", "31000,20000"))
    report_evening(office.turn(), Wish())
    shown = capsys.readouterr().out
    assert " · 가격제한폭을 넘음(액면분할?) 1: KODEX 반도체 (091160)\n" in shown
    assert "▼ KODEX 반도체" not in shown
    assert " · ▲ KODEX 레버리지 (122630): +55.00%\n" in shown


def test_where_the_index_has_no_close_its_etf_tells_the_market_and_that_is_said(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, ROWS.replace("2590.1,1,,", "2590.1,1,,stands_in"))
    report_evening(office.turn(), Wish())
    shown = capsys.readouterr().out
    assert "시장(KOSPI): +0.28% ▲" in shown
    assert "KOSPI 종가가 없어 시장은 KODEX 200 (069500)로 보았습니다" in shown
    assert " · 다른 종목으로 대신함 1: KOSPI (KOSPI)" in shown
    assert office.told()[0]["opening"] == "2026-11-20(금) · KODEX 200 (069500) +0.28% ▲ · 레짐 ON · 4종목"
    office.lay_out(FRIDAY, "091160,KODEX 반도체,41000,39000,10,,\n")
    report_evening(office.turn(), Wish())
    assert "시장(KOSPI): N/A\n" in capsys.readouterr().out


def test_a_day_that_was_named_is_that_day_or_an_error_and_never_another(office: Office) -> None:
    for day in (THURSDAY, FRIDAY):
        office.lay_out(day)
    assert report_evening(office.turn(), Wish(on(THURSDAY))).facts["day"] == THURSDAY
    with pytest.raises(DataMissing, match="the newest there are: 2026-11-19, 2026-11-20"):
        report_evening(office.turn(), Wish(on("2026-11-18")))
    assert report_evening(office.turn(MONDAY), Wish(on("2026-11-23"))).code == "E-DATA-STALE"


def test_a_day_that_was_named_before_its_close_is_late_and_told_as_no_other(tmp_path: Path) -> None:
    typed = Typed(tmp_path, RELAY_PRICES="local")
    Office(tmp_path).lay_out(THURSDAY)
    done = typed("run", "report_eod", "--at", f"{FRIDAY}T10:00", "--retry-max", "0", "--", "--date", FRIDAY)
    assert (done.returncode, Office(tmp_path).told()) == (2, []), done.stdout
    assert "[RC:2] late\n - newest: 2026-11-19\n - should be there: 2026-11-20\n" in done.stdout
    assert 'why="session: that of 2026-11-20 has not been over for half an hour"' in done.stdout
    assert "fix=run it again half an hour after the close" in done.stderr
    for day, why in (("2026-11-15", "the exchange has no session on that day"), ("2026-11-21", "that day is yet to come")):
        done = typed("run", "report_eod", "--at", f"{FRIDAY}T10:00", "--", "--date", day)
        assert done.returncode == 64
        assert f"[E-USAGE] reporting {day}: {why}; the last session up to it is that of" in done.stderr
    assert not (tmp_path / "reports" / "eod").exists()


def test_a_day_that_was_named_is_no_skip_where_prices_are_made_up(quick_folder: Path) -> None:
    office = Office(quick_folder, prices="synthetic")
    assert report_evening(office.turn(), Wish()).word == "SKIPPED"
    assert report_evening(office.turn(), Wish(on(FRIDAY))).code == "E-DATA-STALE"


def test_on_a_holiday_nothing_is_started_and_nothing_is_late(tmp_path: Path) -> None:
    done = Typed(tmp_path)("run", "report_eod", "--at", "2026-12-25T18:10")
    assert (done.returncode, done.stdout) == (0, "")
    assert "[INFO] [JOB_SKIPPED] rc=0" in done.stderr


def test_closes_that_are_late_are_tried_again_and_told_once_with_what_is_really_wrong(tmp_path: Path) -> None:
    with SlackServer() as slack:
        typed = Typed(tmp_path, RELAY_LANGUAGE="ko", RELAY_PRICES="local", **slack.bot())
        Office(tmp_path).lay_out(THURSDAY)
        Office(tmp_path).put("prices/carried.json", {"at": f"{FRIDAY}T18:00:00+09:00", "why": "ssh: no route to host"})
        words = ("run", "report_eod", "--at", f"{FRIDAY}T18:10", "--retry-sleep", "0")
        done = typed(*words)
        assert (
            done.returncode,
            done.stdout.count("[KRX EOD][RUN:20261120-181000][RC:2] 지연 감지\n - 최신일: 2026-11-19\n"),
        ) == (2, 3)
        assert " ✗ 가격: 새 가격이 오지 않음: ssh: no route to host\n" in done.stdout
        assert 'LATER day=2026-11-19 expected=2026-11-20 why="가격: 새 가격이 오지 않음: ssh: no route to host"' in done.stdout
        typed(*words)
        [told] = slack.channel()
        assert "ssh: no route to host" in told
        Office(tmp_path).lay_out(FRIDAY)
        assert typed(*words).returncode == 0
        assert [line for line in slack.channel() if line.startswith("✅ 복구됨")]
        assert [line for line in slack.channel() if line.startswith("KRX 장마감 리포트 2026-11-20(금) · KOSPI +0.40% ▲")]


def test_who_expects_nothing_of_today_gets_the_newest_there_is(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY)
    assert report_evening(office.turn(MONDAY), Wish()).rc == 2
    ended = report_evening(office.turn(MONDAY), Wish(expects=False))
    assert (ended.rc, ended.facts["day"]) == (0, FRIDAY)
    assert "[KRX EOD Report] 2026-11-20\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "content", "cause"),
    [
        ("sync.json", {"at": "x", "counts": {}, "why": "the PC sleeps"}, "가격: 이 기계에 아직 한 번도 오지 않았습니다"),
        ("prices/carried.json", {"at": "x", "why": "came damaged"}, "가격: 새 가격이 오지 않음: came damaged"),
        (
            "jobs/ingest_eod.json",
            {"word": "SKIPPED", "at": f"{FRIDAY}T17:40:00+09:00", "why": "pykrx: timeout"},
            "pykrx: timeout",
        ),
    ],
)
def test_each_cause_of_a_late_day_is_in_its_checklist(file: str, content: Any, cause: str, quick_folder: Path) -> None:
    office = Office(quick_folder, prices_from="nas" if "jobs" in file else "pc", there="pc:krx")
    office.put(file, content)
    ended = report_evening(office.turn(), Wish())
    assert any(cause in item["text"] for item in ended.document["checklist"] if not item["ok"])
    assert ended.fix.startswith("python -m nas run ingest_eod" if "jobs" in file else "PC에서 python -m pc ingest")


def test_however_often_it_is_started_a_day_is_told_once_and_a_correction_too(tmp_path: Path) -> None:
    with SlackServer() as slack:
        typed, office = Typed(tmp_path, RELAY_PRICES="local", **slack.bot()), Office(tmp_path)
        words = ("run", "report_eod", "--at", f"{FRIDAY}T18:10")
        office.lay_out(FRIDAY)
        assert typed(*words).returncode == 0
        assert (
            typed(*words, "--", "--date", "auto")
            .stdout.splitlines()[-1]
            .startswith("OK day=2026-11-20 covered=4 market=+0.40% told=already")
        )
        office.lay_out(FRIDAY, ROWS.replace("41000,39000", "42000,39000"))
        assert json.loads(typed(*words, "--json").stdout)["told"] == "yes"
        office.lay_out(FRIDAY)
        typed(*words)
    lines = [line.partition("· KODEX 반도체 (091160) ")[2].partition(" ·")[0] for line in slack.channel()]
    assert lines == ["+5.1%", "+7.7%", "+5.1%"]
    fields = [field["text"] for block in next(iter(slack.messages.values()))["blocks"] for field in block.get("fields", [])]
    assert "*Up, top 5 (≥ 0.3%)*\n▲ KODEX 반도체 (091160): +5.13% · ₩41,000" in fields


def test_slack_being_away_is_nobodys_failure_and_the_report_waits(tmp_path: Path) -> None:
    with SlackServer() as slack:
        slack.then(*[BROKEN] * 9)
        office = Office(tmp_path)
        office.lay_out(FRIDAY)
        done = Typed(tmp_path, RELAY_PRICES="local", **slack.bot())("run", "report_eod", "--at", f"{FRIDAY}T18:10")
    assert done.returncode == 0
    assert office.told()[0]["event"] == "EOD_REPORTED"


def test_killed_between_keeping_and_telling_it_is_told_by_the_next_start(office: Office) -> None:
    office.lay_out(FRIDAY)
    office.put("notices", b"a file where the folder should be")
    with pytest.raises(ShareUnreachable, match="keeping what was told"):
        report_evening(office.turn(), Wish())
    (office.settings.data / "notices").unlink()
    assert report_evening(office.turn(), Wish()).facts["told"] == "yes"
    assert len(office.told()) == 1


def test_a_disk_that_takes_nothing_more_is_an_operational_failure_and_loses_no_report(office: Office, capsys: Any) -> None:
    """No file of this process can grow: what a full disk is to it."""
    office.lay_out(FRIDAY)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(ShareUnreachable, match="make room there") as caught:
            report_evening(office.turn(), Wish())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.exit_code == 3
    assert capsys.readouterr().out.startswith("[KRX EOD]"), "it is in the job's log all the same"
    assert report_evening(office.turn(), Wish()).facts["told"] == "yes"


def test_a_share_that_is_away_keeps_nobody_from_the_report_and_is_a_failure_all_the_same(office: Office) -> None:
    office.lay_out(FRIDAY)
    away = office.settings.reports.rename(office.settings.data / "away")
    with pytest.raises(ShareUnreachable) as caught:
        report_evening(office.turn(), Wish())
    assert caught.value.exit_code == 3
    [told] = office.told()
    assert "알 수 없음 (공유 폴더의 목록을 읽을 수 없습니다)" in " ".join(told["remarks"])
    away.rename(office.settings.reports)
    assert report_evening(office.turn(), Wish()).facts["told"] == "already"
    assert office.shelved(f"eod/{FRIDAY}.txt").startswith("[KRX EOD]")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (ROWS[: ROWS.index("229200")], "it is not the table that was sealed"),
        (ROWS[:-4], "it is not the table that was sealed"),
        (ROWS.replace("35600", "35601"), "it is not the table that was sealed"),
    ],
)
def test_closes_that_are_not_as_they_were_sealed_are_refused_whole(rows: str, why: str, office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, rows, sealed=ROWS)
    with pytest.raises(PricesDamaged, match=why):
        report_evening(office.turn(), Wish())
    assert capsys.readouterr().out == f"[KRX EOD][RUN:20261120-181000][RC:1] 실패: {why}\n"
    assert office.told() == []
    assert not (office.settings.reports / "eod").exists()


def test_a_table_that_cannot_be_read_is_refused_with_the_reason(office: Office) -> None:
    (office.settings.data / "eod" / f"{FRIDAY}.csv").mkdir(parents=True)
    with pytest.raises(PricesDamaged, match="Is a directory"):
        report_evening(office.turn(), Wish())


def test_closes_of_an_older_version_are_reported_without_a_regime(office: Office, capsys: Any) -> None:
    office.put(f"eod/{FRIDAY}.csv", (HEAD + ROWS).encode())
    office.in_use(FRIDAY)
    report_evening(office.turn(), Wish())
    shown = capsys.readouterr().out
    assert shown.startswith(OLD_LINES), "the session before it is the calendar's"
    assert "레짐 상태: 알 수 없음" in shown


def test_too_few_closes_are_a_skip_in_the_old_words(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, "0000J0,신규상장,10000,,5,,\n")
    assert report_evening(office.turn(), Wish()).word == "SKIPPED"
    assert capsys.readouterr().out == "데이터 부족으로 스킵\n"
    office.lay_out(FRIDAY, "")
    assert report_evening(office.turn(), Wish()).rc == 0
    assert capsys.readouterr().out == "데이터가 없습니다.\n"
    assert office.told() == []


def test_made_up_prices_are_said_first_and_told_to_nobody(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, synthetic=True)
    assert report_evening(office.turn(), Wish()).facts["told"] == "no (synthetic)"
    assert capsys.readouterr().out.startswith("※ 합성(가짜) 가격입니다")
    assert office.told() == []


def test_signals_that_cannot_be_believed_are_not_told_and_that_is_said(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY)
    for content, said in (
        (b'{"day": "2026-11-20", "buy": [', "알 수 없음 (신호 파일을 읽을 수 없습니다)"),
        (json.dumps({**SIGNALS, "day": THURSDAY}).encode(), "알 수 없음 (신호 파일을 읽을 수 없습니다)"),
        (json.dumps({**SIGNALS, "synthetic": True}).encode(), "넣지 않음 (합성 가격으로 만든 신호입니다)"),
    ):
        office.put(f"signals/{FRIDAY}.json", content)
        report_evening(office.turn(is_dry=True), Wish())
        assert f"조치할 종목: {said}\n" in capsys.readouterr().out
    office.put(f"signals/{FRIDAY}.json", {"day": FRIDAY})
    report_evening(office.turn(is_dry=True), Wish())
    assert "조치할 종목 없음\n" in capsys.readouterr().out
