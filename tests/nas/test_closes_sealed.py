"""Whose closes a report believes: the prices in use say what was sealed, and where they cannot, nothing is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from nas.closes import Wish, closes_of
from nas.reporting import report_evening, report_watched
from shared.cache import PricesDamaged
from tests.harness.closes import FRIDAY, HEAD, REGIME, ROWS, THURSDAY, Office, on
from tests.harness.interleave import Between, disk_with
from tests.harness.typed import Typed

DAMAGED = "the index of the prices in use is damaged, and nobody can say what was sealed"
BESIDE = f"what goes with it, {FRIDAY}.json, is not what was sealed"


@pytest.fixture
def office(quick_folder: Path) -> Office:
    return Office(quick_folder)


def refused(office: Office, why: str, wish: Wish = Wish()) -> None:  # noqa: B008 - a value
    with pytest.raises(PricesDamaged, match=why):
        report_evening(office.turn(), wish)
    assert office.told() == []
    assert not (office.settings.reports / "eod").exists()


@pytest.mark.parametrize(
    "edit", [{"regime": {**REGIME, "on": False}}, {"regime": None}, {"before": "2026-11-13"}, {"synthetic": True}]
)
def test_what_goes_with_the_closes_is_what_the_prices_in_use_sealed(edit: Any, office: Office) -> None:
    office.lay_out(FRIDAY)
    office.in_use(FRIDAY)
    office.lay_out(FRIDAY, **edit)
    refused(office, BESIDE)
    office.lay_out(FRIDAY)
    assert report_evening(office.turn(), Wish()).facts["told"] == "yes"


def test_a_correction_that_comes_into_use_meanwhile_is_waited_for(office: Office) -> None:
    """The files were read as they were before, the index as it is now."""
    office.lay_out(FRIDAY)
    office.in_use(FRIDAY)

    def corrected() -> None:
        office.lay_out(FRIDAY, ROWS.replace("2600.5", "2600.6"), regime=None)
        office.in_use(FRIDAY)

    closes = closes_of(disk_with(Between("open", "index.json", corrected)), office.settings, on(FRIDAY))
    assert (closes.regime, [row.close for row in closes.rows if row.code == "KOSPI"]) == (None, [2600.6])


def test_facts_that_went_or_that_nobody_sealed_are_no_facts(office: Office) -> None:
    office.lay_out(FRIDAY)
    file = office.settings.data / "eod" / f"{FRIDAY}.json"
    office.in_use(FRIDAY)
    kept = file.read_bytes()
    file.unlink()
    refused(office, BESIDE)
    office.in_use(FRIDAY)
    file.write_bytes(kept)
    refused(office, BESIDE)


def test_a_table_is_held_against_the_prices_in_use_whatever_its_facts_say(office: Office) -> None:
    office.lay_out(FRIDAY)
    office.in_use(FRIDAY)
    office.lay_out(FRIDAY, ROWS.replace("2600.5", "2700.5"))
    refused(office, "it is not the table that was sealed")


def test_facts_of_an_older_version_do_where_the_prices_in_use_seal_the_table(office: Office) -> None:
    """They do not say which table they are of."""
    office.lay_out(FRIDAY)
    facts = json.loads((office.settings.data / "eod" / f"{FRIDAY}.json").read_bytes())
    office.put(f"eod/{FRIDAY}.json", {name: fact for name, fact in facts.items() if name != "closes_sha256"})
    refused(office, "nobody sealed it: there are no prices in use")
    office.in_use(FRIDAY)
    assert report_evening(office.turn(), Wish()).facts["told"] == "yes"


@pytest.mark.parametrize("said", ["false", 1, 0, None, [True], "true"])
@pytest.mark.parametrize("is_sealed", [True, False])
def test_facts_that_do_not_say_whether_prices_are_made_up_are_damaged(said: Any, is_sealed: bool, office: Office) -> None:
    office.lay_out(FRIDAY, synthetic=said)
    if is_sealed:
        office.in_use(FRIDAY)
    refused(office, f"what goes with it, {FRIDAY}.json, does not say whether its prices are made up")


@pytest.mark.parametrize("index", ["torn", "a folder", "changed", "empty"])
@pytest.mark.parametrize("is_copied", [True, False])
def test_where_the_index_in_use_cannot_be_read_nothing_is_told(index: str, is_copied: bool, office: Office) -> None:
    office.lay_out(THURSDAY)
    path = office.in_use(THURSDAY)
    if is_copied:
        shutil.copy(office.settings.data / "eod" / f"{THURSDAY}.csv", office.settings.data / "eod" / f"{FRIDAY}.csv")
    else:
        office.lay_out(FRIDAY)
    whole = path.read_bytes()
    path.unlink()
    if index == "a folder":
        path.mkdir()
    else:
        path.write_bytes({"torn": whole[:100], "changed": whole.replace(b"2026-01-02", b"2026-01-05"), "empty": b""}[index])
    refused(office, DAMAGED)


@pytest.mark.parametrize("day", [THURSDAY, FRIDAY])
def test_a_table_that_neither_prices_in_use_nor_its_facts_vouch_for_is_nobodys_closes(day: str, office: Office) -> None:
    office.put(f"eod/{day}.csv", (HEAD + ROWS).encode())
    refused(office, "nobody sealed it: there are no prices in use", Wish(on(day)))
    office.put("eod/2026-11-23.csv", (HEAD + ROWS).encode())
    office.in_use("2026-11-23")
    refused(office, "nobody sealed it: the prices in use end on 2026-11-23", Wish(on(day)))


def test_a_file_of_a_day_without_a_session_or_to_come_is_refused_before_it_is_read(tmp_path: Path) -> None:
    typed, office = Typed(tmp_path, RELAY_PRICES="local"), Office(tmp_path)
    for day, why in (("2026-11-22", "that day is yet to come"), ("2026-11-15", "the exchange has no session on that day")):
        office.lay_out(day)
        for job in ("report_eod", "report_watchlist"):
            office.put("private/watchlist.yaml", b"[069500]\n")
            words = ("--watchlist", str(office.settings.data / "private/watchlist.yaml")) if job == "report_watchlist" else ()
            done = typed("run", job, "--guard", "none", "--at", f"{FRIDAY}T18:10", "--", "--date", day, *words)
            assert (done.returncode, office.told()) == (64, []), done.stdout + done.stderr
            assert f"[E-USAGE] reporting {day}: {why}; the last session up to it is that of" in done.stderr


@pytest.mark.parametrize(
    ("close", "before"), [("999999999999", "2590.1"), ("2600.5", "0." + "0" * 300 + "1"), ("3400", "2590.1")]
)
def test_an_index_that_moved_further_than_its_shares_may_moved_nowhere(
    close: str, before: str, office: Office, capsys: Any
) -> None:
    office.lay_out(FRIDAY, ROWS.replace("KOSPI,KOSPI,2600.5,2590.1", f"KOSPI,KOSPI,{close},{before}"))
    document = report_evening(office.turn(), Wish()).document
    shown = capsys.readouterr().out
    assert "시장(KOSPI): +0.28% ▲" in shown
    assert " · 가격제한폭을 넘음(액면분할?) 1: KOSPI (KOSPI)\n" in shown
    assert "inf" not in json.dumps(document, allow_nan=False)


def test_what_is_foreign_and_moved_beyond_belief_is_in_no_mean(office: Office, capsys: Any) -> None:
    office.lay_out(FRIDAY, ROWS + "NVDA,엔비디아,999999999999,0.001,1,,\n")
    listed = office.put("watchlist.yaml", b"[NVDA, '091160']\n")
    assert report_watched(office.turn(watchlist=listed), Wish()).facts["mean"] == "+5.13%"
    assert "엔비디아 (NVDA)" in capsys.readouterr().out
