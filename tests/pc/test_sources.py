"""What an earlier result is told again by covers every page of ours that a run goes through."""

from __future__ import annotations

from typing import List

from pc.sources import _of_the_engine
from tests.harness.sources import ROOT, imports_of, place_of

SAY_NOTHING = {
    "pc/phases.py": "how far a run is, and how long each phase took",
    "pc/in_force.py": "versions, which are in the key by themselves",
}


def test_every_page_a_run_goes_through_is_one_the_engines_hash_covers() -> None:
    pages = ["pc/run.py"]
    for page in pages:  # grows while it is walked
        pages += [one for one in _of_pc(page) if one not in pages]
    covered = {place_of(file) for file in _of_the_engine()}
    assert [page for page in pages if page not in covered and page not in SAY_NOTHING] == []
    assert [page for page in SAY_NOTHING if page not in pages or page in covered] == []


def _of_pc(page: str) -> List[str]:
    """What it imports of that room, but for types."""
    named = [one.module.replace(".", "/") for one in imports_of(ROOT / page) if not one.for_types]
    found = [f"{name}{end}" for name in dict.fromkeys(named) for end in (".py", "/__init__.py")]
    return [one for one in found if one.startswith("pc/") and (ROOT / one).is_file()]
