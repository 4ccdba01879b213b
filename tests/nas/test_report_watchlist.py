"""The watchlist's report: an old watchlist.yaml in each of its shapes, wherever it lay; its closes told once a session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, List

import pytest

from nas.closes import Wish
from nas.old_files import Limits, Places, found, limits_from, watchlist_from
from nas.reporting import report_watched
from shared.errors import SettingInvalid, ShareUnreachable, UsageWrong
from tests.harness.closes import EVENING, FRIDAY, ROWS, THURSDAY, Office, at, on
from tests.harness.slack_server import SlackServer
from tests.harness.typed import Typed

MORNING = at("2026-11-23T09:00")  # a Monday, before the open
LIST = b"codes:\n  - 069500\n  - 000660\n  - 091160.KS\n  - 229200\n  - 999999\n"
LINES = """\
[KRX Watchlist EOD] 2026-11-20
바스켓 평균: +0.05%  (커버: 3/5)

상승 Top 5
 · ▲ KODEX 반도체 (091160): +5.13%
 · ▲ KODEX 200 (069500): +0.28%

하락 Top 5
 · ▼ KODEX 코스닥150 (229200): -5.26%

확인할 종목
 · 받지 못함 1: SK하이닉스 (000660)
 · 가격에 없는 코드 1: 999999
