"""Every lock of a machine is in docs/files.md, under the one name it has in the code; and no two are held for the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, Set

ROOT = Path(__file__).parents[2]
ROOMS = ("inbox", "outbox", "nas", "pc", "shared")
TAKEN = re.compile(r'lock_of\(f?"([^"{]+)|only_one\([^\n]*/ f?"([^"{]+)')
ROW = re.compile(r"^\| `<data>/(?:locks|notices)/([\w.-]+)(?:<[\w ]+>)?` \| held while (.+) \|$", re.MULTILINE)


def _taken() -> Set[str]:
    """The locks the code takes; of a name that is made up, its beginning."""
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return {name for file in files for found in TAKEN.findall(file.read_text(encoding="utf-8")) for name in found if name}


def _told() -> Dict[str, str]:
    return dict(ROW.findall((ROOT / "docs" / "files.md").read_text(encoding="utf-8")))


def test_every_lock_is_in_the_table_of_files_and_the_other_way_round() -> None:
    assert _taken() == set(_told())
    assert len(_taken()) >= 6, "the code takes its locks in another way than this test knows"


def test_no_two_locks_are_held_for_the_same() -> None:
    told = list(_told().values())
    assert sorted(set(told)) == sorted(told)


def test_every_lock_is_taken_in_one_way() -> None:
    """By `only_one`: what takes a lock by itself would be in no table."""
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            if "InterProcessLock" in file.read_text(encoding="utf-8"):
                assert file == ROOT / "shared" / "lock.py"
