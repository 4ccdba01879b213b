"""A run hands over files a person and a program can read, tells what it used, and names what stood in its way."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inbox import Request
from pc.engine import Terms
from pc.engine.measures import REASONS, TABLES
from pc.report import why_no_trade
from pc.report.labels import reason
from pc.run import Ran, run
from shared.config import HOME, Settings
from shared.errors import DataMissing, ParamsInvalid, RequiredUnavailable, StrategyFailed, StrategyUnknown, UniverseUnknown
from shared.figures import short_won, won
from shared.market import Prices, write_prices
from shared.market.providers import synthetic
from shared.strategies import Targets
from tests.harness.report_facts import unwrapped

FIVE_YEARS = {"strategy": "krx_ma200", "start": "2020-01-01", "end": "2024-12-31"}
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def ran(settings: Settings, **fields: Any) -> tuple[Ran, Files]:
    files: Files = {}
    content = {**FIVE_YEARS, "charts": False, **fields}
    return run(Request.model_validate(content), settings, files.__setitem__, lambda phase, percent: None), files


def made_up(data: Path, **more: Any) -> Settings:
    return Settings(prices="synthetic", data=data, **more)


def local(data: Path, prices: Prices) -> Settings:
    write_prices(data / "prices" / "local", prices)
    return Settings(prices="local", data=data)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def no_constants(name: str) -> None:
    raise AssertionError(f"{name} in JSON")


def test_the_first_line_says_that_prices_are_made_up_in_both_languages(data: Path) -> None:
    _, korean = ran(made_up(data))
    _, english = ran(made_up(data, language="en"))
    first = korean["report.txt"].decode().splitlines()[0]
    assert first == "※ 합성(가짜) 가격으로 만든 결과입니다 — 투자 판단에 쓰지 마십시오"
    assert "SYNTHETIC" in english["report.txt"].decode().splitlines()[0]
    assert "Total return" in english["report.txt"].decode()


def test_real_prices_carry_no_such_line(tmp_path: Path) -> None:
    told, files = ran(local(tmp_path, replace(synthetic.make_prices(), synthetic=False, provider="test")), end="2024-12-31")
    assert files["report.txt"].decode().splitlines()[0] == "백테스트 보고서: krx_ma200"
    assert told.data["synthetic"] is False


def test_the_report_shows_verdict_period_costs_trades_and_skipped_benchmarks(data: Path) -> None:
    told, files = ran(made_up(data), benchmarks=["KOSPI", "S&P500"])
    report = unwrapped(files["report.txt"])
    assert "[WARN] benchmark unavailable: S&P500 (no such symbol in these prices) (skipped)" in report
    assert "2020-01-01(수) ~ 2024-12-31(화)" in report
    assert "2020-01-02(목) ~ 2024-12-30(월), 1,248 거래일" in report
    assert "KOSPI보다 누적수익률이" in report
    assert won(told.metrics["costs"]["total"], "ko") in report
    shown = report.split("[최근 체결 5건]")[1].split("과거")[0]
    assert shown.count("매수") + shown.count("매도") == 5
    assert told.benchmarks == {"used": ["KOSPI"], "skipped": {"S&P500": "no such symbol in these prices"}}
    assert told.degraded == ["benchmark unavailable: S&P500 (no such symbol in these prices) (skipped)"]


def test_money_reads_as_people_write_it() -> None:
    assert won(19_402_707.4, "ko") == "19,402,707원"
    assert won(-3.0, "en") == "-₩3"
    assert short_won(19_402_707, "ko") == "1,940만원"
    assert short_won(123_000_000, "ko") == "1.23억원"


def test_the_tables_are_complete_and_add_up_to_the_metrics(data: Path) -> None:
    told, files = ran(made_up(data), benchmarks=["KOSPI", "990010"])
    equity, returns = table(files["equity_curve.csv"]), table(files["daily_returns.csv"])
    assert files["equity_curve.csv"].startswith(b"\xef\xbb\xbfdate,STRAT,KOSPI,990010\n2020-01-02,")
    assert equity[1][2:] == ["1.0", "1.0"]
    assert equity[0] == returns[0]
    assert len(equity) == len(returns) == 1 + told.period["used"]["n_days"]
    for column in (1, 2, 3):
        grown = np.cumprod([1 + float(row[column]) for row in returns[1:]])
        assert grown.tolist() == pytest.approx([float(row[column]) for row in equity[1:]])
    assert float(equity[-1][1]) - 1 == pytest.approx(told.metrics["Final_Return"])
    trades = table(files["trades.csv"])
    assert ",".join(trades[0]) == "date,symbol,name,side,shares,price,amount,commission,slippage,tax,reason,decided"
    assert len(trades) - 1 == told.metrics["trades"]
    flow = sum(
        (1 if row[3] == "SELL" else -1) * float(row[6]) - float(row[7]) - float(row[8]) - float(row[9]) for row in trades[1:]
    )
    held = sum((1 if row[3] == "BUY" else -1) * int(row[4]) for row in trades[1:])
    kospi = synthetic.make_prices()
    last = kospi.close[kospi.rows(None, told_end(told)).stop - 1, 0]
    assert 100_000_000 + flow + held * last == pytest.approx(told.metrics["final_equity"], abs=1)


def told_end(told: Ran) -> Any:
    return np.datetime64(told.period["used"]["end"]).astype(object)


def test_metrics_json_keeps_the_old_keys_names_its_formulas_and_holds_no_nan(data: Path) -> None:
    told, files = ran(made_up(data))
    metrics = json.loads(files["metrics.json"], parse_constant=no_constants)
    assert {"strategy", "period", "Final_Return", "CAGR_like", "MDD", "benchmarks"} <= set(metrics)
    assert {"Sharpe", "volatility", "win_rate", "trades", "turnover", "costs", "capital", "final_equity"} <= set(metrics)
    assert metrics["period"] == {"start": "2020-01-02", "end": "2024-12-30", "n_days": 1248}
    assert {name.split(".")[0] for name in metrics["formulas"]} | {"strategy", "period", "reasons", "formulas"} == set(metrics)
    assert {name: value for name, value in metrics.items() if name not in {"formulas", *TABLES}} == told.metrics


def test_a_run_without_any_trade_has_nulls_with_reasons(tmp_path: Path) -> None:
    prices = synthetic.make_prices().pick(["KOSPI"])
    flat = np.full_like(prices.close, 2_000.1)
    told, files = ran(local(tmp_path, replace(prices, open=flat, high=flat, low=flat, close=flat)))
    metrics = json.loads(files["metrics.json"], parse_constant=no_constants)
    assert metrics["Sharpe"] is metrics["win_rate"] is None
    reasons = {name: metrics["reasons"][name] for name in ("Sharpe", "win_rate")}
    assert reasons == {"Sharpe": "the daily returns do not vary", "win_rate": "no trade was closed"}
    assert "거래가 없었습니다: 기간 안에 조건이 한 번도 성립하지 않았습니다" in unwrapped(files["report.txt"])
    assert told.metrics["trades"] == 0
    assert told.degraded == []  # a strategy that rightly stayed in cash is no lesser answer


ONE_DAY = {"start": "2016-01-07", "end": "2016-01-07", "params": {"window": 4}}


@pytest.mark.parametrize(
    ("fields", "korean", "english"),
    [
        ({"capital": 1_000}, "최소 매매 단위의 값(비용 포함)에 못 미쳤습니다 (자본 1,000원)", "below one lot and its costs"),
        (
            ONE_DAY,
            "거래일이 남아 있지 않았습니다 (체결: 다음 거래일 시가)",
            "no tradable bar was left for it (fills at: next",
        ),
    ],
)
def test_the_true_reason_of_no_trade_is_told(data: Path, fields: dict[str, Any], korean: str, english: str) -> None:
    told, files = ran(made_up(data), **fields)
    reports = [unwrapped(one["report.txt"]) for one in (files, ran(made_up(data, language="en"), **fields)[1])]
    assert told.metrics["trades"] == 0
    assert korean in reports[0]
    assert english in reports[1]
    assert any(english in one for one in told.degraded)
    assert all(f"[WARN] {one}" in reports[0] for one in told.degraded)  # in English, as all warnings are
    assert not any(re.search("성립하지|never held", one) for one in (*reports, *told.degraded))


def test_a_wish_replaced_before_a_bar_or_a_price_came_is_no_lack_of_money() -> None:
    prices = synthetic.make_prices().pick(["KOSPI"]).until(4)
    halted = replace(prices, volume=np.zeros_like(prices.volume))
    wish = Targets(np.array([0, 2]), np.array([[1.0], [0.0]]))
    assert why_no_trade(halted, wish, Terms(1e8)) == "no_bar"
    assert why_no_trade(halted, wish, Terms(1.0)) == "no_bar"
    assert why_no_trade(prices, wish, Terms(1.0)) == "below_a_lot"
    assert why_no_trade(prices, Targets(wish.rows, wish.weights * 0), Terms(1.0)) == "never_wanted"
    late = synthetic.make_prices().pick(["9900Y0"])
    assert why_no_trade(late, wish, Terms(1e8)) == "no_price"


def test_a_missing_figure_tells_its_reason_in_the_language_of_the_report(data: Path) -> None:
    told, files = ran(made_up(data), **ONE_DAY)
    shown = files["report.txt"].decode()
    assert re.search(r"변동성\(연\) +-  \(이틀 이상 필요\)\n", shown)
    assert re.search(r"샤프 +-  \(이틀 이상 필요\)\n", shown)
    assert "승률                - (청산된 거래 없음)" in shown
    assert told.metrics["reasons"]["Sharpe"] == "needs two days or more"
    english = ran(made_up(data, language="en"), **ONE_DAY)[1]["report.txt"].decode()
    assert re.search(r"Win rate +- \(no trade was closed\)", english)
    assert all(re.search("[가-힣]", reason(one, "ko")) for one in REASONS)


def test_shares_executions_and_turnover_read_as_people_write_them(data: Path) -> None:
    shown = ran(made_up(data))[1]["report.txt"].decode()
    assert re.search(r"\d주 × ", shown)
    assert "체결                다음 거래일 시가\n" in shown
    assert re.search(r"회전율\(연\) [\d,]+\.\d%\n", shown)
    assert "연수익률(CAGR)    " in shown
    assert "다음 거래일 종가" in ran(made_up(data), execution="next_close")[1]["report.txt"].decode()
    assert re.search(r"\d shares × ", ran(made_up(data, language="en"))[1]["report.txt"].decode())


def test_the_same_request_gives_the_same_bytes(data: Path) -> None:
    assert ran(made_up(data), charts=True)[1] == ran(made_up(data), charts=True)[1]


def test_the_picture_is_a_png_of_1350_by_750_without_a_date(data: Path) -> None:
    told, files = ran(made_up(data), charts=True, benchmarks=["KOSPI", "990030"])
    png = files["equity_curve.png"]
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1350, 750)
    assert b"tEXt" not in png
    assert b"tIME" not in png
    assert told.degraded == []
    assert "equity_curve.png" not in ran(made_up(data))[1]


def test_a_picture_that_cannot_be_drawn_degrades_the_run_and_the_report_says_so(data: Path, tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError('no drawing on this machine')\n", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from inbox import Request\n"
        "from pc.run import run; from shared.config import Settings\n"
        "files = {}; settings = Settings(prices='synthetic', data=Path(sys.argv[1]))\n"
        "told = run(Request(strategy='krx_ma200'), settings, files.__setitem__, lambda *_: None)\n"
        "print(told.status, told.degraded, sorted(files)); print(files['report.txt'].decode())"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(HOME)]), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(data)], env=env, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.startswith("SUCCEEDED ['chart not drawn: ImportError: no drawing on this machine']")
    assert "equity_curve.png" not in done.stdout
    assert "[WARN] chart not drawn" in done.stdout


def test_history_before_the_start_warms_up_and_nothing_is_traded_before_it(data: Path) -> None:
    told, files = ran(made_up(data), start="2020-01-02", end="2020-01-10")
    assert told.period["used"] == {"start": "2020-01-02", "end": "2020-01-10", "n_days": 7}
    assert table(files["trades.csv"])[1][0] == "2020-01-02"  # what was decided the day before stands
    assert told.data["symbols"]["KOSPI"]["first"] == "2016-01-04"
    assert told.data["symbols"]["KOSPI"]["last"] == "2020-01-10"


def test_prices_after_a_day_never_change_the_equity_up_to_it(tmp_path: Path) -> None:
    prices = synthetic.make_prices()
    day = prices.rows(None, np.datetime64("2022-06-30").astype(object)).stop
    later = {name: getattr(prices, name).copy() for name in ("open", "high", "low", "close")}
    for array in later.values():
        array[day:] *= 0.5
    for execution in ("next_open", "next_close", "same_close"):
        one = ran(made_up(tmp_path), execution=execution, universe="SYNTHETIC_ETF")[1]["equity_curve.csv"]
        folder = tmp_path / execution
        other = ran(local(folder, replace(prices, **later)), execution=execution, universe="SYNTHETIC_ETF")[1]["equity_curve.csv"]
        known = [row for row in table(one)[1:] if row[0] <= "2022-06-30"]
        assert known == table(other)[1 : len(known) + 1]
        assert one != other


def test_every_phase_is_told_in_order_with_its_percent(data: Path) -> None:
    told: list[tuple[str, int]] = []
    ended = run(Request(strategy="krx_ma200"), made_up(data), lambda name, content: None, lambda *step: told.append(step))
    percents = [percent for _, percent in told]
    assert percents == sorted(percents)
    assert {("prices", 10), ("chart", 80)} <= set(told)
    assert list(ended.phases) == [phase for phase, _ in told]


def test_a_run_tells_where_its_numbers_come_from(data: Path) -> None:
    told, _ = ran(made_up(data), symbols=["990010"])
    assert told.universe == {"name": None, "from": "request", "symbols": ["990010"], "point_in_time": None}
    assert told.data["fingerprint"] == synthetic.make_prices().fingerprint
    assert len(told.strategy_sha256) == 64
    assert told.checks["reconciled"] is True
    json.dumps(vars(told), allow_nan=False)


def test_a_period_the_prices_do_not_cover_is_told(data: Path) -> None:
    told, _ = ran(made_up(data), start="2010-01-01", end="2030-01-01", symbols=["KOSPI"])
    assert told.degraded == [
        "prices begin only on 2016-01-04, asked from 2010-01-01",
        "prices end already on 2025-12-30, asked until 2030-01-01",
        "the first 199 sessions lack the 200 of history the strategy needs: it stays out",
    ]


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ({"strategy": "krx_ma20"}, StrategyUnknown, "did you mean 'krx_ma200'"),
        ({"params": {"window": 1}}, ParamsInvalid, "window=1"),
        ({"symbols": ["KOSPY"]}, DataMissing, "did you mean 'KOSPI'"),
        ({"universe": "SYNTHETIC"}, UniverseUnknown, "did you mean 'SYNTHETIC_ETF'"),
        ({"required": ["S&P500"]}, RequiredUnavailable, "S&P500: no such symbol"),
        ({"required": ["9900Y0"], "start": "2016-01-01", "end": "2016-12-31"}, RequiredUnavailable, "no price in the period"),
        ({"symbols": ["9900Y0"], "start": "2016-01-01", "end": "2016-12-31"}, DataMissing, "none has a price in the period"),
        ({"start": "2030-01-01", "end": "2030-12-31"}, DataMissing, "no session.*run from 2016-01-04 to 2025-12-30"),
    ],
)
def test_what_stands_in_the_way_is_named(data: Path, fields: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ran(made_up(data), **fields)


OWN = """
from pydantic import BaseModel
from shared.strategies import Targets
class Params(BaseModel):
    pass
