"""Whatever lies in pending ends as an answer or a clear refusal: nothing sticks, nothing is lost, nothing leaves the folders."""

from __future__ import annotations

import json
import os
import socket
import sys
import unicodedata
from pathlib import Path
from typing import Any, Dict, List

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import inbox
import outbox
from inbox import is_id, read_asked
from tests.harness.bad_requests import BROKEN, CONTENT, WRONG
from tests.harness.road import SMALL, Road

LINUX = sys.platform == "linux"


def _text(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _around(root: Path) -> Dict[str, bytes]:
    """Everything beside the reports folder."""
    return {
        str(path): path.read_bytes()
        for path in root.parent.rglob("*")
        if root not in path.parents and path.is_file() and not path.is_symlink()
    }


def _drained(road: Road) -> List[str]:
    """The statuses after a drain that must end by itself and change nothing outside."""
    (road.root.parent / "precious.json").write_bytes(b"do not touch")
    before = _around(road.root)
    assert road.drain() in (0, 1)
    assert _around(road.root) == before
    assert {path.name for path in road.root.iterdir()} <= {
        "pending",
        "claims",
        "running",
        "building",
        "done",
        "answered",
        "known",
        "questions",
        "aside",
    }
    return list(road.answers().values())


@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(CONTENT, st.text(alphabet=st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=40)),
        min_size=50,
        max_size=50,
    )
)
def test_fifty_files_of_anything_are_answered_in_one_drain(new_road: Any, files: List[Any]) -> None:
    road = new_road()
    digests = set()
    for number, (data, name) in enumerate(files):
        path = road.drop(f"f{number} {name}.json"[-60:].lstrip(".~"), data)
        asked = read_asked(road.inbox, path)
        if asked and inbox.names.is_request(path.name) and not (asked.request and asked.request.not_before):
            digests.add(asked.digest)
    _drained(road)
    sealed = {outbox.answer_of(road.outbox, name).digest for name in outbox.answers(road.outbox)}  # type: ignore[union-attr]
    assert digests <= sealed
    assert [name for name in road.left() if not name.startswith("pending/")] == []
    for room in road.root.iterdir():
        for path in room.iterdir():
            (outbox_tree := road.disk).remove_tree(path) if path.is_dir() else outbox_tree.remove(path)


def test_every_broken_file_is_answered_rejected_and_what_was_too_large_is_kept_aside(road: Road) -> None:
    for number, data in enumerate(BROKEN.values()):
        road.drop(f"broken {number}.json", data)
    assert _drained(road) == ["REJECTED"] * len(set(BROKEN.values()))
    kept = {path.stat().st_size for path in road.outbox.aside.iterdir()}
    assert kept == {10_000_000}
    assert road.left() == []


def test_every_wrong_value_is_answered_rejected(road: Road) -> None:
    wrong = [(field, value) for field, values in WRONG.items() for value in values if field != "request_id"]
    for number, (field, value) in enumerate(wrong):
        road.drop(f"wrong {number}.json", {**SMALL, field: value})
    assert set(_drained(road)) == {"REJECTED"}
    assert road.left() == []


@pytest.mark.parametrize(
    "request_id",
    [
        "../../precious",
        "/etc/passwd",
        "a/b",
        "..",
        ".",
        "a\0b",
        "…",
        "con",
        "CON.txt",
        "aux.json",
        "nul",
        "😀",
        "x" * 300,
        "가" * 100,
        " ",
        "a\nb",
        "~",
        "-rf",
        "*",
        "C:\\x",
        "done",
        "manifest.json",
    ],
)
def test_no_request_id_reaches_outside_its_folder(road: Road, request_id: str) -> None:
    road.drop("x.json", {**SMALL, "request_id": request_id})
    assert _drained(road) == ["SUCCEEDED"]
    (name,) = outbox.answers(road.outbox)
    assert is_id(name)
    assert road.left() == []


NAMES = [
    "가" * 83 + ".json",
    "x" * 250 + ".json",
    "CON.json",
    "aux.x.json",
    "a b.json",
    "a\nb.json",
    'a"b.json',
    "😀.json",
    "X.JSON",
    "..json",
    "-.json",
    "...json.json",
    "%s%n.json",
    "a\\b.json",
    "$(reboot).json",
    "~.json~.json",
    unicodedata.normalize("NFD", "모멘텀") + ".json",
]


@pytest.mark.skipif(not LINUX, reason="these names exist only on Linux")
def test_a_request_under_any_name_is_answered(road: Road) -> None:
    dropped = 0
    for number, name in enumerate(NAMES):
        if inbox.names.is_request(name):
            road.drop(name, {**SMALL, "capital": 10_000_000 + number})
            dropped += 1
    Path(os.fsdecode(os.fsencode(road.inbox.pending) + b"/\xff\xfe.json")).write_bytes(_text({**SMALL, "capital": 1_000_000}))
    Path(os.fsdecode(os.fsencode(road.inbox.pending) + b"/\xff\xfe.cancel")).write_bytes(b"why not")
    statuses = _drained(road)
    assert (statuses.count("SUCCEEDED"), statuses.count("CANCELLED")) == (dropped + 1, 1)
    assert [name for name in road.left() if not name.startswith(("pending/.", "pending/~"))] == []


