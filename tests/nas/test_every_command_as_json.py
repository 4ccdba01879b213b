"""Every command asked for `--json` prints one JSON document on standard output, and nothing else there."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple

import pytest

from nas.__main__ import EXAMPLES as NAS
from tests.harness.processes import Machine
from tests.harness.road import SMALL


class Asked(NamedTuple):
    """A command, what it is to end with, and the words its document has at least."""

    words: List[str]
    rc: int
    told: List[str]


NAS_COMMANDS = {
    "init": Asked(["init"], 0, ["reports"]),
    "submit": Asked(["submit", "krx_ma200"], 0, ["request_id"]),
    "submit, refused": Asked(["submit", "krx_ma20"], 1, ["error"]),
    "status": Asked(["status"], 0, ["pending", "waiting", "running", "workers", "latest"]),
    "show": Asked(["show", "answered"], 0, ["request_id", "status", "files"]),
    "show, failed": Asked(["show", "failed"], 1, ["request_id", "status", "error"]),
    "show, waiting": Asked(["show", "waiting"], 0, ["request_id", "status"]),
    "show, nobody": Asked(["show", "nobody"], 1, ["error"]),
    "compare": Asked(["compare", "failed", "answered"], 0, ["a", "b", "verdict", "figures", "changed"]),
    "compare, too early": Asked(["compare", "answered", "waiting"], 2, ["error"]),
    "retry": Asked(["retry", "answered"], 0, ["request_id"]),
    "cancel": Asked(["cancel", "waiting"], 0, ["request_id"]),
    "cancel, answered": Asked(["cancel", "answered"], 0, ["request_id", "answer"]),
    "archive": Asked(["archive", "--older-than", "0"], 0, ["archived", "kept", "waiting", "refused", "dry_run"]),
    "bring-back": Asked(["bring-back", "answered"], 0, ["request_id", "folder", "moved"]),
    "bring-back, nobody": Asked(["bring-back", "nobody"], 1, ["error"]),
    "pause": Asked(["pause", "서버실 정전"], 0, ["reason"]),
    "resume": Asked(["resume"], 0, []),
    "ingest": Asked(["ingest"], 3, ["error"]),  # the PC fetches
    "precache": Asked(["precache", "--jitter", "0"], 3, ["error"]),
    "publish": Asked(["publish"], 0, ["rc", "published", "refused", "waiting", "at_work"]),
    "calendar, show": Asked(["calendar", "show", "2026-11"], 0, ["sessions", "special", "guards", "verified_through"]),
    "calendar, remove": Asked(["calendar", "remove", "2027-06-04"], 64, ["error"]),  # tests/nas/test_calendar.py adds one
    "calendar, show, unknown": Asked(["calendar", "show", "2099"], 2, ["error"]),
    "list": Asked(["list", "strategies"], 0, ["krx_ma200"]),
    "list, jobs": Asked(["list", "jobs"], 0, ["sync_reports"]),
    "metrics": Asked(["metrics"], 0, []),
    "run": Asked(["run", "publish_results"], 0, ["rc", "published"]),
    "run, refused": Asked(["run", "horses"], 64, ["error"]),
    "notify, send": Asked(["notify", "send", "Test"], 0, ["sent", "left", "refused", "why"]),
    "notify, test": Asked(["notify", "test"], 0, ["alerts", "console"]),
    "notify, digest": Asked(["notify", "digest"], 0, ["sent", "left"]),
    "notify, status": Asked(["notify", "status"], 0, ["waiting", "waiting_since", "refused", "incidents", "problems"]),
    "sync": Asked(["sync"], 0, ["sent", "brought", "waiting", "refused", "age", "elapsed"]),
    "config": Asked(["config"], 0, ["reports", "lease_seconds"]),
    "doctor": Asked(["doctor"], 2, ["side", "rc", "elapsed_ms", "checks"]),  # a request waits for nobody
}
PC_COMMANDS = {
    "drain": Asked(["drain"], 0, ["rc", "answered", "statuses"]),
    "run": Asked(["run", "FILE", "--out", "OUT"], 0, ["request_id", "status", "files"]),
    "run, no file": Asked(["run", "nothing.json"], 1, ["error"]),
    "archive": Asked(["archive"], 64, ["error"]),  # of two folders, tests/pc/test_archive_of_the_pc.py reads as JSON
    "prices": Asked(["prices", "show"], 0, ["provider", "synthetic", "fingerprint", "symbols"]),
    "prices, verify": Asked(["prices", "verify"], 0, ["fingerprint", "wrong"]),
    "cache": Asked(["cache", "list"], 0, ["series", "revisions"]),  # tests/pc/test_cache_command.py fills it
    "cache, purge": Asked(["cache", "purge"], 64, ["error"]),
    "data, show": Asked(["data", "show", "990010"], 0, ["symbol", "provider", "findings"]),
    "data, doctor": Asked(["data", "doctor"], 0, ["last", "findings", "providers"]),
    "ingest": Asked(["ingest", "--symbols", "069500"], 2, ["day", "symbols", "unavailable"]),  # without a network
    "ingest, refused": Asked(["ingest", "--symbols", "horses"], 64, ["error"]),
    "precache": Asked(["precache", "--jitter", "0"], 2, ["day", "symbols", "unavailable"]),
    "replay": Asked(["replay", "nobody"], 1, ["error"]),  # of an answer, tests/pc/test_replay.py reads as JSON
    "new-strategy": Asked(["new-strategy", "my_idea"], 0, []),
    "new-strategy, refused": Asked(["new-strategy", "My Idea"], 64, ["error"]),
    "sync": Asked(["sync"], 0, ["sent", "brought", "waiting", "refused", "age", "elapsed"]),
    "notify": Asked(["notify", "status"], 0, ["waiting", "refused"]),
    "doctor": Asked(["doctor"], 2, ["side", "rc", "elapsed_ms", "checks"]),
    "bench": Asked(["bench", "horses"], 64, ["error"]),  # what it measures, tests/pc/test_bench.py reads as JSON
}
needs_the_pcs_python = pytest.mark.skipif(sys.version_info < (3, 11), reason="the PC's commands need 3.11")


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine with an answer, a failure, and a request that waits."""
    for name in ("mine", "kept"):
        (tmp_path / name).mkdir()
    with Machine(tmp_path, synthetic_data, strategies_path=tmp_path / "mine", archive=tmp_path / "kept") as running:
        yield running


