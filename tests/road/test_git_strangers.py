"""Whoever may push to the repository may push anything, under any name: the others' files travel all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import List, Tuple

import pytest

import inbox
import outbox
from shared.carriers import Carrier, CarryRefused, open_carrier
from shared.disk import Disk
from shared.small_text import is_small
from tests.harness.answers import seal
from tests.harness.two_sides import TwoSides, by_git

TREE, PLAIN, LINK, GITLINK = b"40000", b"100644", b"120000", b"160000"


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    return by_git(quick_folder, synthetic_data)


class Pusher:
    """Somebody with git and bad intentions: puts entries upon the branch that no git would make."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository

    def blob(self, data: bytes) -> bytes:
        return self._git("hash-object", "-w", "--stdin", data=data).strip()

    def push(self, path: bytes, mode: bytes, what: bytes) -> None:
        """One entry at that path; the folders around it are made."""
        tip = self._git("rev-parse", "refs/heads/relay").strip().decode()
        tree = self._with(self._git("rev-parse", f"{tip}^{{tree}}").strip(), path.split(b"/"), mode, what)
        who = ("-c", "user.name=x", "-c", "user.email=x@x")
        commit = self._git(*who, "commit-tree", tree.decode(), "-p", tip, "-m", "mine").strip().decode()
        self._git("update-ref", "refs/heads/relay", commit)

    def _with(self, tree: bytes, parts: List[bytes], mode: bytes, what: bytes) -> bytes:
        rows = self._rows(tree) if tree else []
        old = next((told for name, kind, told in rows if name == parts[0] and kind == TREE), b"")
        if len(parts) > 1:
            mode, what = TREE, self._with(old, parts[1:], mode, what)
        rows = [*(row for row in rows if row[0] != parts[0]), (parts[0], mode, what)]
        raw = b"".join(kind + b" " + name + b"\0" + bytes.fromhex(told.decode()) for name, kind, told in sorted(rows))
        return self._git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=raw).strip()

    def _rows(self, tree: bytes) -> List[Tuple[bytes, bytes, bytes]]:
        raw, rows = self._git("cat-file", "tree", tree.decode()), []
        while raw:
            told, _, rest = raw.partition(b"\0")
            mode, _, name = told.partition(b" ")
            rows.append((name, mode, rest[:20].hex().encode()))
            raw = rest[20:]
        return rows

    def _git(self, *words: str, data: bytes = b"") -> bytes:
        return subprocess.run(["git", *words], cwd=self._repository, input=data, capture_output=True, check=True).stdout


STRANGE = {
    "a submodule": (b"done/a/sub", GITLINK),
    "a submodule among requests": (b"pending/4-0-zz.json", GITLINK),
    "a link": (b"done/a/link", LINK),
    "a link in an answer's place": (b"done/c", LINK),
    "a name that is no UTF-8": (b"done/a/\xba\xb9.csv", PLAIN),
    "a folder that is no UTF-8": (b"done/\xba\xb9/manifest.json", PLAIN),
    "a name longer than any": (b"done/c/" + b"x" * 300, PLAIN),
    "a name with lines": (b"done/a/x\ny.json", PLAIN),
    "a way out": (b"done/c/../../../x.json", PLAIN),
    "a way out for Windows": (b"done/c/..\\..\\x.json", PLAIN),
    "git's own": (b"done/c/.git/config", PLAIN),
    "a file in a folder's place": (b"done/b", PLAIN),
    "a folder in a file's place": (b"pending/0-0-x.json/y", PLAIN),
}


@pytest.mark.parametrize("what", STRANGE)
def test_whatever_anybody_pushes_the_others_answers_come_home(what: str, sides: TwoSides, quick_folder: Path) -> None:
    """Both ways, into a folder of their own, into ours, and into the root."""
    path, mode = STRANGE[what]
    for name in ("a", "b"):
        seal(sides.pc, name)
    assert sides.pc.sync().troubles == []
    sides.nas.submit(request_id="q")
    pusher = Pusher(quick_folder / "answers.git")
    for writer in (b"aa", b"pc-1", b"nas", b"..", b".git"):
        pusher.push(writer + b"/" + path, mode, b"1" * 40 if mode == GITLINK else pusher.blob(b"../../../../etc/passwd"))
    for _ in range(2):
        assert (sides.nas.sync().troubles, sides.pc.sync().troubles) == ([], [])
    is_lost = what == "a file in a folder's place"  # of pc-1's own answer, as if by its own hand
    assert "a" in sides.nas.answers()
    assert is_lost or "b" in sides.nas.answers()
    assert inbox.known_ids(sides.pc.inbox) == {"q"}
    assert not (quick_folder / "x.json").exists()


