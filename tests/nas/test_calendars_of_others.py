"""Every day from 2000 to 2027 against `holidays` and `exchange_calendars`; their known errors are listed, each explained."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest

from nas.calendar_others import KNOWN_ERRORS, READERS, Against, _compared, against_others
from shared.krx_calendar import NO_CHANGES, Note, shipped_calendar
from tests.harness.processes import Machine

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pandas, at exchange_calendars
KNOWN = shipped_calendar()
here = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in READERS), reason="holidays and exchange_calendars need Python 3.11"
)


@pytest.fixture(scope="module")
def compared() -> "dict[str, Against]":
    """Once: exchange_calendars takes seconds to be loaded."""
    return {one.library: one for one in against_others(KNOWN)}


@here
@pytest.mark.parametrize("library", READERS)
def test_every_day_agrees_with_another_calendar_but_for_its_known_errors(compared: "dict[str, Against]", library: str) -> None:
    one = compared[library]
    assert one.days == 7305, "every weekday of 28 years"
    unexplained = [f"{each.day}: ours {each.ours}, theirs {each.theirs}" for each in one.differences if each.why is None]
    assert not unexplained, f"{library} says something else: look up which of the two is right"
    assert not one.healed, f"{library} mended {one.healed}: take these days out of KNOWN_ERRORS in nas/calendar_others.py"
    assert sorted(str(each.day) for each in one.differences) == sorted(KNOWN_ERRORS[library])


@here
def test_each_known_error_is_explained_in_both_languages(compared: "dict[str, Against]") -> None:
    told = [each.why for one in compared.values() for each in one.differences]
    assert len(told) == sum(map(len, KNOWN_ERRORS.values())) == 16
    assert all(why and why.ko and why.en for why in told)


def test_an_error_of_ours_or_a_mended_one_of_theirs_would_show() -> None:
    """A calendar that has one day wrong, and is right about a day it is known to have wrong."""
    theirs = {date(2000, 1, 3): "closed", date(2000, 12, 27): "open", date(2026, 11, 20): "closed", date(2026, 11, 23): "open"}
    one = _compared("holidays", theirs, KNOWN)
    assert [(str(each.day), each.ours, each.why is None) for each in one.differences] == [
        ("2000-12-27", "closed", False),
        ("2026-11-20", "09:00–15:30", True),
    ]
    assert one.healed == ["2000-01-03", "2000-12-28"]


def test_a_day_changed_on_this_machine_is_a_difference_with_its_reason() -> None:
    note = Note("임시공휴일", "2026-11-20T18:00:00.000+09:00")
    known = shipped_calendar(NO_CHANGES._replace(closed={date(2027, 6, 4): note}))
    [each] = _compared("holidays", {date(2027, 6, 4): "open"}, known).differences
    assert each.why is not None
    assert each.why.ko == "이 기계에서 바꾼 날입니다: 임시공휴일"


def test_where_no_other_calendar_is_installed_verify_says_so(tmp_path: Path) -> None:
    """Two packages that cannot be found, whether they are here or not."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import sys\nsys.modules.update(holidays=None, exchange_calendars=None)\n",
        encoding="utf-8",
    )
    with Machine(tmp_path, tmp_path / "own", pythonpath=hidden) as machine:
        done = machine.run("nas", "calendar", "verify")
    assert (done.rc, done.err) == (0, "")
    assert "비교하지 못했습니다" in done.out
    assert done.out.splitlines()[-1].startswith("SKIPPED compared=0")
