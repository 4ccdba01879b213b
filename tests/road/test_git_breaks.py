"""What may become of a repository and of our clone of it: broken, emptied, rewound, or the wrong one. The next sync goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict

import pytest

from shared.carriers import CarryBroken, There
from shared.carriers import git as git_carrier
from shared.carriers._code import place_of
from shared.config import HOME
from shared.disk import Disk
from tests.harness.servers import require
from tests.harness.two_sides import TwoSides, by_git


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    return by_git(quick_folder, synthetic_data)


def _clone_of(sides: TwoSides) -> Path:
    [clone] = (sides.nas.settings.data / "carriers").glob("git-*")
    return clone


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True).stdout


def _without_objects(clone: Path) -> None:
    shutil.rmtree(clone / "objects")


def _without_one_blob_each(clone: Path) -> None:
    """The packs and files are there, and some are empty."""
    for path in [path for path in (clone / "objects").rglob("*") if path.is_file()]:
        path.chmod(0o600)
        path.write_bytes(b"")


def _with_the_lock_of_a_killed_git(clone: Path) -> None:
    (clone / "index.lock").write_bytes(b"")
    (clone / "shallow.lock").write_bytes(b"")


def _with_a_torn_index(clone: Path) -> None:
    (clone / "index").write_bytes(b"DIRC torn")


def _with_a_torn_head(clone: Path) -> None:
    (clone / "HEAD").write_bytes(b"")


BREAKS: "list[Callable[[Path], None]]" = [
    _without_objects,
    _without_one_blob_each,
    _with_the_lock_of_a_killed_git,
    _with_a_torn_index,
    _with_a_torn_head,
]


@pytest.mark.parametrize("broken", BREAKS)
def test_our_clone_is_made_anew_whatever_broke_it(broken: Callable[[Path], None], sides: TwoSides) -> None:
    """In the one sync that finds it: nothing is only there."""
    sides.nas.submit(request_id="a")
    sides.settle()
    sides.nas.submit(request_id="b")
    broken(_clone_of(sides))
    trip = sides.nas.sync()
    assert (trip.troubles, trip.sent) == ([], 1)
    sides.settle()
    assert sides.nas.answers() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}


def test_a_clone_that_cannot_be_made_anew_is_told_by_its_folder(quick_folder: Path) -> None:
    require("git")
    subprocess.run(["git", "init", "--quiet", "--bare", str(quick_folder / "answers.git")], check=True)
    scratch = quick_folder / "scratch"
    scratch.write_text("a file where the folder should be")
    there = There(str(quick_folder / "answers.git"), "ssh", 20.0, scratch, "nas", dict(os.environ), Disk(durable=False))
    with pytest.raises(CarryBroken, match=str(scratch)) as told:
        git_carrier.reach(there)
    assert told.value.exit_code == 3


def _deleted(repository: Path) -> None:
    _git(repository, "update-ref", "-d", "refs/heads/relay")


def _rewound(repository: Path) -> None:
    """To its first commit, as somebody's force-push would."""
    first = _git(repository, "rev-list", "--max-parents=0", "relay").split()[0]
    _git(repository, "update-ref", "refs/heads/relay", first)


def _forced(repository: Path) -> None:
    """To a history that has nothing to do with ours."""
    who = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@x", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@x"}
    tree = _git(repository, "hash-object", "-t", "tree", "-w", os.devnull).strip()
    command = ["git", "-C", str(repository), "commit-tree", tree, "-m", "squashed"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **who})
    _git(repository, "update-ref", "refs/heads/relay", made.stdout.strip())


@pytest.mark.parametrize("lost", [_deleted, _rewound, _forced])
def test_a_branch_that_was_deleted_rewound_or_replaced_loses_no_answer(
    lost: Callable[[Path], None], sides: TwoSides, quick_folder: Path
) -> None:
    """Once with a request that only lies there, once with an answer that only lies there."""
    repository = quick_folder / "answers.git"
    sides.nas.submit(request_id="a")
    sides.settle()
    sides.nas.submit(request_id="b")
    sides.nas.sync()
    lost(repository)
    sides.settle()
    assert sides.nas.answers() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}
    sides.nas.submit(request_id="c")
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()
    sides.pc.sync()
    lost(repository)
    sides.settle()
    assert sides.nas.answers() == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "SUCCEEDED"}
    assert [sides.manifest(name)["run_id"] for name in "abc"] == [sides.pc.manifest(name)["run_id"] for name in "abc"]
    assert sides.nas.left() == sides.pc.left() == []


WRITTEN = [
    ("git@github.com:me/krx.git", "ssh://git@github.com/me/krx"),
    ("git@github.com:me/krx.git", "https://me:token@GitHub.com/me/krx.git/"),
    ("me@nas:/volume1/krx.git", "ssh://nas:2222/volume1/krx.git"),
    ("../code.git", "file:///srv/code"),
]


@pytest.mark.parametrize(("one", "other"), WRITTEN)
def test_one_repository_written_in_two_ways_is_one(one: str, other: str) -> None:
    assert place_of(one, Path("/srv/clone")) == place_of(other, Path("/srv/clone"))
    assert place_of(one, Path("/srv/clone")) != place_of("git@github.com:me/answers.git", Path("/srv/clone"))


WAYS = ["the clone", "its .git", "its remote", "its remote for pushing", "a file of a URL", "a work tree", "a short name"]


@pytest.mark.parametrize("way", WAYS)
def test_the_codes_own_repository_is_refused_however_it_is_written(way: str, quick_folder: Path) -> None:
    """A copy of the code, cloned from a server as everybody's is; `nas sync` as cron types it."""
    require("git")
    code = quick_folder / "code"
    for room in ("inbox", "outbox", "nas", "shared"):
        shutil.copytree(HOME / room, code / room, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["git", "init", "--quiet", str(code)], check=True)
    _git(code, "remote", "add", "origin", "git@git.invalid:me/krx-relay.git")
    _git(code, "remote", "set-url", "--push", "origin", str(quick_folder / "pushed.git"))
    subprocess.run(["git", "init", "--quiet", "--bare", str(quick_folder / "pushed.git")], check=True)
    places: Dict[str, str] = {
        "the clone": str(code),
        "its .git": str(code / ".git"),
        "its remote": "https://git.invalid/me/krx-relay",
        "its remote for pushing": f"file://{quick_folder}/pushed.git",
        "a file of a URL": f"file://{quick_folder}/code/nas/../.git",
        "a work tree": str(quick_folder / "beside"),
        "a short name": "mine:krx-relay.git",
    }
    who = ("-c", "user.name=x", "-c", "user.email=x@x")
    _git(code, *who, "commit", "--quiet", "--allow-empty", "--message", "one")
    _git(code, "worktree", "add", "--quiet", str(quick_folder / "beside"))
    (quick_folder / ".gitconfig").write_text('[url "git@git.invalid:Me/"]\n\tinsteadOf = mine:\n')
    mine = {"REPORTS": quick_folder / "reports", "DATA": quick_folder / "data", "LOGS": quick_folder / "logs"}
    told = {f"RELAY_{name}": str(value) for name, value in {**mine, "CARRIER": "git", "THERE": places[way]}.items()}
    environment = {**os.environ, **told, "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(quick_folder)}
    for command in (["init"], ["sync"]):
        words = [sys.executable, "-m", "nas", *command]
        done = subprocess.run(words, cwd=code, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "the code's own repository" in done.stderr
    assert "E-CARRY-REFUSED" in done.stderr
    assert subprocess.run(["git", "-C", str(code), "rev-parse", "relay"], capture_output=True, check=False).returncode != 0
