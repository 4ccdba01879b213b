"""The scanner as cron and people start it: its text, what it keeps, and that only what changed is told (over shared.market)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Dict, List

import pytest

from tests.harness.scanned import FALLING, FRIDAY, SURGING, THURSDAY, Scanner, drop_market, drop_today
from tests.harness.slack_server import SlackServer
from tests.harness.typed import SATURDAY, Typed

AT = f"{FRIDAY}T10:05"
MADE_UP = "universe: SYNTHETIC_ETF\nparams: {regime_symbol: KOSPI, min_liquidity: 0}"
TEXT = """\
기준일: 2026-11-19 (ETF)
레짐 상태: ON(투자 가능)
유니버스 크기: 4 → 조건 충족: 1 종목

--- BUY 추천 TOP 5 ---
  - 091160 (섹터:반도체): 점수 6.0, 1일 +3.00%, 20일 +4.97%, 60일 +9.26%, ADX 100.0, MFI 100.0, VolZ 4.36

--- SELL 추천 (보유 종목 중 조건 위반) ---
  - 305720: close<sma200;sma50↓+ret20<0,MFI<40,volz<=0 (close=5,778, SMA50=6,071, SMA200=7,099)

--- HOLD (보유 유지) ---
  - 229200: 추세 유지

시각: 2026-11-20 10:05 KST · 장중 · 가격: 2026-11-19 종가
종목명: 091160 KODEX 반도체, 305720 KODEX 2차전지산업, 229200 KODEX 코스닥150
""".splitlines()
IN_SLACK = """\
오늘 첫 스캔
*[KRX Scanner]* 2026-11-19  |  레짐: ON  |  유니버스: 4  |  조건충족: 1
*BUY 추천 TOP 5*
- `091160` [반도체] 점수 6.0 | 1D +3.00% / 20D +4.97% / 60D +9.26% | ADX 100.0 / MFI 100.0 / VolZ 4.36
*SELL 추천 (보유 위반)*
- `305720`: close&lt;sma200;sma50↓+ret20&lt;0,MFI&lt;40,volz&lt;=0 (close=5,778, SMA50=6,071, SMA200=7,099)"""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dropped once, and made into a panel once."""
    data = tmp_path_factory.mktemp("market")
    drop_market(data)
    return data


@pytest.fixture
def typed(tmp_path: Path, market: Path, slack: SlackServer) -> Typed:
    shutil.copytree(market, tmp_path / "data")
    return Typed(tmp_path, **slack.bot(), RELAY_PRICES="local", RELAY_LANGUAGE="ko")


@pytest.fixture
def scan(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> Scanner:
    for name, value in typed.environment.items():
        monkeypatch.setenv(name, value)
    return Scanner(typed.root)


def names(rows: Any) -> List[str]:
    return [one["code"] for one in rows]


def there(root: Path) -> Dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(root.rglob("*")) if path.is_file()}


# ---- what it says ----


def test_its_text_and_slack_have_the_shape_of_the_earlier_scanner(typed: Typed, scan: Scanner, slack: SlackServer) -> None:
    scan.own("305720,0.5", "229200,0.5", "379800,0")
    done = typed("run", "scan", "--at", AT)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[: len(TEXT)] == TEXT
    assert lines[-1].startswith("OK day=2026-11-20 prices=2026-11-19 regime=ON buy=1 sell=1 hold=1 told=1 elapsed=")
    [message] = slack.messages.values()
    assert message["blocks"][1]["text"]["text"] == IN_SLACK
    assert message["text"] == "[KRX Scanner] 2026-11-20 · 레짐 ON · BUY 1 · SELL 1 · HOLD 1 · 오늘 첫 스캔"


def test_the_days_signals_are_kept_for_the_reports(scan: Scanner) -> None:
    scan.own("305720,0.5", "229200,0.5")
    scan(AT)
    told = scan.signals()
    assert (told["day"], told["at"], told["prices_to"]) == (str(FRIDAY), "2026-11-20T10:05:00.000+09:00", str(THURSDAY))
    assert (told["strategy"], told["regime"], told["synthetic"]) == ("surge_trend_sector", "ON", False)
    assert [names(told[one]) for one in ("buy", "sell", "hold")] == [[SURGING], ["305720"], ["229200"]]
    assert {"code", "name", "score", "reason"} <= told["buy"][0].keys()
    assert told["sell"][0]["reason"] == "close<sma200;sma50↓+ret20<0,MFI<40,volz<=0"
    assert [one for one in told["degraded"] if "survivorship" in one]


