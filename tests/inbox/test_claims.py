"""Who may answer a request: exclusively, in spite of torn claims, and with the deaths counted."""

from __future__ import annotations

import json
import os
from typing import Any, Callable, Dict, List, Optional

import pytest

import inbox
from inbox import Claim, Incarnation
from shared.disk import Disk
from tests.harness.file_server import Client, FileServer
from tests.harness.road import SMALL, Road

LEASE = 60.0
NewRoad = Callable[..., Road]


class Share:
    """A folder whose every time is the server's, and machines whose clocks are off."""

    def __init__(self, road: Road) -> None:
        self.server = FileServer()
        self.disk = Disk(durable=False, calls=Client(self.server), patience=0.0)
        self.road, self.inbox = road, inbox.open_inbox(road.root, self.disk)

    def worker(self, name: str = "w", skew: float = 0.0) -> Incarnation:
        """One incarnation; its own clock is off by `skew`, and everybody's goes on with the server's."""
        return Incarnation(self.inbox, name, LEASE, lambda: self.server.now + skew)

    def drop(self, request_id: str = "r", **content: Any) -> Any:
        """A request in pending."""
        data = json.dumps({**SMALL, "request_id": request_id, **content}).encode()
        path = self.inbox.pending / f"{request_id} {os.urandom(2).hex()}.json"
        self.disk.create(path, data)
        return path

    def take(self, me: Incarnation, path: Any) -> Optional[Claim]:
        """What a worker does with a file."""
        asked = inbox.read_asked(self.inbox, path, inbox.id_of_held(self.inbox, path))
        return inbox.take(me, path, asked, asked.request_id) if asked else None


@pytest.fixture
def share(road: Road) -> Share:
    return Share(road)


def test_only_one_of_two_workers_gets_the_request(share: Share) -> None:
    path, copy = share.drop(), share.drop()
    one, other = share.worker(), share.worker()
    first = share.take(one, path)
    assert first is not None
    assert (first.attempt, first.file.parent) == (1, one.folder)
    assert share.take(other, copy) is None
    assert copy.exists()
    assert inbox.is_still_ours(share.inbox, first)


def test_a_request_given_back_is_free_and_no_death(share: Share) -> None:
    one, other = share.worker(), share.worker()
    claim = share.take(one, share.drop())
    assert claim is not None
    inbox.give_back(share.inbox, claim.held)
    (back,) = share.inbox.pending.iterdir()
    again = share.take(other, back)
    assert again is not None
    assert (again.request_id, again.attempt, again.how_often(inbox.DIED)) == ("r", 2, 0)
    assert [each["ended"] for each in again.earlier] == ["given back"]
    assert not inbox.is_still_ours(share.inbox, claim)


def test_each_death_of_a_worker_is_counted_once(share: Share) -> None:
    path, earlier = share.drop(), []
    for deaths in range(4):
        claim = share.take(share.worker(), path)
        assert claim is not None
        assert (claim.attempt, claim.how_often(inbox.DIED)) == (deaths + 1, deaths)
        path, earlier = claim.file, claim.earlier
        share.server.now += LEASE + 1
    assert [each["ended"] for each in earlier] == ["died"] * 3


def test_a_request_is_given_up_after_as_many_deaths_as_it_allows(new_road: NewRoad) -> None:
    road = new_road(lease_seconds=0.001)
    share = Share(road)
    share.server.now = 1_700_000_000.0
    path = share.drop(max_attempts=2)
    for _ in range(2):
        claim = share.take(share.worker(), path)
        assert claim is not None
        path = claim.file
        share.server.now += LEASE + 1
    assert road.drain() == 1
    manifest = road.manifest("r")
    assert (manifest["status"], manifest["error"]["code"]) == ("FAILED", "E-ATTEMPTS")
    assert [each["ended"] for each in manifest["attempts"]] == ["died", "died", "answered"]
    assert road.left() == []


def test_a_sign_of_life_from_the_future_holds_a_request_no_longer_than_a_lease(share: Share) -> None:
    """The server's clock was an hour ahead for a while, or somebody's tool set the time."""
    me, other = share.worker(), share.worker()
    alive = other.folder / inbox.ALIVE
    os.utime(alive, (share.server.now + 3600, share.server.now + 3600))
    assert not me.is_dead(other.name)
    share.server.now += LEASE - 1
    me.beat()
    assert not me.is_dead(other.name)
    os.utime(alive, (share.server.now + 3600, share.server.now + 3600))  # it beats, by that clock
    assert not me.is_dead(other.name)
    share.server.now += LEASE + 1
    me.beat()
    assert me.is_dead(other.name)


@pytest.mark.parametrize("content", [b"", b'{"incarn', b"[]", b"null", b"\0" * 64, b'{"incarnation": 5}'])
def test_a_torn_claim_is_free_once_older_than_the_lease(share: Share, content: bytes) -> None:
    path, me = share.drop(), share.worker()
    share.disk.put(share.inbox.claims / "r.1.json", content)
    assert share.take(me, path) is None
    share.server.now += LEASE - 1
    assert share.take(me, path) is None
    share.server.now += 2
    claim = share.take(me, path)
    assert claim is not None
    assert (claim.attempt, claim.how_often(inbox.DIED)) == (2, 1)