"""


@pytest.fixture(autouse=True)
def _nobodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    for name in ("KRX_WATCHLIST", "KRX_CONFIG", "ALERTOR_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def office(quick_folder: Path) -> Office:
    office = Office(quick_folder)
    office.lay_out(FRIDAY)
    (office.settings.private / "watchlist.yaml").write_bytes(LIST)
    return office


def codes(office: Office, text: "str | bytes") -> List[str]:
    file = office.put("mine.yaml", text if isinstance(text, bytes) else text.encode())
    return watchlist_from(file, office.settings).codes


def test_the_report_has_the_old_lines_letter_by_letter_and_names_whom_it_does_not_know(office: Office, capsys: Any) -> None:
    ended = report_watched(office.turn(MORNING), Wish())
    assert ended.facts == {"day": FRIDAY, "covered": "3/5", "mean": "+0.05%", "expected": None, "told": "yes"}
    assert capsys.readouterr().out == LINES == office.shelved(f"watchlist/{FRIDAY}.txt")
    kept = json.loads(office.shelved(f"watchlist/{FRIDAY}.json"))
    assert (kept["mean"], kept["coverage"], kept["asked"], kept["unknown"]) == (0.000489, 3, 5, ["999999"])


@pytest.mark.parametrize(
    "text",
    [
        "- 000660\n- 069500\n",
        "codes: [000660, 069500]",
        "tickers: ['000660', '069500']",
        "watchlist:\n  - 000660.KS\n  - A069500\n",
        "basket: 000660, 069500",
        "tickers: [a000660, 'KRX:069500']",
        "- {code: 000660}\n- {ticker: 069500.KS, is_active: true}\n- {code: 229200, is_active: false}\n",
        "codes:\n- {code: 000660, name: SK}\n- 069500\n- 000660\n",
        "\ufeffcodes: [000660, 069500]  # 반도체\r\n",
        "codes: [000660, 069500]  # 반도체\n".encode("cp949"),
        '{"codes": ["000660", "069500"]}',
    ],
)
def test_each_old_shape_is_read_and_a_code_is_never_a_number(text: "str | bytes", office: Office) -> None:
    """To YAML, 000660 without quotes is 432."""
    assert codes(office, text) == ["000660", "069500"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("code: [000660]", "it has no list; did you mean 'codes'"),
        ("codes: {a: b}", "entry 1 names no code"),
        ("- {name: SK}", "entry 1 names no code"),
        ("- 000660\n- [1]\n", "entry 2 names no code"),
        ("codes: [", "not YAML at line 1"),
    ],
)
def test_a_slip_in_it_is_refused_by_its_place(text: str, why: str, office: Office) -> None:
    with pytest.raises(SettingInvalid, match=why):
        codes(office, text)


def test_it_is_looked_for_in_secret_first_and_who_names_one_gets_that(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path.home() / ".config" / "krx_alertor_modular" / "watchlist.yaml"
    home.parent.mkdir(parents=True)
    home.write_text("- 111111\n", encoding="utf-8")
    assert watchlist_from(None, office.settings).codes[0] == "069500"
    monkeypatch.setenv("KRX_WATCHLIST", str(home))
    assert watchlist_from(None, office.settings).codes == ["111111"]
    assert codes(office, "- 222222") == ["222222"]
    monkeypatch.delenv("KRX_WATCHLIST")
    (office.settings.private / "watchlist.yaml").unlink()
    assert watchlist_from(None, office.settings).codes == ["111111"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "watchlist.yaml 비어있음(또는 없음) — 스킵"),
        ("codes: []", "watchlist.yaml 비어있음(또는 없음) — 스킵"),
        ("- {code: 069500, is_active: no}", "watchlist.yaml 비어있음(또는 없음) — 스킵"),
        ("- 999999", "watchlist 매칭 종목이 없습니다."),
        ("- 114800\n- 999999", f"데이터 부족으로 스킵 (d0={FRIDAY}, d1={THURSDAY})"),
    ],
)
def test_what_there_is_nothing_to_say_of_is_a_skip_in_the_old_words(text: str, said: str, office: Office, capsys: Any) -> None:
    file = office.put("mine.yaml", text.encode())
    ended = report_watched(office.turn(MORNING, watchlist=file), Wish())
    assert (ended.word, ended.rc, ended.why) == ("SKIPPED", 0, said)
    assert capsys.readouterr().out == said + "\n"
    assert office.told() == []


def test_without_any_closes_it_is_a_skip_and_no_failure(quick_folder: Path, capsys: Any) -> None:
    office = Office(quick_folder)
    (office.settings.private / "watchlist.yaml").write_bytes(LIST)
    assert report_watched(office.turn(MORNING), Wish()).rc == 0
    assert capsys.readouterr().out == "데이터 부족으로 스킵 (d0=-, d1=-)\n"


def test_older_closes_than_there_should_be_are_said_so_and_replace_no_report(office: Office, capsys: Any) -> None:
    report_watched(office.turn(MORNING), Wish())
    ended = report_watched(office.turn(at("2026-11-24T09:00")), Wish())
    assert (ended.rc, ended.facts["told"], str(ended.facts["expected"])) == (0, "yes", "2026-11-23")
    assert report_watched(office.turn(at("2026-11-25T09:00")), Wish()).facts["told"] == "already", "that they are late, once"
    assert "지연: 2026-11-20 종가입니다. 2026-11-23 종가가 아직 없습니다\n" in capsys.readouterr().out
    assert office.shelved(f"watchlist/{FRIDAY}.txt") == LINES
    paper = office.settings.reports / "watchlist" / f"{FRIDAY}.txt"
    paper.rename(f"{paper}.gz")  # as prune leaves it
    report_watched(office.turn(at("2026-12-28T09:00")), Wish())
    assert not paper.exists()


def test_it_is_told_once_a_session_every_morning_of_a_long_weekend(tmp_path: Path) -> None:
    with SlackServer() as slack:
        office = Office(tmp_path)
        office.lay_out(FRIDAY)
        (office.settings.private / "watchlist.yaml").write_bytes(LIST)
        typed = Typed(tmp_path, RELAY_PRICES="local", RELAY_LANGUAGE="ko", **slack.bot())
        for day in ("2026-11-21", "2026-11-22", "2026-11-23"):
            done = typed("run", "report_watchlist", "--at", f"{day}T09:00")
            assert done.returncode == 0
        assert done.stdout.splitlines()[-1].startswith("OK day=2026-11-20 covered=3/5 mean=+0.05% told=already elapsed=")
    [told] = slack.channel()
    assert told.startswith("KRX 관심종목 리포트 2026-11-20(금) · 바스켓 +0.05% ▲ · 3/5 · KODEX 반도체 (091160) +5.1% · ")


def test_without_slack_a_terminal_says_it_once(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.lay_out(FRIDAY)
    (office.settings.private / "watchlist.yaml").write_bytes(LIST)
    done = Typed(tmp_path, RELAY_PRICES="local", RELAY_LANGUAGE="ko")("run", "report_watchlist", "--at", f"{FRIDAY}T19:00")
    assert (done.returncode, (done.stdout + done.stderr).count("091160")) == (0, 1), done.stderr


def test_a_share_that_is_away_keeps_nobody_from_it(office: Office) -> None:
    office.settings.reports.rename(office.settings.data / "away")
    with pytest.raises(ShareUnreachable):
        report_watched(office.turn(MORNING), Wish())
    assert len(office.told()) == 1


def test_made_up_prices_are_said_first_and_told_to_nobody(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, synthetic=True)
    assert report_watched(office.turn(MORNING), Wish()).facts["told"] == "no (synthetic)"
    assert capsys.readouterr().out.startswith("※ 합성(가짜) 가격입니다")
    assert office.told() == []


def test_a_day_that_was_named_is_that_day(office: Office) -> None:
    office.lay_out(THURSDAY, ROWS.replace("41000,39000", "40000,39000"))
    document = report_watched(office.turn(EVENING), Wish(on(THURSDAY))).document
    assert (document["day"], document["up"][0]["change"]) == (THURSDAY, 0.025641)


def test_a_day_that_was_named_and_is_not_there_is_late_and_told_as_no_other(office: Office, capsys: Any) -> None:
    """Without a name, the newest closes are told, as late as they are."""
    for moment in ("2026-11-23T10:00", "2026-11-23T18:10"):
        ended = report_watched(office.turn(at(moment)), Wish(on("2026-11-23")))
        assert (ended.rc, ended.code, ended.facts) == (2, "E-DATA-STALE", {"day": FRIDAY, "expected": "2026-11-23"})
        assert capsys.readouterr().out.startswith("[KRX Watchlist EOD] 2026-11-23 지연 감지\n - 최신일: 2026-11-20\n")
    with pytest.raises(UsageWrong, match="that of 2026-11-20"):
        report_watched(office.turn(MORNING), Wish(on("2026-11-22")))
    assert office.told() == []
    assert [path.name for path in office.settings.reports.iterdir()] == ["pending"]


def test_a_dry_run_tells_and_writes_nothing(office: Office) -> None:
    assert report_watched(office.turn(MORNING, is_dry=True), Wish()).facts["covered"] == "3/5"
    assert office.told() == []
    assert [path.name for path in office.settings.reports.iterdir()] == ["pending"]


# ---- the files of the earlier systems ----


def test_an_old_config_decides_how_many_are_shown_and_a_slip_in_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    for said, found_there in (
        ("report: {top_n: 3, min_abs_ret: 0.01}\ntelegram: {token: xoxb-1-2-3}", Limits(3, 0.01)),
        ("report: {top_n: 3}", Limits(3, 0.003)),
        ("# nothing", Limits()),
    ):
        file.write_text(said, encoding="utf-8")
        assert limits_from(file) == found_there
    for said, why in (("top_n: 0", "top_n is 0"), ("top_n: many", "top_n is no number"), ("min_abs_ret: 3", "min_abs_ret is 3")):
        file.write_text(f"report: {{{said}}}", encoding="utf-8")
        with pytest.raises(SettingInvalid, match=why):
            limits_from(file)


def test_old_files_are_looked_for_where_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    checkout, secret = tmp_path / "checkout", tmp_path / "secret"
    places = Places(("ONE", "OTHER"), ("config.yaml", "config.local.yaml"), (secret,), checkout)
    files = [
        tmp_path / "home" / ".config" / "krx_alertor_modular" / "config.yaml",
        checkout / "conf" / "config.yaml",
        checkout / "config.local.yaml",
        checkout / "config.yaml",
        secret / "config.yaml",
    ]
    assert found(None, places, {}) is None
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", encoding="utf-8")
        assert found(None, places, {}) == file, "the earlier one wins"
    named = {"OTHER": str(files[0]), "ONE": str(files[1])}
    assert found(None, places, named) == files[1]
    assert found(files[2], places, named) == files[2]
    with pytest.raises(SettingInvalid, match="as ONE says: there is no such file"):
        found(None, places, {"ONE": str(tmp_path / "none.yaml")})
