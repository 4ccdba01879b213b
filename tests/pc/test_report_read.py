"""report.txt as whoever opens it at night reads it: what matters first, eighty columns, nothing that is no number."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable

import pytest

from inbox import Request
from pc.report import report, verdict
from pc.report.history import by_month
from pc.report.labels import LABELS
from pc.report.numbers import SIX
from pc.run import run
from shared.config import Settings
from shared.text import columns
from tests.harness.report_facts import told_with, unwrapped
from tests.harness.road import Road

PERIOD = {"strategy": "krx_ma200", "start": "2020-05-05", "end": "2021-06-30", "charts": False}
HARD: list[dict[str, Any]] = [
    {"universe": "SYNTHETIC_ETF", "benchmarks": ["KOSPI", "990030", "S&P500"], "rules": {"stop_loss": 0.1, "cooldown_days": 3}},
    {"capital": 1_000, "rules": {"lot": 10}},
    {"start": "2016-01-07", "end": "2016-01-07", "params": {"window": 4}},
    {"symbols": ["9900Y0"], "start": "2019-03-01", "end": "2019-03-11", "benchmarks": [], "capital": 10**15},
]


@pytest.fixture(scope="module")
def reports(synthetic_data: Path) -> Callable[..., str]:
    def of(language: str, **fields: Any) -> str:
        files: dict[str, bytes] = {}
        settings = Settings(prices="synthetic", data=synthetic_data, language=language)
        run(Request.model_validate({**PERIOD, **fields}), settings, files.__setitem__, lambda *step: None)
        return files["report.txt"].decode()

    return of


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("fields", HARD)
def test_it_fits_eighty_columns_and_everything_in_it_is_a_number_or_says_why(
    reports: Callable[..., str], fields: dict[str, Any], language: str
) -> None:
    told = reports(language, **fields)
    assert [line for line in told.splitlines() if columns(line) > 80] == []
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b|-₩?0[.,0]*(%|원|\s|$)", told)
    assert re.search("[가-힣]", re.sub("합성 [가-힣0-9]+…?", "", told)) if language == "ko" else True


@pytest.mark.parametrize(("language", "place"), [("ko", 0), ("en", 1)])
def test_what_matters_comes_first_and_warnings_before_any_detail(reports: Callable[..., str], language: str, place: int) -> None:
    told = reports(language, **HARD[0])
    order = ("synthetic", "title", "verdict", "numbers", *SIX, "previous", "warnings", "conditions", "params", "checks",
             "benchmarks", "falls", "months", "costs", "trading", "last_trades", "footer")  # fmt: skip
    words = [LABELS[key][place] for key in order]
    places = [re.search(rf"^ *\[?{re.escape(word)}", told, re.MULTILINE) for word in words]
    assert all(places)
    found = [one.start() for one in places if one]
    assert found == sorted(found)


def test_the_six_numbers_stand_beside_what_explains_them(reports: Callable[..., str]) -> None:
    told = reports("en", symbols=["990010"])
    numbers = told.split("[Numbers]\n")[1].split("\n\n")[0].splitlines()
    notes = [
        r"Total return +-?\d+\.\d\d%  ₩100,000,000 → ₩[\d,]+",
        r"CAGR +-?\d+\.\d\d%  [+-]\d+\.\d%p against KOSPI",
        r"Max drawdown +-\d+\.\d\d%  \d{4}-\d\d-\d\d→\d{4}-\d\d-\d\d(, still running|→\d{4}-\d\d-\d\d)",
        r"Sharpe +-?\d\.\d\d  95% interval -?\d\.\d\d ~ -?\d\.\d\d",
        r"Volatility +\d+\.\d\d%  KOSPI \d+\.\d\d%",
        r"Fills +\d+  turnover [\d,]+\.\d%",
        r"The run before +no comparable run before",
    ]
    assert len(numbers) == len(notes)
    assert all(re.fullmatch(f"  {note}", line) for note, line in zip(notes, numbers))


def test_costs_go_from_gross_to_net_and_the_checks_are_one_sentence(reports: Callable[..., str]) -> None:
    told = unwrapped(reports("en", symbols=["990010"]))
    gross, drag, net = re.search(r"Gross → net +(\S+)% → (\S+)%p → (\S+)% = ₩[\d,]+\n", told).groups()  # type: ignore[union-attr]
    assert float(gross) + float(drag) == pytest.approx(float(net), abs=0.011)
    assert "agree with the fills to the won, every day · no look-ahead: 8 decisions made again" in told


def test_a_fall_that_is_not_over_says_so() -> None:
    over, running = (report(told_with(growth), "en") for growth in ((1.0, 0.9, 0.95, 1.0), (1.0, 0.9, 0.95, 0.99)))
    assert re.search(r"-10.00%  2024-01-02→2024-01-03→2024-01-05\n", over)
    assert re.search(r"-10.00%  2024-01-02→2024-01-03, still running\n", running)
    assert "still running" not in over
    assert re.search(r"  -10.00%   2024-01-02   2024-01-03  still running +3 +1\n", running)


def test_months_stand_below_their_year_ten_years_beside_each_other_and_a_part_has_its_mark() -> None:
    years = [str(year) for year in range(2014, 2026)]
    months = [{"month": f"{year}-{month:02d}", "return": 0.01, "partial": False} for year in years for month in (1, 12)]
    months[0]["partial"] = True
    whole: list[dict[str, Any]] = [{"year": year, "return": -0.25, "partial": False} for year in years]
    whole[-1]["return"] = None
    lines = by_month({"monthly_returns": months, "yearly_returns": whole}, "en")
    assert (lines[0].split(), lines[15].split()) == (years[:10], years[10:])
    assert lines[1].split() == ["1", "1.0*", *["1.0"] * 9]
    assert lines[2] == "  2"
    assert lines[-2].split() == ["year", "-25.0", "-"]
    assert lines[-1].startswith("  * ")


def test_a_benchmark_on_other_days_and_one_that_does_not_move_say_so() -> None:
    told = report(told_with((1.0, 1.1, 1.0, 1.2), benchmarks={"KOSPI": 0.0}), "ko")
    assert re.search(r"  KOSPI +0\.00% +\+20\.00%p +- +- ", told)
    assert "  - : 벤치마크에 변동 없음, 벤치마크가 오른 날 없음, 벤치마크가 내린 날 없음\n" in told


STRATEGY = """
from pydantic import BaseModel
from shared.strategies import Targets
SYMBOLS = ("KOSPI",)
class Params(BaseModel):
    pass