SYMBOLS = ("KOSPI",)
def decide(prices, params):
    BODY
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return {}['momentum']", r"KeyError: 'momentum'; mine.py line 8: return \{\}\['momentum'\]"),
        ("import sys; sys.exit(3)", "SystemExit: 3; mine.py line 8"),
        ("prices.close[0, 0] = 1.0", "read-only; mine.py line 8"),
        ("return 3", "returned int, not Targets"),
        ("return Targets([5], [[2.0]])", "adding up to 2"),
        ("return (", "SyntaxError.*mine.py line 8"),
    ],
)
def test_a_strategy_that_fails_is_told_as_its_own_fault_with_its_line(data: Path, tmp_path: Path, body: str, said: str) -> None:
    (tmp_path / "mine.py").write_text(OWN.replace("BODY", body), encoding="utf-8")
    with pytest.raises(StrategyFailed, match=said):
        ran(made_up(data, strategies_path=tmp_path), strategy="mine")


def test_importing_the_run_loads_nothing_heavy() -> None:
    code = "import sys, pc.run; print([name for name in ('numpy', 'pandas', 'matplotlib') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME)
    assert done.stdout.strip() == "[]"


def test_after_warming_up_everything_heavy_is_loaded_but_pandas_and_pyplot() -> None:
    code = (
        "import sys, pc.run; pc.run.warm()\n"
        "print([n for n in ('numpy', 'matplotlib.figure', 'pc.engine', 'pandas', 'matplotlib.pyplot') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME)
    assert done.stdout.strip() == "['numpy', 'matplotlib.figure', 'pc.engine']"