def test_a_damaged_answer_of_one_writer_hides_no_whole_one(sides: TwoSides, quick_folder: Path) -> None:
    """Whoever comes first by name, and however many do; what nobody has whole is refused as ever."""
    for name in ("a", "b", "c"):
        seal(sides.pc, name)
    sides.pc.sync()
    pusher = Pusher(quick_folder / "answers.git")
    manifest = json.loads((sides.pc.outbox.done / "b" / "manifest.json").read_bytes())
    for writer in (b"aa", b"ab", b"zz"):
        pusher.push(writer + b"/done/a/manifest.json", PLAIN, pusher.blob(b"{}"))
        pusher.push(writer + b"/done/b/manifest.json", PLAIN, pusher.blob(json.dumps(manifest).encode()))
        pusher.push(writer + b"/done/d/manifest.json", PLAIN, pusher.blob(b"{}"))
    trip = sides.nas.sync()
    assert (trip.troubles, trip.brought) == ([], 3)
    assert sides.nas.answers() == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "SUCCEEDED"}
    assert outbox.refused(sides.nas.outbox) == {"d"}
    assert sides.nas.manifest("b")["run_id"] == sides.pc.manifest("b")["run_id"]


@pytest.mark.parametrize("first", ["nas", "pc"])
def test_two_sides_of_one_name_are_refused(first: str, sides: TwoSides) -> None:
    """Each would take the other's files for its own, and carry nothing for ever; also where the name came from a copy."""
    sides.pc.settings = sides.pc.settings.model_copy(update={"worker": "nas"})
    sides.nas.submit(request_id="q")
    seal(sides.pc, "a")
    one, other = (sides.nas, sides.pc) if first == "nas" else (sides.pc, sides.nas)
    assert one.sync().troubles == []
    for _ in range(2):
        trip = other.sync()
        assert trip.trouble
        assert (trip.trouble.code, trip.exit_code()) == ("E-CARRY-REFUSED", 3)
        assert "under the name 'nas'" in trip.trouble.why
        assert "another `worker`" in trip.trouble.fix
    assert one.sync().troubles == []
    sides.pc.settings = sides.pc.settings.model_copy(update={"worker": "pc-1"})
    if first == "pc":  # what it wrote under that name is to go with it, as the remedy says
        theirs = (sides.pc.settings.data / "carriers" / "who").read_text()
        (sides.nas.settings.data / "carriers").mkdir(exist_ok=True)
        (sides.nas.settings.data / "carriers" / "who").write_text(theirs)
    sides.settle()
    assert sides.nas.answers()["q"] == "SUCCEEDED"


def _of_one_name(sides: TwoSides) -> Tuple[Carrier, Carrier]:
    """Two machines that both call themselves `nas`, each with what it keeps of its own."""
    nas, pc = (open_carrier(one.settings, one.settings.there, "nas", Disk(False, patience=0.0)) for one in (sides.nas, sides.pc))
    return nas, pc


def test_two_machines_of_one_name_fetch_nothing(sides: TwoSides) -> None:
    assert sides.pc.sync().troubles == [], "by a name of its own: it has a sign"
    nas, pc = _of_one_name(sides)
    seal(sides.nas, "a")
    nas.send(["done/a"], sides.nas.root)
    with pytest.raises(CarryRefused, match="under the name 'nas'"):
        pc.names("done/*/")
    assert "done/a/" not in nas.names("done/*/"), "its own files are none of the others'"


