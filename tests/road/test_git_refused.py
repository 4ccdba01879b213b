"""A repository that does not take a push: refused by its hook, or held by a lock nobody holds; neither is a race, nor a sleep."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import shared.carriers.git as git_carrier
from shared.carriers import CarryBroken, CarryRefused
from tests.harness.two_sides import TwoSides, by_git

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the server's hooks are shell scripts")

SAID = "GH006: Protected branch update failed for refs/heads/relay"
A_LOT = "see the rules of this server\\n" * 30  # more than an error quotes


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    return by_git(quick_folder, synthetic_data)


def _hook(repository: Path, kind: str) -> Path:
    hook = repository / "hooks" / kind
    hook.write_text(f'#!/bin/sh\necho "error: {SAID}" >&2\nprintf "{A_LOT}" >&2\nexit 1\n')
    hook.chmod(0o755)
    return hook


@pytest.mark.parametrize("kind", ["pre-receive", "update"])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_push_that_a_hook_refuses_is_told_with_what_the_server_said(
    kind: str, is_new: bool, sides: TwoSides, quick_folder: Path
) -> None:
    """As a protected branch is: nobody would mend it if it were told as a PC that sleeps."""
    if not is_new:
        sides.nas.submit(request_id="before")
        sides.settle()
    hook = _hook(quick_folder / "answers.git", kind)
    sides.nas.submit(request_id="a")
    trip = sides.nas.sync()
    [told] = trip.troubles
    assert isinstance(told, CarryRefused)
    assert SAID in told.why
    assert "hook declined" in told.why
    assert trip.exit_code() == 3
    hook.unlink()
    sides.settle()
    assert sides.nas.answers()["a"] == "SUCCEEDED", "nothing was lost by it"


def test_a_hook_that_speaks_of_locks_is_a_hook(sides: TwoSides, quick_folder: Path) -> None:
    """What the server decided counts, not the words a hook of somebody's chooses."""
    hook = _hook(quick_folder / "answers.git", "update")
    hook.write_text('#!/bin/sh\necho "cannot lock ref: fetch first (non-fast-forward)" >&2\nexit 1\n')
    sides.nas.submit(request_id="a")
    [told] = sides.nas.sync().troubles
    assert isinstance(told, CarryRefused)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_lock_that_a_killed_git_left_over_there_is_told_as_such(
    is_new: bool, sides: TwoSides, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else pushes, and nobody will: the operator is told what stands there, and what to do."""
    monkeypatch.setattr(git_carrier, "_LONGEST_PAUSE", 0.02)
    repository = quick_folder / "answers.git"
    if not is_new:
        sides.nas.submit(request_id="before")
        sides.settle()
    lock = repository / "refs" / "heads" / "relay.lock"
    lock.write_bytes(b"")
    sides.nas.submit(request_id="a")
    trip = sides.nas.sync()
    [told] = trip.troubles
    assert isinstance(told, CarryBroken)
    assert "nobody else pushed" in told.why
    assert f"{lock.name}': File exists" in told.why, "git's own words"
    assert "refs/heads/relay.lock" in told.fix
    assert trip.exit_code() == 3
    lock.unlink()
    sides.settle()
    assert sides.nas.answers()["a"] == "SUCCEEDED"


def test_a_folder_of_branches_where_ours_should_be_is_told_as_it_is(
    sides: TwoSides, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`relay/old` beside: git can never make `relay`."""
    monkeypatch.setattr(git_carrier, "_LONGEST_PAUSE", 0.02)
    git = ["git", "-C", str(quick_folder / "answers.git"), "-c", "user.name=x", "-c", "user.email=x@x"]
    tree = subprocess.run([*git, "mktree"], input="", capture_output=True, text=True, check=True).stdout.strip()
    made = subprocess.run([*git, "commit-tree", tree, "-m", "x"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([*git, "update-ref", "refs/heads/relay/old", made], check=True)
    sides.nas.submit(request_id="a")
    [told] = sides.nas.sync().troubles
    assert isinstance(told, CarryBroken)
    assert "refs/heads/relay/old' exists" in told.why
