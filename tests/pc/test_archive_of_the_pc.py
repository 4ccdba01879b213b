"""Where the two machines have a folder each: what the PC may put away, and what a request for it brings out again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Callable, Iterator

import pytest

import outbox
from outbox.sealed import tombstone
from tests.harness.interleave import Between, disk_with
from tests.harness.processes import Machine
from tests.harness.road import Road

A_DAY = 86_400.0


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A PC with a folder of its own, and an archive somebody made."""
    (tmp_path / "kept").mkdir()
    with Machine(tmp_path, synthetic_data, archive=tmp_path / "kept", carrier="rsync") as running:
        yield running


@pytest.fixture
def apart(new_road: Callable[..., Road], quick_folder: Path) -> Road:
    """A road whose other side has a folder of its own."""
    return new_road(carrier="rsync", archive=quick_folder / "archive")


def confirm(machine: Machine, request_id: str) -> None:
    """As the NAS does once it has verified its copy."""
    mark = machine.reports / "received" / request_id
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(json.dumps({"run_id": machine.road.manifest(request_id)["run_id"]}))


def answered_long_ago(machine: Machine, *ids: str) -> None:
    for request_id in ids:
        machine.road.submit(request_id=request_id)
    assert machine.road.drain() == 0
    for request_id in ids:
        manifest = machine.reports / "done" / request_id / "manifest.json"
        then = manifest.stat().st_mtime - 31 * A_DAY
        os.utime(manifest, (then, then))


def test_the_pc_archives_what_the_nas_confirmed_and_nothing_else(machine: Machine) -> None:
    answered_long_ago(machine, "confirmed", "not-yet")
    confirm(machine, "confirmed")

    done = machine.run("pc", "archive", "--json")

    assert done.rc == 0, done.err
    told = json.loads(done.out)
    assert told["archived"] == ["confirmed"]
    assert "next sync" in told["waiting"]["not-yet"]["fix"]
    assert "OK archived=1 kept=0 waiting=1 refused=0" in done.err
    assert sorted(path.name for path in (machine.reports / "done").iterdir()) == ["not-yet"]


def test_in_one_folder_the_pc_refuses_and_says_who_archives(machine: Machine) -> None:
    answered_long_ago(machine, "one")
    done = machine.run("pc", "archive", carrier="same_folder")
    assert done.rc == 64
    assert "python -m nas archive" in done.err
    assert machine.road.answers() == {"one": "SUCCEEDED"}


def test_a_dry_run_of_the_pc_moves_nothing(machine: Machine) -> None:
    answered_long_ago(machine, "one")
    confirm(machine, "one")
    assert machine.run("pc", "archive", "--older-than", "5", "--dry-run").out.startswith("OK dry_run=yes would_archive=1")
    assert machine.road.answers() == {"one": "SUCCEEDED"}


# ---- a request that comes again ----


def archived(road: Road, request_id: str = "x") -> None:
    road.submit(request_id=request_id)
    assert road.drain() == 0
    outbox.archive(road.outbox, request_id, road.settings.archive, has_claims=False)
    assert road.answers() == {}


def test_a_request_sent_again_brings_the_archived_answer_out_again(apart: Road) -> None:
    archived(apart)
    apart.submit(request_id="x")
    assert apart.drain() == 0
    assert apart.answers() == {"x": "SUCCEEDED"}
    assert tombstone(apart.outbox, "x").exists()
    assert apart.left() == []


def test_in_one_folder_it_is_only_a_duplicate(new_road: Callable[..., Road], quick_folder: Path) -> None:
    road = new_road(archive=quick_folder / "archive")
    archived(road)
    road.submit(request_id="x")
    assert road.drain() == 0
    assert road.answers() == {}
    assert road.left() == []


def test_other_content_brings_nothing_out_but_its_own_refusal(apart: Road) -> None:
    archived(apart)
    apart.submit(request_id="x", capital=7_000_000)
    assert apart.drain() == 1
    assert list(apart.answers().values()) == ["REJECTED"]


def test_the_archived_refusal_of_other_content_comes_out_again_too(apart: Road) -> None:
    archived(apart)
    apart.submit(request_id="x", capital=7_000_000)
    apart.drain()
    [refusal] = apart.answers()
    outbox.archive(apart.outbox, refusal, apart.settings.archive, has_claims=False)
    apart.submit(request_id="x", capital=7_000_000)
    apart.drain()
    assert list(apart.answers()) == [refusal]


def test_where_the_archive_is_away_the_request_goes_and_comes_again_with_the_next_sync(apart: Road) -> None:
    archived(apart)
    unplugged = apart.settings.archive.rename(apart.settings.archive.with_name("unplugged"))
    apart.submit(request_id="x")
    assert apart.drain() == 0
    assert (apart.answers(), apart.left()) == ({}, [])
    unplugged.rename(apart.settings.archive)
    apart.submit(request_id="x")
    assert apart.drain() == 0
    assert apart.answers() == {"x": "SUCCEEDED"}


@pytest.mark.parametrize("step", ["rename", "unlink", "lstat"])
def test_an_answer_that_is_archived_while_a_worker_settles_stays_one_answer(apart: Road, step: str) -> None:
    apart.submit(request_id="x")
    assert apart.drain() == 0
    apart.submit(request_id="x")
    late = Between(step, "x", lambda: outbox.archive(apart.outbox, "x", apart.settings.archive, has_claims=False))
    assert apart.drain(disk_with(late)) == 0
    assert late.happened
    assert apart.drain() == 0
    found = [*apart.outbox.done.glob("*/manifest.json"), *apart.settings.archive.glob("*/*/manifest.json")]
    assert len(found) == 1
    assert outbox.kept(apart.outbox, apart.settings.archive, "x").manifest["status"] == "SUCCEEDED"
    assert apart.left() == []
