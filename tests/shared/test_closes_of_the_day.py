"""`data/eod/<date>.csv`: the day's closes lie on both machines, also on one that cannot open a panel (Python 3.8)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Dict

import pytest

from shared.cache import CLOSES, DAY_FACTS
from tests.harness.price_sides import FIRST_VERSION, NEXT_VERSION, PC, Machine, nas_carries, pc_carries

HEAD = "code,name,close,previous_close,volume,value,flags\n"
TABLE = ("\ufeff" + HEAD + "069500,KODEX 200,35600,35500,10,,\n000660,SK하이닉스,,,,,unavailable\n").encode()
CORRECTED = TABLE.replace(b"35600", b"35601")


def with_closes(version: Dict[str, bytes], table: bytes = TABLE) -> Dict[str, bytes]:
    return {**version, CLOSES: table}


def closes(machine: Machine, day: str) -> Path:
    return Path(machine.settings.data) / "eod" / f"{day}.csv"


@pytest.mark.parametrize("way", [nas_carries, pc_carries])
@pytest.mark.parametrize("source", [PC, "nas"])
def test_the_days_closes_lie_on_both_sides_after_a_sync(way: object, source: str, quick_folder: Path) -> None:
    sides = way(quick_folder, prices_from=source)  # type: ignore[operator]
    made, other = sides.by_source(source)
    made.seal("2026-11-19", with_closes(FIRST_VERSION))
    sides.settle()
    assert closes(made, "2026-11-19").read_bytes() == closes(other, "2026-11-19").read_bytes() == TABLE
    made.seal("2026-11-20", with_closes(NEXT_VERSION))
    made.seal("2026-11-20", with_closes(NEXT_VERSION, CORRECTED))
    sides.settle()
    assert closes(other, "2026-11-20").read_bytes() == CORRECTED
    assert closes(other, "2026-11-19").read_bytes() == TABLE, "of another day it stays"


def test_a_version_without_them_leaves_none_and_they_are_read_without_anything_heavy(quick_folder: Path) -> None:
    sides = nas_carries(quick_folder, prices_from=PC)
    sides.runner.seal("2026-11-19", FIRST_VERSION)
    sides.settle()
    assert not closes(sides.nas, "2026-11-19").exists()
    sides.runner.seal("2026-11-20", with_closes(NEXT_VERSION))
    sides.settle()
    with open(closes(sides.nas, "2026-11-20"), encoding="utf-8-sig", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    assert (rows["069500"]["close"], rows["000660"]["name"], rows["000660"]["flags"]) == ("35600", "SK하이닉스", "unavailable")


@pytest.mark.parametrize("way", [nas_carries, pc_carries])
def test_what_goes_with_the_closes_lies_beside_them_and_never_of_another_version(way: object, quick_folder: Path) -> None:
    sides = way(quick_folder, prices_from=PC)  # type: ignore[operator]
    sides.runner.seal("2026-11-20", {**with_closes(FIRST_VERSION), DAY_FACTS: b'{"day": "2026-11-20"}'})
    sides.settle()
    facts = closes(sides.nas, "2026-11-20").with_suffix(".json")
    assert facts.read_bytes() == b'{"day": "2026-11-20"}'
    sides.runner.seal("2026-11-20", with_closes(NEXT_VERSION, CORRECTED))
    sides.settle()
    assert closes(sides.nas, "2026-11-20").read_bytes() == CORRECTED
    assert not facts.exists()
