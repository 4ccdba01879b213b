"""Many machines push to one repository at the same moment: everybody's files arrive, in everybody's own folder."""

from __future__ import annotations

import os
import random
import subprocess
import threading
from pathlib import Path
from typing import List

import pytest

import shared.carriers.git as git_carrier
from shared.carriers import FAILURES, There, ThereAway
from shared.disk import Disk
from tests.harness.servers import require

WRITERS, ROUNDS = 6, 3
# In a hook of the branch $1, which was at $2: one more commit upon it.
SOMEBODY_ELSES = 'git -c user.name=x -c user.email=x@x commit-tree -p $2 -m "$$" "$2^{tree}" | xargs git update-ref "$1"'


def _repository(home: Path) -> str:
    require("git")
    subprocess.run(["git", "init", "--quiet", "--bare", str(home / "answers.git")], check=True)
    return str(home / "answers.git")


def _there(home: Path, address: str, writer: str) -> There:
    scratch = home / "scratch" / writer
    scratch.mkdir(parents=True)
    return There(address, "ssh", 20.0, scratch, writer, {**os.environ, "LC_ALL": "C"}, Disk(durable=False))


def _in_the_branch(address: str) -> List[str]:
    said = subprocess.run(
        ["git", "-C", address, "ls-tree", "-r", "--name-only", "relay"], capture_output=True, text=True, check=True
    )
    return sorted(path for path in said.stdout.split() if not path.endswith("/.whose"))


def test_six_writers_at_once_lose_no_file(quick_folder: Path) -> None:
    """Each comes back with its own newest files on the branch; who was beaten pushed again upon what the others made."""
    address, ready = _repository(quick_folder), threading.Barrier(WRITERS)
    failed: List[BaseException] = []

    def push(writer: str) -> None:
        there, here = _there(quick_folder, address, writer), quick_folder / "here" / writer
        (here / "done").mkdir(parents=True)
        for turn in range(ROUNDS):
            (here / "done" / f"{turn}.json").write_text(f'"{writer} {turn}"')
            ready.wait(60)
            try:
                git_carrier.send([f"done/{name}.json" for name in range(turn + 1)], here, there)
            except FAILURES as error:
                failed.append(error)

    writers = [f"pc-{number}" for number in range(WRITERS)]
    threads = [threading.Thread(target=push, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert failed == []
    assert _in_the_branch(address) == sorted(f"{writer}/done/{turn}.json" for writer in writers for turn in range(ROUNDS))
    reader = _there(quick_folder, address, "nas")
    assert len(git_carrier.names(reader, ["done/*"])) == ROUNDS + 1, "as if it were one root"


def test_who_is_always_beaten_tries_at_least_eight_times_and_loses_nothing(
    quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next sync sends it."""
    monkeypatch.setattr(git_carrier, "_LONGEST_PAUSE", 0.02)
    address = _repository(quick_folder)
    there, here = _there(quick_folder, address, "pc-1"), quick_folder / "here"
    (here / "done").mkdir(parents=True)
    (here / "done" / "a.json").write_text('"a"')
    git_carrier.send(["done/a.json"], here, there)
    tries = _beats_everybody(Path(address), quick_folder)
    (here / "done" / "b.json").write_text('"b"')
    with pytest.raises(ThereAway, match="others pushed first"):
        git_carrier.send(["done/b.json"], here, there)
    assert len(tries.read_text().split()) >= 8
    (Path(address) / "hooks" / "update").unlink()
    git_carrier.send(["done/a.json", "done/b.json"], here, there)
    assert _in_the_branch(address) == ["pc-1/done/a.json", "pc-1/done/b.json"]


def test_who_is_beaten_pauses_for_a_time_of_chance(quick_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two who push at the same moment push at the same moment for ever. The dice are thrown alike here: between two
    tries lies at least what they say, and nobody else threw them."""
    monkeypatch.setattr(git_carrier, "_LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(git_carrier, "_FIRST_PAUSE", 0.2)
    there, here = _there(quick_folder, _repository(quick_folder), "pc-1"), quick_folder / "here"
    (here / "done").mkdir(parents=True)
    for name in ("a", "b"):
        (here / "done" / f"{name}.json").write_text(f'"{name}"')
    git_carrier.send(["done/a.json"], here, there)
    tries = _beats_everybody(Path(there.address), quick_folder)
    random.seed(7)
    with pytest.raises(ThereAway, match="others pushed first"):
        git_carrier.send(["done/b.json"], here, there)
    moments = [float(said) for said in tries.read_text().split()]
    thrown = random.getstate()
    random.seed(7)
    pauses = [random.uniform(0, 0.2) for _ in moments]
    assert random.getstate() == thrown
    assert all(later - sooner >= pause for sooner, later, pause in zip(moments, moments[1:], pauses))


def _beats_everybody(repository: Path, home: Path) -> Path:
    """Somebody else pushes in the midst of each of our pushes; when is in that file."""
    hook, tries = repository / "hooks" / "update", home / "tries"
    hook.write_text(f'#!/bin/sh\ndate +%s.%N >> "{tries}"\n{SOMEBODY_ELSES}\n')
    hook.chmod(0o755)
    return tries