def decide(prices, params):
    import numpy as np
    return Targets(np.array([0]), np.full((1, len(prices.symbols)), PART))
"""


def test_the_report_says_of_the_run_before_what_the_manifest_says(new_road: Callable[..., Road], tmp_path: Path) -> None:
    road = new_road(strategies_path=tmp_path, language="en")
    for name, part in (("first", 0.5), ("second", 0.9), ("third", 0.9)):
        (tmp_path / "mine.py").write_text(STRATEGY.replace("PART", str(part)), encoding="utf-8")
        road.submit(request_id=name, strategy="mine")
        assert road.drain() == 0
    first, second, third = (
        unwrapped((road.outbox.done / name / "report.txt").read_bytes()) for name in ("first", "second", "third")
    )
    told = road.manifest("second")["previous"]

    assert "no comparable run before" in first
    assert told["verdict"] in second
    assert re.search(r"The run before +\w+ \(\w+\): worse: .* first · over the \d+ days both have", second)
    assert "code strategy_sha256: " in second
    moved = told["figures"]["MDD"]["change"]
    assert re.search(rf"Max drawdown +-\S+% +{'▲' if moved > 0 else '▼'}{abs(moved) * 100:.2f}%p  ", second)
    assert road.manifest("third")["reused_from"]["request_id"] == "second"
    assert "same (SAME): the same numbers over the same days second · over" in third
    assert re.search(r"Max drawdown +-\S+% +=  ", third)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_minus_zero(language: str) -> None:
    tiny: dict[str, Any] = dict.fromkeys(("Final_Return", "CAGR", "MDD", "Sharpe", "turnover", "final_equity"), -1e-9)
    told = report(told_with(**tiny, benchmarks={"KOSPI": 0.0, "KOSDAQ": -1e-9}), language)
    assert not re.search(r"-₩?0[.,0]*(%|원|\s|$)", told)
    assert "+0.00%p" in told
    assert re.search(r"(1,000원 → 1,000만원|₩1,000 → ₩10,000,000)\n", report(told_with(final_equity=1e7), language))


def test_the_verdict_tells_above_level_below_and_a_deep_fall() -> None:
    one, same = (told_with(Final_Return=mine, benchmarks={"KOSPI": 0.1}) for mine in (0.3, 0.1))
    assert verdict(one, "ko") == "KOSPI보다 누적수익률이 높습니다 (+20.0%p)"
    assert verdict(same, "ko") == "KOSPI와(과) 누적수익률이 거의 같습니다 (+0.0%p)"
    deep = verdict(told_with(MDD=-0.31, benchmarks={"KOSPI": 0.1}), "ko")
    assert deep == "KOSPI보다 누적수익률이 낮습니다 (-10.0%p); 최대낙폭이 30%를 넘음 → 주의"