def test_nothing_to_do_is_said_so_and_the_other_language_says_the_same(
    scan: Scanner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan.plan("params: {jump: 0.3}")
    scan(AT)
    assert {"BUY 추천 없음", "SELL 추천 없음"} <= set(capsys.readouterr().out.splitlines())
    monkeypatch.setenv("RELAY_LANGUAGE", "en")
    scan(AT)
    english = capsys.readouterr().out.splitlines()
    assert english[0] == "As of: 2026-11-19 (ETF)"
    assert {"nothing to BUY", "nothing to SELL", "nothing is held"} <= set(english)


def test_the_other_strategy_gives_its_reasons_in_the_earlier_words(scan: Scanner, capsys: pytest.CaptureFixture[str]) -> None:
    short = "lookbacks: [21], weights: [1.0], min_liquidity: 0, core_holdings: '229200,305720'"
    scan.plan(f"strategy: momentum_topN_v1\nparams: {{{short}, sell_rank: 0.5}}")
    scan.own("305720,1", f"{SURGING},1")
    scan(AT)
    said = capsys.readouterr().out.splitlines()
    assert "  - 229200 (섹터:-): HOLD_CORE 자동 매수" in said
    assert "  - 305720: 모멘텀 하위 50% (스코어: -1.55) (HOLD_CORE 매도 제외)" in said
    assert f"  - {SURGING}: 모멘텀 유지 (스코어: 1.22)" in said
    scan.plan(f"strategy: momentum_topN_v1\nparams: {{{short}, regime_symbol: '305720'}}")
    scan(AT)
    off = capsys.readouterr().out.splitlines()
    assert "레짐 상태: OFF(투자 중단)" in off
    assert f"  - {SURGING}: 레짐 필터 - 305720 < 200일선" in off


def test_bars_of_a_session_that_is_not_over_are_no_closes(scan: Scanner, capsys: pytest.CaptureFixture[str]) -> None:
    drop_today(scan.data, 0.001)
    scan(AT)
    said = capsys.readouterr().out
    assert "기준일: 2026-11-20 (ETF)" in said
    assert "시각: 2026-11-20 10:05 KST · 장중 · 가격: 2026-11-20 장중 값(종가 아님)" in said
    assert scan.signals()["is_close"] is False
    scan(f"{FRIDAY}T18:40")
    assert "장 마감 후 · 가격: 2026-11-20 종가" in capsys.readouterr().out
    assert scan.signals()["is_close"] is True


def test_of_a_day_whose_hours_differ_the_calendar_knows_them(scan: Scanner) -> None:
    """On the day of the CSAT the exchange opens and closes an hour later."""
    scan(f"{THURSDAY}T09:30")
    assert scan.signals(THURSDAY)["session"] == "before"
    scan(f"{THURSDAY}T16:10")
    assert (scan.signals(THURSDAY)["session"], scan.signals(THURSDAY)["is_close"]) == ("open", False)


def test_where_nobody_wrote_down_what_is_held_it_is_what_the_last_signals_led_to(scan: Scanner) -> None:
    scan.own("229200,1")
    scan(f"{THURSDAY}T19:50")
    assert names(scan.signals(THURSDAY)["buy"]) == [SURGING]
    (scan.data / "holdings.csv").unlink()
    scan(AT)
    told = scan.signals()
    assert (names(told["buy"]), sorted(names(told["hold"]))) == ([], [SURGING, "229200"])
    assert told["degraded"][0] == "보유 파일(holdings.yaml, .csv) 없음: 2026-11-19 신호를 따랐다고 봄"


# ---- what is told, and when ----


def test_only_what_changed_is_told_again_within_a_day(scan: Scanner, slack: SlackServer) -> None:
    assert [scan(AT).facts["told"] for _ in range(2)] == [1, 0]
    drop_today(scan.data, -0.2)
    assert [scan(AT).facts["told"] for _ in range(2)] == [1, 0]
    drop_today(scan.data, 0.03)
    assert [scan(AT).facts["told"] for _ in range(2)] == [1, 0]
    ends = [one.rpartition(" · ")[2] for one in slack.channel()]
    assert ends == ["오늘 첫 스캔", "변경: BUY 091160 해제", "변경: BUY 091160 다시"]


def test_one_killed_before_it_noted_that_it_told_does_not_tell_twice(scan: Scanner, slack: SlackServer) -> None:
    scan(AT)
    (scan.data / "signals" / "told.json").unlink()
    assert scan(AT).rc == 0
    assert len(slack.channel()) == 1


def test_a_note_that_is_torn_costs_no_scan(scan: Scanner, slack: SlackServer) -> None:
    scan(AT)
    for torn in ('{"day": "2026-11-20", "num', '{"day": "2026-11-20", "number": "x", "now": 3}'):
        (scan.data / "signals" / "told.json").write_text(torn, encoding="utf-8")
        assert scan(AT).word == "OK"
    assert len(slack.channel()) == 1


def test_while_slack_is_away_the_change_waits_and_the_scan_goes_on(
    scan: Scanner, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    assert scan(AT).rc == 0
    assert (slack.channel(), names(scan.signals()["buy"])) == ([], [SURGING])
    assert len(list((scan.data / "notices" / "waiting").glob("*.json"))) == 1


def test_made_up_prices_are_told_to_nobody(
    scan: Scanner, slack: SlackServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_PRICES", "synthetic")
    scan.plan(MADE_UP)
    assert scan(AT).rc == 0
    assert capsys.readouterr().out.splitlines()[0] == "합성(가짜) 가격으로 만든 결과"
    assert (scan.signals()["synthetic"], slack.calls) == (True, [])


def test_nobody_holds_what_made_up_prices_led_to(scan: Scanner, slack: SlackServer) -> None:
    """A house that tried it out yesterday, and this morning, and has real prices from now on."""
    made_up = {"strategy": "surge_trend_sector", "synthetic": True, "buy": [{"code": FALLING}], "sell": [], "hold": []}
    for day in (THURSDAY, FRIDAY):
        file = scan.data / "signals" / f"{day}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({**made_up, "day": str(day)}), encoding="utf-8")
    items = [f"BUY {SURGING}", "REGIME ON"]
    told = {"day": str(FRIDAY), "synthetic": True, "number": 1, "now": items, "ever": items}
    (scan.data / "signals" / "told.json").write_text(json.dumps(told), encoding="utf-8")
    assert scan(AT).rc == 0
    assert (scan.signals()["held"], names(scan.signals()["sell"])) == ({"symbols": [], "from": "nobody"}, [])
    assert len(slack.channel()) == 1, "the first of real prices is the first of the day"


@pytest.mark.parametrize(
    "words", [("--strategy", "krx_ma200"), ("--set", "jump=0"), ("--date", str(THURSDAY)), ("--universe", "KOR_ETF_CORE")]
)
def test_who_tries_something_else_is_shown_it_and_nothing_is_kept_or_told(words: Any, scan: Scanner, slack: SlackServer) -> None:
    assert scan(AT, *words).rc == 0
    assert (slack.calls, (scan.data / "signals").exists()) == ([], False)


def test_for_programs_it_is_one_document(scan: Scanner, capsys: pytest.CaptureFixture[str]) -> None:
    scan(AT, "--json")
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert {name: document[name] for name in scan.signals()} == scan.signals()
    assert said.err.splitlines()[-1].startswith("OK day=2026-11-20")


# ---- when there is nothing to say ----


def test_on_a_holiday_it_says_so_as_it_always_did(typed: Typed, scan: Scanner, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(f"{SATURDAY}T10:05").word == "SKIPPED"
    assert capsys.readouterr().out.splitlines()[0] == "[SKIP] 휴장일 2026-11-21 — scanner 생략"
    assert not (scan.data / "signals").exists()
    guarded = typed("run", "scan", "--at", f"{SATURDAY}T10:05")
    assert (guarded.returncode, "[JOB_SKIPPED]" in guarded.stderr) == (0, True)


def test_stale_prices_are_put_off_and_told_once(typed: Typed, scan: Scanner, slack: SlackServer) -> None:
    for minute in ("05", "10"):
        done = typed("run", "scan", "--at", f"2026-11-23T10:{minute}")
        assert done.returncode == 2
        assert "the prices end on 2026-11-19, the last session was 2026-11-20" in done.stderr
        assert "python -m pc ingest" in done.stderr, "where the PC fetches, as it does unless a setting says otherwise"
    assert len(slack.channel()) == 1
    assert not (scan.data / "signals").exists()
    late = scan(f"{FRIDAY}T18:40")
    assert (late.word, late.rc, late.code) == ("LATER", 2, "E-DATA-STALE"), "by then the day's own prices should be here"


def test_an_index_nobody_has_is_an_outage_and_no_regime_is_guessed(typed: Typed, scan: Scanner, slack: SlackServer) -> None:
    scan.plan("params: {regime_symbol: KOSPI}")
    done = typed("run", "scan", "--at", AT)
    assert done.returncode == 0
    assert "[SKIP] external-data-unavailable (guarded)" in done.stderr.splitlines()
    shutil.rmtree(scan.data / "prices" / "local")
    nobody = {"day": str(THURSDAY), "at": "", "symbols": {"KOSPI": "pykrx: timeout"}}
    (scan.data / "prices" / "unavailable.json").write_text(json.dumps(nobody), encoding="utf-8")
    never = scan(AT)
    assert (never.word, never.code) == ("SKIPPED", "E-REQUIRED-UNAVAILABLE")
    assert (slack.channel(), (scan.data / "signals").exists()) == ([], False)


def test_where_it_cannot_write_it_fails_as_an_operation_and_is_told(typed: Typed, slack: SlackServer) -> None:
    (typed.root / "data" / "signals").write_text("a file in the folder's place", encoding="utf-8")
    done = typed("run", "scan", "--at", AT)
    assert done.returncode == 3
    assert "[ERROR] [JOB_FAILED] rc=3" in done.stderr
    assert len(slack.channel()) == 1


def test_a_dry_run_shows_the_signals_and_changes_nothing(
    scan: Scanner, slack: SlackServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scan(AT, dry=True).facts["prices"] == "not opened yet", "a panel would have to be made first"
    monkeypatch.setenv("RELAY_PRICES", "synthetic")
    scan.plan(MADE_UP)
    scan(AT)
    shutil.rmtree(scan.data / "signals")
    capsys.readouterr()
    before = there(scan.data)
    scan(AT, dry=True)
    said = capsys.readouterr().out.splitlines()
    assert "--- BUY 추천 TOP 5 ---" in said
    assert said[-1].startswith("DRY day=2026-11-20")
    assert (there(scan.data), slack.calls) == (before, [])