def test_two_machines_of_one_name_push_nothing_over_each_other(sides: TwoSides, quick_folder: Path) -> None:
    """Both looked while neither had written there yet."""
    nas, pc = _of_one_name(sides)
    assert pc.names("done/*/") == nas.names("done/*/") == ["done/"]
    for one, carrier in ((sides.nas, nas), (sides.pc, pc)):
        seal(one, one.settings.worker)
        if carrier is pc:
            with pytest.raises(CarryRefused, match="under the name 'nas'"):
                carrier.send(["done/pc-1"], one.root)
        else:
            carrier.send(["done/nas"], one.root)
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "relay"], cwd=quick_folder / "answers.git", capture_output=True, check=True
    ).stdout.decode()
    assert "nas/done/nas/manifest.json" in listed
    assert "pc-1" not in listed


ELSEWHERE = (b"../up.txt", b"..\\up.txt", b"x/../../up.txt", b"./up.txt", b".git/config", b".GIT/hooks/x", b"x\\.Git\\y")
UNWRITABLE = (b"new\nline", b"tab\there", b"esc\x1b[2J", b"half\xff")


@pytest.mark.skipif(sys.platform == "win32", reason="a pusher's git there takes no such names")
def test_no_name_leads_out_of_its_folder_on_any_system(sides: TwoSides, quick_folder: Path) -> None:
    """Nor into git's own; and none nobody can write is a file. What is good beside it comes."""
    seal(sides.pc, "a")
    sides.pc.sync()
    pusher = Pusher(quick_folder / "answers.git")
    for name in (*ELSEWHERE, *UNWRITABLE):
        pusher.push(b"pc-1/done/a/" + name, PLAIN, pusher.blob(b"mine"))
    (quick_folder / "room" / "within").mkdir(parents=True)
    nas, _ = _of_one_name(sides)
    nas.bring(["done/a/"], quick_folder / "room" / "within")
    came = {os.fsencode(path.relative_to(quick_folder / "room")) for path in (quick_folder / "room").rglob("*") if path.is_file()}
    assert b"within/done/a/manifest.json" in came
    assert came == {
        b"within/done/a/" + path.name.encode() for path in (sides.pc.outbox.done / "a").iterdir() if is_small_there(path)
    }


def is_small_there(path: Path) -> bool:
    """Whether git carries it."""
    return is_small(path.name, path.stat().st_size)


def test_a_file_here_whose_name_is_no_text_keeps_nothing_from_leaving(sides: TwoSides) -> None:
    """From an old Windows, by a share."""
    (Path(os.fsdecode(os.fsencode(sides.nas.inbox.pending) + b"/\xb0\xa1.cancel"))).write_bytes(b"")
    sides.nas.submit(request_id="q")
    assert [sides.nas.sync().troubles for _ in range(2)] == [[], []]
    assert sides.pc.sync().troubles == []
    assert "q" in inbox.known_ids(sides.pc.inbox)


def test_nobodys_huge_file_on_the_branch_is_read(sides: TwoSides, quick_folder: Path) -> None:
    """A push of a few kilobytes may hold gigabytes of nothing."""
    seal(sides.pc, "a")
    sides.pc.sync()
    pusher = Pusher(quick_folder / "answers.git")
    huge = pusher.blob(b"0" * 50_000_000)
    for path in (b"evil/done/b/manifest.json", b"evil/done/b/prices.csv", b"evil/running/x~1/alive"):
        pusher.push(path, PLAIN, huge)
    assert sides.nas.sync().troubles == []
    assert "a" in sides.nas.answers()
    largest = max(path.stat().st_size for path in sides.nas.inbox.root.rglob("*") if path.is_file())
    assert largest < 1_000_000


def test_a_branch_whose_name_ends_like_ours_is_not_ours(sides: TwoSides, quick_folder: Path) -> None:
    seal(sides.pc, "a")
    sides.pc.sync()
    git = ["git", "-C", str(quick_folder / "answers.git")]
    tree = subprocess.run([*git, "mktree"], input=b"", capture_output=True, check=True).stdout.decode().strip()
    who = ("-c", "user.name=x", "-c", "user.email=x@x")
    made = subprocess.run([*git, *who, "commit-tree", tree, "-m", "x"], capture_output=True, check=True).stdout.decode().strip()
    subprocess.run([*git, "update-ref", "refs/heads/a/refs/heads/relay", made], check=True)
    assert sides.nas.sync().troubles == []
    assert "a" in sides.nas.answers()
