"""Against a benchmark: on the dates both have a close, and nothing else."""

from __future__ import annotations

import math
from statistics import mean, stdev

import numpy as np
import pytest

from tests.harness.books import measured

NAN = float("nan")
MINE = [100.0, 102.0, 101.0, 104.0, 103.0]
THEIRS = [1.0, 1.01, 1.0, 1.02, 1.03]


def test_every_figure_is_its_formula() -> None:
    found = measured(MINE, benchmarks={"K": THEIRS})["relative"]["K"]
    here = [b / a - 1 for a, b in zip(MINE, MINE[1:], strict=False)]
    there = [b / a - 1 for a, b in zip(THEIRS, THEIRS[1:], strict=False)]
    apart = [a - b for a, b in zip(here, there, strict=True)]
    together = sum((a - mean(here)) * (b - mean(there)) for a, b in zip(here, there, strict=True)) / 3
    beta = together / stdev(there) ** 2
    up = (1.02 * (104 / 101) * (103 / 104)) ** (1 / 3) - 1
    wanted = {
        "from": "2024-01-01",
        "to": "2024-01-05",
        "dates": 5,
        "benchmark_return": 0.03,
        "excess_return": 0.0,
        "CAGR": 1.03 ** (365.25 / 4) - 1,
        "excess_CAGR": 0.0,
        "MDD": 1 / 1.01 - 1,
        "volatility": stdev(there) * math.sqrt(245),
        "beta": beta,
        "alpha": (mean(here) - beta * mean(there)) * 245,
        "correlation": together / stdev(here) / stdev(there),
        "tracking_error": stdev(apart) * math.sqrt(245),
        "information_ratio": mean(apart) / stdev(apart) * math.sqrt(245),
        "up_capture": up / (1.03 ** (1 / 3) * 1.01 ** (1 / 3) - 1),
        "down_capture": (101 / 102 - 1) / (1 / 1.01 - 1),
    }
    assert set(found) == set(wanted)
    for name, value in wanted.items():
        assert found[name] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-12, abs=1e-12)), name


def test_a_day_only_one_of_them_traded_is_left_out_and_its_move_is_in_the_next() -> None:
    found = measured(MINE, benchmarks={"whole": THEIRS, "gap": [1.0, 1.01, NAN, 1.02, 1.03]})["relative"]
    assert (found["gap"]["dates"], found["whole"]["dates"]) == (4, 5)
    three = measured([100.0, 102.0, 104.0, 103.0], benchmarks={"same": [1.0, 1.01, 1.02, 1.03]})["relative"]["same"]
    for name in ("beta", "correlation", "up_capture", "excess_return", "benchmark_return"):
        assert found["gap"][name] == pytest.approx(three[name]), name
    # Three steps of four sessions: fewer a year than there are sessions.
    assert found["gap"]["tracking_error"] == pytest.approx(three["tracking_error"] * math.sqrt(3 / 4))


def test_a_benchmark_that_begins_late_is_compared_from_then_on() -> None:
    found = measured(MINE, benchmarks={"late": [NAN, NAN, 1.0, 1.02, 1.03]})["relative"]["late"]
    assert (found["from"], found["to"]) == ("2024-01-03", "2024-01-05")
    assert found["excess_return"] == pytest.approx(103 / 101 - 1.03)


def test_a_run_is_its_own_benchmark() -> None:
    curve = (np.array(MINE) / 97 * 1.1).tolist()  # apart from the last digit
    found = measured(MINE, benchmarks={"self": curve})
    itself = found["relative"]["self"]
    ones = [itself[name] for name in ("beta", "correlation", "up_capture", "down_capture")]
    assert ones == pytest.approx([1.0] * 4)
    assert [itself[name] for name in ("alpha", "tracking_error", "excess_return", "excess_CAGR")] == pytest.approx([0.0] * 4)
    assert itself["information_ratio"] is None
    assert found["reasons"]["relative.self.information_ratio"] == "the difference from the benchmark does not vary"


def test_twice_a_benchmark_has_a_beta_of_two_and_no_alpha() -> None:
    steps = np.random.default_rng(2).normal(0.001, 0.01, 300)
    mine, theirs = (np.cumprod(1 + one).tolist() for one in (2 * steps, steps))
    found = measured(mine, capital=1.0, benchmarks={"half": theirs})["relative"]["half"]
    assert found["beta"] == pytest.approx(2.0)
    assert found["alpha"] == pytest.approx(0.0, abs=1e-12)
    assert found["correlation"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("theirs", "names", "why"),
    [
        ([NAN] * 5, {"from", "to", "beta", "CAGR", "excess_return"}, "fewer than two dates in common"),
        ([NAN, NAN, 1.0, NAN, NAN], {"beta", "CAGR", "excess_return", "MDD"}, "fewer than two dates in common"),
        ([1.0, NAN, NAN, NAN, 1.1], {"beta", "volatility", "up_capture"}, "fewer than three dates in common"),
        ([1.0] * 5, {"beta", "alpha", "correlation"}, "the benchmark does not vary"),
        ([1.0] * 5, {"up_capture"}, "the benchmark never rose"),
        ([1.0, 1.1, 1.2, 1.3, 1.4], {"down_capture"}, "the benchmark never fell"),
    ],
)
def test_what_a_benchmark_cannot_tell_is_null_with_the_reason(theirs: list[float], names: set[str], why: str) -> None:
    found = measured(MINE, benchmarks={"K": theirs})
    assert names <= {name for name, value in found["relative"]["K"].items() if value is None}
    assert {found["reasons"][f"relative.K.{name}"] for name in names} == {why}


def test_the_one_date_both_have_is_still_named() -> None:
    found = measured(MINE, benchmarks={"K": [NAN, NAN, 1.0, NAN, NAN]})["relative"]["K"]
    assert (found["from"], found["to"], found["dates"]) == ("2024-01-03", "2024-01-03", 1)


def test_a_run_that_never_moved_has_no_correlation_but_a_beta_of_nothing() -> None:
    found = measured([100.0] * 5, benchmarks={"K": THEIRS})
    assert found["relative"]["K"]["beta"] == 0.0
    assert found["relative"]["K"]["correlation"] is None
    assert found["reasons"]["relative.K.correlation"] == "the daily returns do not vary"


def test_a_run_that_lost_everything_is_compared_only_as_a_whole() -> None:
    found = measured([100.0, 50.0, 0.0, 0.0, 0.0], benchmarks={"K": THEIRS})
    assert found["relative"]["K"]["excess_return"] == pytest.approx(-1 - 0.03)
    assert found["relative"]["K"]["MDD"] == pytest.approx(1 / 1.01 - 1)
    assert found["reasons"]["relative.K.beta"] == "the equity fell to 0"
