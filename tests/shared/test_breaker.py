"""A provider that fails is asked again at growing distances, and left alone for the day once that does not help."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.clock import KST
from shared.market.asking import LONGEST, MOST, WAITS, Breaker, Pace
from shared.market.outage import ExternalDataUnavailable, Kind

NOON = datetime(2026, 11, 20, 12, tzinfo=KST)


class Day:
    """A clock that goes while somebody waits, and a provider that fails as told and works after that."""

    def __init__(self, folder: Path) -> None:
        self.now, self.waited, self.questions = NOON, list[float](), 0
        self.outages: list[ExternalDataUnavailable] = []
        self.breaker = Breaker(folder, "krx_openapi", Pace(lambda: self.now, self._wait, lambda: 0.5))

    def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)

    def fails(self, kind: Kind, times: int = 1, retry_after: float | None = None) -> None:
        self.outages += [ExternalDataUnavailable("asking", "so", kind, retry_after)] * times

    def ask(self) -> str:
        self.questions += 1
        if self.outages:
            raise self.outages.pop(0)
        return "bars"

    def refused(self) -> ExternalDataUnavailable:
        with pytest.raises(ExternalDataUnavailable) as caught:
            self.breaker.asked(self.ask)
        return caught.value


@pytest.fixture
def day(tmp_path: Path) -> Day:
    return Day(tmp_path / "providers")


@pytest.mark.parametrize("kind", ["rate_limit", "network", "timeout"])
def test_what_may_pass_is_asked_again_after_1_2_4_8_and_16_seconds(kind: Kind, day: Day) -> None:
    day.fails(kind, times=len(WAITS))
    assert day.breaker.asked(day.ask) == "bars"
    assert day.waited == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("dice", [0.0, 1.0])
def test_nobody_waits_as_long_as_everybody_else(dice: float, day: Day, tmp_path: Path) -> None:
    day.breaker = Breaker(tmp_path, "one", Pace(lambda: day.now, day.waited.append, lambda: dice))
    day.fails("network", times=2)
    day.breaker.asked(day.ask)
    assert day.waited == [1 * (0.5 + dice), 2 * (0.5 + dice)]


@pytest.mark.parametrize("kind", ["auth", "schema_drift", "empty", "disabled"])
def test_what_does_not_pass_by_itself_is_not_asked_again(kind: Kind, day: Day) -> None:
    day.fails(kind)
    assert day.refused().kind == kind
    assert (day.waited, day.questions) == ([], 1)


def test_as_long_as_it_asks_for_is_waited_but_no_longer_than_a_minute(day: Day) -> None:
    day.fails("rate_limit", retry_after=30.0)
    assert day.breaker.asked(day.ask) == "bars"
    assert day.waited == [30]
    day.fails("rate_limit", retry_after=LONGEST + 1)
    assert day.refused().retry_after == LONGEST + 1
    assert day.waited == [30]


@pytest.mark.parametrize("kind", ["rate_limit", "auth"])
def test_one_that_refuses_is_left_alone_until_midnight_in_korea(kind: Kind, day: Day) -> None:
    """An address that goes on asking is blocked."""
    day.fails(kind, times=6)
    day.refused()
    day.outages.clear()
    asked = day.questions
    for _ in range(50):
        found = day.refused()
    assert (found.kind, day.questions) == (kind, asked)
    assert found.why == f"left alone for the rest of 2026-11-20: so ({kind})"
    assert day.breaker.why_open() == f"so ({kind})"
    day.now = datetime(2026, 11, 21, 0, 0, 1, tzinfo=KST)
    assert day.breaker.asked(day.ask) == "bars"
    assert day.breaker.why_open() == ""


def test_a_bad_connection_is_left_alone_only_once_it_failed_again_and_again(day: Day) -> None:
    for _ in range(MOST):
        assert day.breaker.why_open() == ""
        day.fails("network", times=6)
        day.refused()
    assert day.breaker.why_open() == "so (network)"


def test_an_answer_in_between_forgets_what_failed(day: Day) -> None:
    for _ in range(2 * MOST):
        day.fails("timeout", times=6)
        day.refused()
        assert day.breaker.asked(day.ask) == "bars"


@pytest.mark.parametrize("kind", ["empty", "schema_drift"])
def test_one_symbol_without_prices_says_nothing_of_the_next(kind: Kind, day: Day) -> None:
    for _ in range(2 * MOST):
        day.fails(kind)
        day.refused()
    assert day.breaker.why_open() == ""


def test_every_process_of_this_machine_knows_it(day: Day, tmp_path: Path) -> None:
    day.fails("auth")
    day.refused()
    another = Day(tmp_path / "providers")
    assert another.refused().kind == "auth"
    assert another.questions == 0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"day": 5}', '{"day": "2026-11-19", "open": true}'])
def test_a_torn_note_or_one_of_yesterday_closes_nothing(content: str, day: Day, tmp_path: Path) -> None:
    (tmp_path / "providers").mkdir()
    (tmp_path / "providers" / "krx_openapi.json").write_text(content, encoding="utf-8")
    assert day.breaker.asked(day.ask) == "bars"


def test_a_fault_that_is_no_outage_is_told_as_it_is_and_counts_for_nothing(day: Day) -> None:
    def broken() -> str:
        raise KeyError("column")

    with pytest.raises(KeyError):
        day.breaker.asked(broken)
    assert day.breaker.why_open() == ""