@pytest.mark.parametrize("skew", [-3600.0, 0.0, 3600.0])
def test_the_clock_of_the_machine_decides_nothing(share: Share, skew: float) -> None:
    """An hour off in either direction: the living live, the dead are dead, to the second of the server."""
    path, other = share.drop(), share.worker("other")
    claim = share.take(other, path)
    assert claim is not None
    me = share.worker("me", skew)
    assert not me.is_dead(other.name)
    share.server.now += LEASE - 1
    assert not me.is_dead(other.name)
    share.server.now += 2
    assert me.is_dead(other.name)
    other.beat()
    assert not me.is_dead(other.name)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_share_an_hour_off_from_this_machine_is_drained_like_any(new_road: NewRoad, hours: int) -> None:
    import time

    road = new_road(lease_seconds=30.0)
    server = FileServer(time.time() + hours * 3600)
    road.submit(request_id="plain")
    road.drop("half.json", b'{"stra')
    disk = Disk(durable=False, calls=Client(server), patience=0.0)
    assert road.drain(disk) == 1
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED"]
    assert road.left() == []


def test_a_worker_whose_process_is_gone_from_this_host_is_dead_at_once(share: Share) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    if not share.worker("me").process.start:
        pytest.skip("no psutil here, so nobody can tell whether a process is gone")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, share.worker("child").name.encode())
        os._exit(0)
    name = os.read(reading, 200).decode()
    os.waitpid(child, 0)
    for fd in (reading, writing):
        os.close(fd)
    assert share.worker("me").is_dead(name)


def test_a_worker_that_was_buried_notices_and_never_shows_life_again(share: Share) -> None:
    one, other = share.worker(), share.worker()
    share.server.now += LEASE + 1
    other.beat()
    assert inbox.dead_incarnations(other) == [one.name]
    assert inbox.bury(share.inbox, one.name)
    with pytest.raises(inbox.DeclaredDead):
        one.beat()


def test_a_folder_with_a_request_in_it_is_never_buried(share: Share) -> None:
    one, other = share.worker(), share.worker()
    claim = share.take(one, share.drop())
    share.server.now += LEASE + 1
    assert not inbox.bury(share.inbox, one.name)
    assert claim is not None
    assert claim.file.exists()
    taken = share.take(other, claim.file)
    assert taken is not None
    assert inbox.bury(share.inbox, one.name)


def test_content_exchanged_before_the_move_is_what_is_answered(share: Share) -> None:
    path, me = share.drop(), share.worker()
    asked = inbox.read_asked(share.inbox, path)
    assert asked is not None
    path.write_bytes(json.dumps({**SMALL, "request_id": "r", "capital": 5_000_000}).encode())
    claim = inbox.take(me, path, asked, "r")
    assert claim is not None
    assert claim.asked.request is not None
    assert claim.asked.request.capital == 5_000_000


def test_another_request_put_under_the_name_meanwhile_is_not_taken_for_it(share: Share) -> None:
    path, me = share.drop(), share.worker()
    asked = inbox.read_asked(share.inbox, path)
    assert asked is not None
    path.write_bytes(json.dumps({**SMALL, "request_id": "another"}).encode())
    assert inbox.take(me, path, asked, "r") is None
    (held,) = inbox.held_by(share.inbox, me.name)
    again = inbox.read_asked(share.inbox, held.path, held.request_id)
    assert again is not None
    assert again.request_id == "another"
    assert inbox.standing(me, "r").free


def test_a_file_that_vanished_leaves_its_id_free(share: Share) -> None:
    path, me = share.drop(), share.worker()
    asked = inbox.read_asked(share.inbox, path)
    path.unlink()
    assert asked is not None
    assert inbox.take(me, path, asked, "r") is None
    standing = inbox.standing(me, "r")
    assert (standing.free, inbox.DIED in standing.ended) == (True, False)


def test_sweeping_the_claims_of_one_id_leaves_those_of_another(share: Share) -> None:
    me = share.worker()
    for request_id in ("r", "r.1", "r~x"):
        assert share.take(me, share.drop(request_id))
    inbox.sweep_claims(share.inbox, "r")
    assert inbox.claimed_ids(share.inbox) == ["r.1", "r~x"]


def test_what_a_killed_submitter_left_goes_once_it_is_old(share: Share) -> None:
    names: Dict[str, bool] = {".4-0-x.json.0123abcd.tmp": True, ".foreign.tmp": False, ".x.json.Ab12Cd": False}
    for name in names:
        share.disk.put(share.inbox.pending / name, b"{")
    me = share.worker()
    inbox.sweep_temporaries(me.inbox, me.now(), me.lease)
    assert {path.name for path in share.inbox.pending.iterdir()} == set(names)
    share.server.now += LEASE + 1
    me.beat()
    inbox.sweep_temporaries(me.inbox, me.now(), me.lease)
    left: List[str] = sorted(path.name for path in share.inbox.pending.iterdir())
    assert left == sorted(name for name, goes in names.items() if not goes)


def test_a_claim_names_its_owner_and_one_that_exists_is_never_made_again(share: Share) -> None:
    me = share.worker()
    claim = share.take(me, share.drop())
    assert claim is not None
    content = json.loads((share.inbox.claims / "r.1.json").read_bytes())
    assert content == {"incarnation": me.name, **me.process._asdict(), "nonce": claim.nonce}
    assert {"host", "pid", "start"} <= set(content)
    assert content["pid"] == os.getpid()
    with pytest.raises(FileExistsError):
        share.disk.create(share.inbox.claims / "r.1.json", b"yours")
