"""Dropped prices and universes as a person meets them: in an answer, and in `pc prices`."""

from __future__ import annotations

import csv
import json
import os
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pc.__main__
from inbox import Request
from pc.run import Ran, run
from shared.config import Settings
from shared.errors import DataMissing, DataUnusable, UniverseEmpty
from shared.krx_calendar import shipped_calendar
from shared.market import open_prices, write_prices
from tests.harness.documents import text_of
from tests.harness.dropped import drop, rot
from tests.harness.report_facts import unwrapped

DAYS = [str(day) for day in shipped_calendar().sessions(date(2024, 1, 2), date(2024, 3, 29))]
TRIAL = os.environ.get("RELAY_TRIAL_PRICES", "")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a PC on which two symbols were dropped; the second one halves without a word and begins late."""
    (tmp_path / "prices" / "local").mkdir(parents=True)
    rows = [f"{day},069500,100,101,99,100,10,1000" for day in DAYS]
    rows += [
        f"{day},091160,{p},{p},{p},{p},10,1000"
        for day, p in zip(DAYS, [100] * 30 + [50] * 40, strict=False)
        if day > "2024-01-05"
    ]
    drop(tmp_path / "prices" / "local", *rows, rows[0])
    return Settings(prices="local", data=tmp_path, language="en")


def ran(settings: Settings, **fields: Any) -> tuple[Ran, dict[str, bytes]]:
    files: dict[str, bytes] = {}
    asked = {"strategy": "krx_ma200", "params": {"window": 5}, "start": "2024-01-10", "end": "2024-03-29", "charts": False}
    request = Request.model_validate({**asked, **fields})
    return run(request, settings, files.__setitem__, lambda phase, percent: None), files


ODD = [
    "universe KOR_ETF_CORE is today's list: who was delisted is not in it (survivorship)",
    "prices: 1 row(s) came twice, alike",
    f"091160: close moved more than 30% on {DAYS[30]}",
]
JUMPED = "moves beyond the price limit"


def test_what_is_odd_about_prices_and_universe_stands_in_the_answer_and_its_report(settings: Settings) -> None:
    told, files = ran(settings, universe="KOR_ETF_CORE")
    report = unwrapped(files["report.txt"])
    assert [said for said in told.degraded if said in ODD] == ODD
    assert any(said.startswith("universe KOR_ETF_CORE: no prices of ") for said in told.degraded)
    told_as = ["Q-TWICE: rows that came twice, alike, 1, kept", f"Q-JUMP 091160: {JUMPED}, 1 day ({DAYS[30]}), kept"]
    assert all(f"[WARN] {said}" in report for said in [ODD[0], *told_as])
    assert not any(f"[WARN] {said}" in report for said in ODD[1:]), "once is enough"
    assert [(one["symbol"], one["code"], one["done"]) for one in told.data["quality"]] == [
        ("", "Q-TWICE", "kept"),
        ("091160", "Q-JUMP", "kept"),
    ]
    assert told.universe == {"name": "KOR_ETF_CORE", "from": "universe", "symbols": ["069500", "091160"], "point_in_time": False}


def test_a_run_is_told_only_what_is_odd_about_its_own_symbols(settings: Settings) -> None:
    told, _ = ran(settings, symbols=["069500"])
    assert "prices: 1 row(s) came twice, alike" in told.degraded
    assert not any("30%" in said for said in told.degraded)
    assert told.universe["point_in_time"] is None


def test_what_is_only_good_to_know_is_counted_and_degrades_nothing(tmp_path: Path) -> None:
    local = tmp_path / "prices" / "local"
    rows = [f"{day},{symbol},100,101,99,100,10,1000" for day in DAYS for symbol in ("069500", "000660")]
    drop(local, *rows, *(f"{day},091160,100,101,99,100,10,1000" for day in DAYS[:20]))
    symbols = ["069500", "091160"]
    told, files = ran(Settings(prices="local", data=tmp_path, language="ko"), symbols=symbols, benchmarks=[])
    assert [one["code"] for one in told.data["quality"]] == ["Q-DELISTED"]
    assert "가격에 대해 참고할 것 1건: Q-DELISTED 1" in unwrapped(files["report.txt"])
    assert not any("091160" in one for one in told.degraded)


def test_what_is_odd_about_a_benchmark_is_told_too(settings: Settings) -> None:
    told, files = ran(settings, symbols=["069500"], benchmarks=["091160"])
    assert [one["code"] for one in told.data["quality"]] == ["Q-TWICE", "Q-JUMP"]
    assert ODD[2] in told.degraded
    assert unwrapped(files["report.txt"]).count(f"[WARN] Q-JUMP 091160: {JUMPED}") == 1
    assert "091160: close moved" not in unwrapped(files["report.txt"])


def test_an_answer_says_of_each_symbol_whose_its_prices_are(settings: Settings) -> None:
    panel = open_prices(settings.data / "prices" / "local").telling(providers={"091160": "naver"})
    other = settings.data / "other"
    write_prices(other / "prices" / "local", panel)
    told, _ = ran(settings.model_copy(update={"data": other}), symbols=["069500", "091160"], benchmarks=[])
    assert {name: one["provider"] for name, one in told.data["symbols"].items()} == {"069500": "files", "091160": "naver"}


def test_an_answer_says_of_each_symbol_what_it_knew(settings: Settings) -> None:
    told, _ = ran(settings, symbols=["069500"], benchmarks=["091160"])
    of_both = told.data["symbols"]
    assert {name: (one["first"], one["last"], one["rows"], one["provider"]) for name, one in of_both.items()} == {
        "069500": ("2024-01-02", "2024-03-29", 61, "files"),
        "091160": ("2024-01-08", "2024-03-29", 57, "files"),
    }
    assert of_both["069500"]["months"]["from"] == "2024-01"
    assert len(of_both["069500"]["months"]["hashes"]) == 3 * 8
    assert told.data["adjusted"] is None


def test_a_run_on_one_day_of_history_says_so(tmp_path: Path) -> None:
    drop(tmp_path / "prices" / "local", f"{DAYS[0]},069500,100,101,99,100,10,1000")
    told, _ = ran(Settings(prices="local", data=tmp_path), symbols=["069500"], start=DAYS[0], end=DAYS[0])
    assert told.period["used"] == {"start": DAYS[0], "end": DAYS[0], "n_days": 1}
    assert any(said.startswith("only 1 session") for said in told.degraded)


def test_nobody_in_the_universe_is_a_refusal(synthetic_data: Path) -> None:
    with pytest.raises(UniverseEmpty, match="35 without a price"):
        ran(Settings(prices="synthetic", data=synthetic_data), universe="KOR_ETF_CORE")


def test_a_file_that_cannot_be_believed_is_a_refusal_with_its_name(settings: Settings) -> None:
    drop(settings.data / "prices" / "local", "2024-01-02,660,1,1,1,1,1,1", name="more.csv")
    with pytest.raises(DataUnusable, match=r"more\.csv: a symbol is '660', not six characters: '000660'"):
        ran(settings, symbols=["069500"])


def test_many_late_symbols_are_counted(settings: Settings) -> None:
    codes = [f"{code:06}" for code in range(1, 16)]
    rows = [f"{DAYS[-1]},{code},1,1,1,1,1,1" for code in codes]
    drop(settings.data / "prices" / "local", *rows, name="late.csv")
    told, _ = ran(settings, symbols=codes)
    assert sum("after the start of the period" in said for said in told.degraded) == 10
    assert "5 more symbols were not there for all of the period" in told.degraded


def test_the_how_to_makes_real_prices_of_a_csv(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="there is no .*drop a parquet or CSV file there .docs/how-to/bring-real-prices.md"):
        ran(Settings(prices="local", data=tmp_path / "data"))
    example, names, about, *_ = re.findall(r"```\w*\n(.*?)```", text_of("how-to/bring-real-prices.md"), re.DOTALL)
    days = [f"2024-01-{day:02}" for day in range(3, 31)]
    more = [f"{day},069500,{price},{price},{price},{price},10,\n" for price, day in enumerate(days, 35_700)]
    folder = tmp_path / "data" / "prices" / "local"
    folder.mkdir(parents=True)
    (folder / "bars.csv").write_text(example + "".join(reversed(more)), encoding="utf-8-sig")
    (folder / "symbols.csv").write_text(names, encoding="utf-8")
    (folder / "prices.yaml").write_text(about, encoding="utf-8")
    real, fields = (
        Settings(prices="local", data=tmp_path / "data"),
        {"params": {"window": 2}, "start": "2024-01-02", "end": "2024-01-30"},
    )
    told, files = ran(real, symbols=["069500"], **fields)
    assert {name: told.data[name] for name in ("synthetic", "provider", "adjusted")} == {
        "synthetic": False,
        "provider": "my broker",
        "adjusted": True,
    }
    assert told.period["used"]["n_days"] == 29
    of_it = told.data["symbols"]["069500"]
    assert (of_it["first"], of_it["last"], of_it["rows"], of_it["provider"]) == ("2024-01-02", "2024-01-30", 29, "my broker")
    assert (of_it["months"]["from"], len(of_it["months"]["hashes"])) == ("2024-01", 8)
    trades = list(csv.reader(files["trades.csv"].decode("utf-8-sig").splitlines()))
    assert trades[1][:4] == ["2024-01-04", "069500", "KODEX 200", "BUY"]
    assert any("8 day(s) without a session (2024-01-06" in said for said in told.degraded), "some days above are no sessions"


# ---- the command ----


def prices(settings: Settings, what: str, *options: str) -> int:
    return pc.__main__.main(["prices", what, *options])


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("RELAY_DATA", str(settings.data))
    monkeypatch.setenv("RELAY_PRICES", "local")
    monkeypatch.setenv("RELAY_LANGUAGE", "en")
    return settings


def test_show_says_what_is_there_and_what_is_odd(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert prices(here, "show") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "files: 2 symbols, 2024-01-02 to 2024-03-29, 61 days, adjusted: unknown"
    assert lines[1] == "  1 row(s) came twice, alike"
    assert lines[2].startswith("  091160 2024-01-08 to 2024-03-29: 57 bars, 0 without trade, 0 missing ※ close moved more than")
    assert lines[3] == "  069500 2024-01-02 to 2024-03-29: 61 bars, 0 without trade, 0 missing"
    assert lines[4].startswith("OK symbols=2 first=2024-01-02 last=2024-03-29 odd=1 elapsed=")


def test_show_as_json_has_every_symbol(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    local = here.data / "prices" / "local"
    drop(
        local, f"{DAYS[0]},000660,1,1,1,1,1,1", f"{DAYS[1]},000660,0,0,0,1,0,0", f"{DAYS[3]},000660,1,1,1,1,1,1", name="more.csv"
    )
    (local / "symbols.csv").write_text("symbol,name,kind,delisted\n000660,SK,KOSPI,2024-01-05\n", encoding="utf-8")
    assert prices(here, "show", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["symbols"]["000660"] == {
        "name": "SK",
        "kind": "KOSPI",
        "delisted": "2024-01-05",
        "note": f"no bar on {DAYS[2]}",
        "first": DAYS[0],
        "last": DAYS[3],
        "rows": 3,
        "halted": 1,
        "gaps": 1,
    }
    assert (told["days"], told["adjusted"], told["synthetic"], len(told["fingerprint"])) == (len(DAYS), None, False, 64)


def test_verify_reads_every_byte(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert prices(here, "verify") == 0
    assert "they are what their fingerprint says" in capsys.readouterr().out
    [panel] = (here.data / "prices" / "local").glob(".panel-*")
    for name, said in (("close", "bars, marks"), ("tradable", "tradable")):
        rot(panel, name)
        assert prices(here, "verify", "--json") == 1
        wrong = json.loads(capsys.readouterr().out)["wrong"]
        assert set(said.split(", ")) <= set(wrong)
        rot(panel, name)  # back
    assert prices(here, "verify") == 0


# ---- real ones, where somebody has them ----


@pytest.mark.skipif(not TRIAL, reason="RELAY_TRIAL_PRICES names no folder with real prices")
def test_real_prices_become_a_panel_in_a_few_seconds(tmp_path: Path) -> None:
    from shared.market import open_prices

    folder = tmp_path / "local"
    folder.mkdir()
    for file in Path(TRIAL).glob("*.parquet"):
        (folder / file.name).write_bytes(file.read_bytes())
    begin = time.perf_counter()
    made = open_prices(folder)
    assert time.perf_counter() - begin < 10
    halted = (made.close > 0) & (made.volume == 0)
    assert halted.sum() > 1000
    assert not (made.tradable & halted).any()
    assert np.isfinite(made.marks[-1]).all()