@pytest.mark.parametrize("name", ["x" * 240, "ABC", "a b", "CON", "모멘텀", "..x", unicodedata.normalize("NFD", "모멘텀")])
def test_a_cancel_under_any_name_is_carried_out_under_an_id(road: Road, name: str) -> None:
    road.drop(f"{name}.cancel", b"never mind")
    statuses = _drained(road)
    assert statuses == ([] if name[0] == "." else ["CANCELLED"])
    assert all(is_id(answer) for answer in outbox.answers(road.outbox))


def test_a_folder_that_looks_like_a_request_or_a_cancel_blocks_nobody(road: Road) -> None:
    for name in ("x.json", "0-0-y.json", "z.cancel"):
        (road.inbox.pending / name).mkdir()
        (road.inbox.pending / name / "inside").write_bytes(b"kept")
    good, unwanted = road.submit(), road.submit(request_id="unwanted")
    inbox.cancel(road.inbox, unwanted, "no")
    assert sorted(_drained(road)) == ["CANCELLED", "SUCCEEDED"]
    assert road.manifest(good)["status"] == "SUCCEEDED"
    assert sorted(road.left()) == [
        f"pending/{name}"
        for name in ("0-0-y.json", "0-0-y.json/inside", "x.json", "x.json/inside", "z.cancel", "z.cancel/inside")
    ]


def test_what_systems_and_strangers_leave_in_running_blocks_nobody(road: Road) -> None:
    dead = road.inbox.running / "gone~0123abcd"
    for folder in (dead, dead / "@eaDir", dead / "folder.json", road.inbox.running / "@eaDir"):
        folder.mkdir()
    (road.inbox.running / "foo~1.json").write_bytes(b"{}")
    (dead / "stranger.json").write_bytes(_text(SMALL))
    os.utime(dead, (0, 0))
    good = road.submit()
    assert _drained(road) == ["SUCCEEDED", "SUCCEEDED"]
    assert road.manifest(good)["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b'{"pid": 1e400, "lease": NaN}', b'{"pid": ' + b"9" * 400 + b', "start": Infinity}', b"\xff", b"null", b""],
)
def test_a_damaged_sign_of_life_or_claim_is_only_a_dead_one(new_road: Any, content: bytes) -> None:
    road = new_road(lease_seconds=0.001)
    dead = road.inbox.running / "gone~0123abcd"
    dead.mkdir()
    (dead / "alive").write_bytes(content)
    (dead / "r.1.json").write_bytes(_text({**SMALL, "request_id": "r"}))
    (road.inbox.claims / "r.1.json").write_bytes(content)
    for path in (dead / "alive", road.inbox.claims / "r.1.json"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert _drained(road) == ["SUCCEEDED"]
    assert [attempt["ended"] for attempt in road.manifest("r")["attempts"]] == ["died", "answered"]
    assert road.left() == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_sockets_and_links_are_refused_and_nothing_behind_them_is_read(road: Road) -> None:
    secret = road.root.parent / "secret.json"
    secret.write_bytes(_text(SMALL))
    pending = road.inbox.pending
    for name, target in (
        ("passwd", "/etc/passwd"),
        ("secret", str(secret)),
        ("dangling", "/nowhere"),
        ("circle", "circle.json"),
        ("folder", str(road.root)),
    ):
        os.symlink(target, pending / f"{name}.json")
    os.mkfifo(pending / "pipe.json")
    os.mkfifo(pending / "held.json")
    writer = os.open(pending / "held.json", os.O_RDWR | os.O_NONBLOCK)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(pending / "socket.json"))
        assert _drained(road) == ["REJECTED"] * 8
    os.close(writer)
    sealed = b"".join(path.read_bytes() for path in road.outbox.done.rglob("*") if path.is_file())
    assert b"root:" not in sealed
    assert secret.read_bytes() == _text(SMALL)
    kept = [path for path in road.outbox.aside.iterdir() if path.is_symlink()]
    assert len(kept) == 5
    assert road.left() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_file_nobody_may_read_is_refused_and_kept(road: Road) -> None:
    forbidden = road.drop("forbidden.json", SMALL)
    forbidden.chmod(0)
    good = road.submit()
    if os.getuid() == 0:
        _as_nobody(road)
    else:
        road.drain()
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED"]
    assert road.manifest(good)["status"] == "SUCCEEDED"
    assert [path.stat().st_size for path in road.outbox.aside.iterdir()] == [len(_text(SMALL))]
    assert road.left() == []


def _as_nobody(road: Road) -> None:
    """Drain as a user without rights of its own."""
    for path in (road.root.parent, road.settings.data, *list(road.settings.data.parents)[:3]):
        path.chmod(0o755)
    for path in (road.root, *road.root.iterdir()):
        os.chown(path, 65534, 65534)
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            road.drain()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def test_a_file_where_an_answer_should_be_hinders_no_other(road: Road) -> None:
    (road.outbox.done / "taken").write_bytes(b"not an answer")
    road.submit(request_id="taken")
    other = road.submit()
    road.drain()
    assert road.manifest(other)["status"] == "SUCCEEDED"
    assert road.manifest("taken")["status"] == "SUCCEEDED"
    assert [path.read_bytes() for path in road.outbox.aside.iterdir()] == [b"not an answer"]