def test_every_command_is_asked() -> None:
    line_by_line = {"logs"}  # tests/nas/test_logs.py
    assert {name.split(",")[0] for name in NAS_COMMANDS} | line_by_line == set(NAS)


@needs_the_pcs_python
def test_every_command_of_the_pc_is_asked() -> None:
    from pc.__main__ import EXAMPLES as PC

    assert {name.split(",")[0] for name in PC_COMMANDS} | {"watch"} == set(PC)


@needs_the_pcs_python
@pytest.mark.parametrize("name", NAS_COMMANDS)
def test_a_command_of_the_nas_prints_one_json_document(machine: Machine, name: str) -> None:
    machine.road.submit(request_id="answered")
    machine.road.submit(request_id="failed", strategy="raises")
    assert machine.road.drain() == 1
    machine.road.submit(request_id="waiting")

    is_one_document(machine, "nas", NAS_COMMANDS[name])


@needs_the_pcs_python
@pytest.mark.parametrize("name", PC_COMMANDS)
def test_a_command_of_the_pc_prints_one_json_document(machine: Machine, tmp_path: Path, name: str) -> None:
    (tmp_path / "request.json").write_text(json.dumps(SMALL), encoding="utf-8")
    machine.road.submit(request_id="waiting")
    asked = PC_COMMANDS[name]
    paths = {"FILE": str(tmp_path / "request.json"), "OUT": str(tmp_path / "out")}

    is_one_document(machine, "pc", asked._replace(words=[paths.get(word, word) for word in asked.words]))


@needs_the_pcs_python
@pytest.mark.parametrize("words", [["pc", "watch"], ["pc.worker"]], ids=" ".join)
def test_a_worker_that_was_stopped_prints_one_json_document(machine: Machine, words: List[str]) -> None:
    worker = machine.start(*words, "--json")
    machine.answered(machine.road.submit())

    assert worker.stop() == 0
    assert json.loads(worker.out())["statuses"] == {"SUCCEEDED": 1}


@needs_the_pcs_python
def test_a_drain_by_its_old_name_prints_one_json_document(machine: Machine) -> None:
    machine.road.submit()

    is_one_document(machine, "pc.worker", PC_COMMANDS["drain"]._replace(words=["--once"]))


def is_one_document(machine: Machine, program: str, asked: Asked) -> None:
    done = machine.run(program, *asked.words, "--json")

    assert done.rc == asked.rc, done.err
    document: Dict[str, Any] = json.loads(done.out)
    assert isinstance(document, (dict, list))
    assert done.out.count("\n") == 1
    assert all(word in document for word in asked.told), document
