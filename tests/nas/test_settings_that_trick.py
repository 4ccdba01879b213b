"""Files of settings that say more than they seem to: aliases of aliases, a name twice, fields merged from elsewhere."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable

import pytest

from nas.old_files import limits_from
from nas.running import policies
from nas.scanning.holdings import holdings_of
from shared.clock import KST, now
from shared.config import load
from shared.errors import SettingInvalid
from tests.nas.test_request_backtest import GOOD_ONE, House, counts, house

__all__ = ["house"]
LETTERS = "abcdefghijkl"


def laughs(before: str = "") -> str:
    """Twelve short lines that unfold to a million million words."""
    lines = [f"{before}- &a [l, l, l, l, l, l, l, l, l, l]"]
    lines += [f"{before}- &{name} [{', '.join([f'*{known}'] * 10)}]" for known, name in zip(LETTERS, LETTERS[1:])]
    return "\n".join(lines) + "\n"


def refused_at_once(act: Callable[[], object], why: str) -> None:
    began = time.monotonic()
    with pytest.raises(SettingInvalid, match=why):
        act()
    assert time.monotonic() - began < 20


def test_a_request_that_unfolds_without_end_keeps_no_other_from_being_asked(house: House) -> None:
    file = house.write("a_wrong", GOOD_ONE + "labels:\n  x:\n" + laughs("    "))
    house.write("mine")
    outcome = house.ask()
    assert (outcome.rc, counts(outcome)) == (1, [1, 0, 0, 1])
    assert str(file) in outcome.why
    assert "it unfolds to more than" in outcome.why


@pytest.mark.parametrize("content", [laughs(), "codes:\n" + laughs("  "), "- code: 069500\n  weight: &a [*a]\n"])
def test_holdings_that_unfold_without_end_are_refused_at_once(content: str, tmp_path: Path) -> None:
    (tmp_path / "holdings.yaml").write_text(content, encoding="utf-8")
    refused_at_once(lambda: holdings_of(tmp_path, now().astimezone(KST).date(), "any"), "it unfolds to more than")


def test_an_old_config_that_unfolds_without_end_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("report:\n  top_n:\n" + laughs("    "), encoding="utf-8")
    refused_at_once(lambda: limits_from(tmp_path / "config.yaml"), "it unfolds to more than")


def test_fields_that_are_merged_are_refused_and_none_is_dropped(house: House) -> None:
    """The one below them was: nobody pays the tax that somebody wrote down."""
    house.write("mine", GOOD_ONE + "costs:\n  <<: {commission_bps: 1.5, slippage_bps: 20.0}\n  sales_tax: 0.0\n")
    outcome = house.ask()
    assert (outcome.rc, counts(outcome)) == (1, [0, 0, 0, 1])
    assert "mine.yaml" in outcome.why
    assert "`<<` merges fields" in outcome.why
    house.write("mine", GOOD_ONE + "labels: {yes: a, true: b}\n")
    assert "two names are one to YAML" in house.ask().why


def test_a_label_keeps_the_name_it_was_written_with(house: House) -> None:
    house.write("mine", GOOD_ONE + "labels: {on: a, 007: b, 2026-01-01: c}\n")
    assert counts(house.ask()) == [1, 0, 0, 0]
    assert house.pending()[0]["labels"] == {"on": "a", "007": "b", "2026-01-01": "c"}


def test_a_name_that_stands_there_twice_is_refused_with_its_line(house: House, tmp_path: Path) -> None:
    """The last one would win, and nobody would know of the first."""
    house.write("mine", GOOD_ONE + "capital: 1000000\ncapital: 2000000\n")
    assert "line 5: a name that stood there before" in house.ask().why
    own = tmp_path / "jobs.yaml"
    own.write_text("scan:\n  guard: td\nprune:\n  timeout: 10\nscan:\n  timeout: 10\n", encoding="utf-8")
    refused_at_once(lambda: policies(own), "line 5: a name that stood there before")
    assert load().requests.is_dir()
