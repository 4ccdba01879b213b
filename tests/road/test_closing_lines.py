"""The last line of a sync, as its process prints it: one word for how it ended, and the exit code cron sees."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

import inbox
from shared.lock import only_one
from tests.harness.processes import Done, Machine

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="pc sync is the PC's")

COUNTS = r"sent=\d+ brought=\d+ waiting=\d+ refused=\d+ age=(-|\d+s) elapsed=\d+ms"
TROUBLED = COUNTS.replace(" elapsed", ' why="[^"]{3,100}" elapsed')
SKIPPED = r'SKIPPED why="another sync is at work" elapsed=\d+ms'


@pytest.fixture
def pc(quick_folder: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A PC that reaches a NAS, with one answer of its own."""
    with Machine(quick_folder / "pc", quick_folder / "pc-data") as machine:
        for folder in ("pending", inbox.ARRIVING):
            (quick_folder / "nas" / folder).mkdir(parents=True)
        shutil.copytree(synthetic_data, quick_folder / "pc-data", dirs_exist_ok=True, symlinks=True)
        yield machine


def _synced(machine: Machine, *words: str, **changes: Any) -> Done:
    there: Dict[str, Any] = {"carrier": "rsync", "there": f"{machine.folder.parent}/nas", "worker": "pc-1", **changes}
    return machine.run("pc", "sync", *words, **there)


def _closing(done: Done) -> str:
    return done.out.splitlines()[-1]


def test_each_way_a_sync_ends_has_its_word_and_its_exit_code(pc: Machine) -> None:
    pc.road.submit(request_id="a")
    pc.road.drain()
    ok = _synced(pc)
    assert (ok.rc, bool(re.fullmatch(f"OK {COUNTS}", _closing(ok)))) == (0, True), ok
    assert "sent=1 " in _closing(ok)

    later = _synced(pc, there="rsync://127.0.0.1:9/reports")
    assert (later.rc, bool(re.fullmatch(f"LATER {TROUBLED}", _closing(later)))) == (2, True), later

    failed = _synced(pc, there=f"{pc.folder.parent}/nobody")
    assert (failed.rc, bool(re.fullmatch(f"FAILED {TROUBLED}", _closing(failed)))) == (3, True), failed
    assert "E-CARRY-BROKEN" in failed.err

    pc.road.submit(request_id="b", start="2024-02-01")
    pc.road.drain()
    (pc.reports / "done" / "b" / "metrics.json").write_bytes(b"{}")
    refused = _synced(pc)
    assert (refused.rc, bool(re.fullmatch(f"REFUSED {COUNTS}", _closing(refused)))) == (1, True), refused
    assert "refused=1 " in _closing(refused)
    assert "[ANSWER_REFUSED]" in refused.err

    with only_one(pc.road.settings.lock_of("sync")) as held:
        assert held
        skipped = _synced(pc)
    assert (skipped.rc, bool(re.fullmatch(SKIPPED, _closing(skipped)))) == (0, True), skipped


def test_a_setting_that_is_wrong_ends_a_sync_as_any_trouble_does(pc: Machine) -> None:
    """Told in the log, by the closing line, and by who asks later; the exit code says whose turn it is."""
    private = pc.folder.parent / "private"
    private.mkdir()
    (private / "RSYNC_PASSWORD").write_text("secret-word\n")
    (private / "RSYNC_PASSWORD").chmod(0o644)
    done = _synced(pc, there="rsync://127.0.0.1:9/reports", private=str(private))
    assert (done.rc, bool(re.fullmatch(f"FAILED {TROUBLED}", _closing(done)))) == (64, True), done
    assert "[SYNC_FAILED]" in done.err
    assert "chmod 600" in done.err
    assert "secret-word" not in done.out + done.err
    noted = json.loads((pc.road.settings.data / "sync.json").read_bytes())
    assert "others may read or write it" in noted["why"]


def test_as_json_the_document_is_alone_on_standard_output_and_the_line_beside_it(pc: Machine) -> None:
    done = _synced(pc, "--json")
    told = json.loads(done.out)
    assert (told["sent"], told["error"]) == (0, None)
    assert re.fullmatch(f"OK {COUNTS}", done.err.splitlines()[-1])
    with only_one(pc.road.settings.lock_of("sync")):
        skipped = _synced(pc, "--json")
    assert json.loads(skipped.out) == {"skipped": "another sync is at work"}
    assert re.fullmatch(SKIPPED, skipped.err.splitlines()[-1])


def test_a_publish_as_json_has_its_closing_line_beside_the_document_too(pc: Machine) -> None:
    done = pc.run("nas", "publish", "--json")
    assert json.loads(done.out)["published"] == []
    assert re.fullmatch(r"OK published=0 .*elapsed=\d+ms", done.err.splitlines()[-1])
