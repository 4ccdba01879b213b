"""What the scanner takes for held, and what for its plan: every earlier form, and what is refused."""

from __future__ import annotations

import argparse
import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nas.scanning import holdings_of, plan_of
from shared.config import Settings
from shared.errors import SettingInvalid

DAY = date(2026, 11, 20)
NOTHING = argparse.Namespace(strategy=None, universe=None, set=[], date=None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("holdings.yaml", '["069500", "000660"]'),
        ("holdings.yaml", "- 069500\n- 000660\n- 000660\n"),  # without quotes, and twice: it is text all the same
        ("holdings.yaml", "holdings: [069500.KS, A000660]"),
        ("holdings.yaml", "codes:\n  - 069500\n  - 000660\n"),
        ("holdings.yaml", "codes: [069500 KS, 'KRX:000660']"),
        ("holdings.yaml", "- {code: 069500, is_active: true}\n- {ticker: '000660'}\n- {code: 091160, is_active: false}\n"),
        ("holdings.yaml", "\ufeffpositions: [{code: 069500, weight: 0.2}, {code: 000660, weight: 1}, {code: 091160, weight: 0}]"),
        ("holdings.csv", "code,weight\n069500,0.25\n000660,0.1\n091160,0\n"),
        ("holdings.csv", "code,weight\n069500,0.25\n000660,0.1\n091160,0.00\n229200,0.00%\n"),
        ("holdings.csv", "code,weight,shares\n069500,,10\n000660,0.1,\n091160,,\n229200,0,0\n"),
        ("holdings.csv", "\ufeffticker\r\n069500\r\n000660\r\n"),
        ("holdings.csv", "종목코드,수량\n069500,10\n000660,3\n091160,0\n"),
    ],
)
def test_every_earlier_form_of_holdings_is_read(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = holdings_of(tmp_path, DAY, "any")
    assert (found.symbols, found.origin) == (("069500", "000660"), "file")


def test_a_spreadsheet_in_koreas_own_letters_is_read(tmp_path: Path) -> None:
    (tmp_path / "holdings.csv").write_bytes("종목코드,비중\n069500,0.2\n".encode("cp949"))
    assert holdings_of(tmp_path, DAY, "any").symbols == ("069500",)


@pytest.mark.parametrize(
    ("name", "content"),
    [("holdings.yaml", ""), ("holdings.yaml", "[]"), ("holdings.yaml", "holdings: []"), ("holdings.csv", "code\n")],
)
def test_a_file_that_says_nothing_is_held_is_believed(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = holdings_of(tmp_path, DAY, "any")
    assert (found.symbols, found.origin) == ((), "file")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"holdings.csv": "code\n660\n"}, "number 1 is '660', not six characters: '000660'"),
        ({"holdings.yaml": "[KR7005931001]"}, "number 1 is 'KR7005931001', not six characters"),
        ({"holdings.yaml": "[1, {code: }]"}, "number 1 is '1'"),
        ({"holdings.yaml": "a: b"}, "it holds no list of codes"),
        ({"holdings.yaml": "codes: [069500]\nholdings: [069500]"}, "it holds no list of codes"),
        ({"holdings.yaml": "[unclosed"}, "not YAML"),
        ({"holdings.csv": "name,weight\nx,1\n"}, "there is no column of codes in name, weight"),
        ({"holdings.csv": "code\n", "holdings.yaml": "[]"}, "are both there"),
    ],
)
def test_what_cannot_be_read_for_sure_is_refused(files: Any, told: str, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(SettingInvalid, match=told):
        holdings_of(tmp_path, DAY, "any")


def test_without_a_file_it_is_what_the_last_earlier_signals_of_that_strategy_led_to(tmp_path: Path) -> None:
    folder = tmp_path / "signals"
    folder.mkdir()

    def signals(day: str, strategy: str, *codes: str) -> None:
        rows = [{"code": code} for code in codes]
        content = {"day": day, "strategy": strategy, "buy": rows[:1], "hold": rows[1:], "sell": [{"code": "Z"}]}
        (folder / f"{day}.json").write_text(json.dumps(content), encoding="utf-8")

    assert holdings_of(tmp_path, DAY, "mine") == ((), "nobody", "")
    signals("2026-11-17", "mine", "A", "B")
    signals("2026-11-18", "other", "C")
    signals("2026-11-20", "mine", "D")  # of the day itself: what it leads to is not there yet
    (folder / "2026-11-19.json").write_text("{torn", encoding="utf-8")
    (folder / "told.json").write_text("{}", encoding="utf-8")
    assert holdings_of(tmp_path, DAY, "mine") == (("A", "B"), "signals", "2026-11-17")
    old = folder / "2026-11-17.json"
    (folder / "2026-11-17.json.gz").write_bytes(gzip.compress(old.read_bytes()))  # as prune does after a month
    (folder / "2026-11-16.json.gz").write_bytes(gzip.compress(old.read_bytes()))
    (folder / "2026-11-18.json.gz").write_bytes(gzip.compress(old.read_bytes())[:-9])
    old.unlink()
    assert holdings_of(tmp_path, DAY, "mine") == (("A", "B"), "signals", "2026-11-17")


# ---- the plan ----


def settings(data: Path) -> Settings:
    return Settings(data=data)


def test_an_own_plan_goes_over_the_shipped_one_and_the_options_over_that(tmp_path: Path) -> None:
    shipped = plan_of(settings(tmp_path), NOTHING)
    assert (shipped.strategy, shipped.universe, shipped.is_tried) == ("surge_trend_sector", "KOR_ETF_CORE", False)
    (tmp_path / "scan.yaml").write_text("params: {jump: 0.01, core_holdings: ['069500']}\n", encoding="utf-8")
    own = plan_of(settings(tmp_path), NOTHING)
    assert tuple(own) == (shipped.strategy, shipped.universe, {"jump": 0.01, "core_holdings": ["069500"]}, False)
    said = argparse.Namespace(strategy=None, universe="SYNTHETIC_ETF", set=["jump=0.03"], date=None)
    assert plan_of(settings(tmp_path), said) == (own.strategy, "SYNTHETIC_ETF", {**own.params, "jump": 0.03}, True)
    other = argparse.Namespace(strategy="krx_ma200", universe=None, set=["window=20"], date=None)
    assert plan_of(settings(tmp_path), other).params == {"window": 20}, "those of one strategy are not another's"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("strategie: krx_ma200", "no word 'strategie'; did you mean 'strategy'"),
        ("params: [1]", r"params is \[1\]"),
        ("universe: 3", "universe is 3"),
        ("just words", "found str"),
    ],
)
def test_a_slip_in_the_plan_is_refused_by_name(content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "scan.yaml").write_text(content + "\n", encoding="utf-8")
    with pytest.raises(SettingInvalid, match=told):
        plan_of(settings(tmp_path), NOTHING)
