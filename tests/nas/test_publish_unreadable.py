"""Answers that cannot be read at all: told once, no code of every later call, and published once they are mended."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path
from typing import Any, Dict, List

import pytest

from nas.doctor import plan
from nas.press import open_press
from nas.publish import publish_answers
from shared.calls import Calls
from shared.disk import Disk
from shared.found import Found
from tests.harness.answers import GOOD, on_day, seal, seal_bad
from tests.harness.public import Public
from tests.harness.road import Road
from tests.harness.two_sides import desk_of

LONG = "x" * 249  # as long as a file's name may be: no mark of that name can be written


class _Locked(Calls):
    """The system's calls of somebody who may not look into, or open, what has that name."""

    def __init__(self, name: str, number: int = errno.EACCES) -> None:
        self._name, self._number = name, number
        for call in ("open", "listdir", "lstat"):
            setattr(self, call, self._refused(getattr(os, call)))

    def _refused(self, call: Any) -> Any:
        def act(path: Any, *more: Any) -> Any:
            if f"/done/{self._name}" in str(path) and not (call is os.lstat and str(path).endswith(self._name)):
                raise OSError(self._number, os.strerror(self._number), str(path))
            return call(path, *more)

        return act


@pytest.fixture
def public(road: Road) -> Public:
    """Of an empty queue."""
    return Public(road)


def _made(road: Road, kind: str) -> None:
    for number in range(4):
        name = f"odd{number}"
        if kind == "a link to itself":
            os.symlink(name, road.outbox.done / name)
        elif kind == "too long a name":
            seal(road, name)
            (road.outbox.done / name).rename(road.outbox.done / (name + LONG[len(name) :]))
        else:
            seal(road, name)


def _disk(road: Road, kind: str) -> Disk:
    return Disk(road.settings.durable, calls=_Locked("odd"), patience=0.0) if kind == "no rights" else road.disk


KINDS = pytest.mark.parametrize("kind", ["no rights", "a link to itself", "too long a name"])


@KINDS
def test_answers_nobody_can_read_are_told_once_and_end_no_later_call(road: Road, public: Public, kind: str) -> None:
    """What cannot be read counts as the oldest: it comes first, at every call."""
    _made(road, kind)
    seal(road, "next", finished=on_day(21))

    first = public.publish(_disk(road, kind))

    assert [entry["request_id"] for entry in first.published] == ["next"]
    assert (first.rc, len(first.damaged), len(first.refused), first.waiting) == (1, 4, 4, {})
    for _ in range(3):
        again = public.publish(_disk(road, kind))
        assert (again.rc, again.damaged, len(again.refused), again.published, again.waiting) == (0, [], 4, [], {})
    assert len(public.index()["refused"]) == 4
    assert all(one["why"] and one["fix"] for one in public.index()["refused"])


def test_they_are_told_in_the_log_with_what_was_found(road: Road, public: Public) -> None:
    seal(road, "odd")
    lines: List[str] = []
    press = open_press(road.settings, _disk(road, "no rights"), public.post)
    press.log._hears = lambda level, event, facts: lines.append(f"{level} {event} {facts}")
    for _ in range(2):
        publish_answers(press)
    [line] = [one for one in lines if "PUBLICATION_REFUSED" in one]
    assert line.startswith("ERROR")
    assert "E-ANSWER-UNREADABLE" in line
    assert "Permission denied" in line
    assert "done/odd" in line


@KINDS
def test_mended_they_are_published(road: Road, public: Public, kind: str) -> None:
    """Also where nothing of them tells that they were: the rights were another machine's."""
    _made(road, kind)
    public.publish(_disk(road, kind))
    for number in range(4):
        name = f"odd{number}"
        if kind == "a link to itself":
            (road.outbox.done / name).unlink()
            seal(road, name)
        elif kind == "too long a name":
            (road.outbox.done / (name + LONG[len(name) :])).rename(road.outbox.done / name)

    mended = public.publish()

    assert sorted(entry["request_id"] for entry in mended.published) == ["odd0", "odd1", "odd2", "odd3"]
    assert (mended.rc, mended.refused, public.index()["refused"]) == (0, {}, [])
    assert list((road.root / "refused").iterdir()) == []


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT])
def test_what_may_be_the_shares_fault_waits_and_is_refused_by_nobody(road: Road, public: Public, number: int) -> None:
    seal(road, "odd")
    seal(road, "next", finished=on_day(21))
    outcome = public.publish(Disk(road.settings.durable, calls=_Locked("odd", number), patience=0.0))
    assert (list(outcome.waiting), outcome.refused, outcome.rc) == (["odd"], {}, 2)
    assert [entry["request_id"] for entry in public.publish().published] == ["odd"]


def test_rights_that_are_missing_on_the_shelves_are_no_answers_fault(road: Road, public: Public) -> None:
    seal(road, "a")

    def refuse(path: Any) -> None:
        if "/backtests/" in str(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        os.mkdir(path)

    closed = Calls()
    closed.mkdir = refuse  # type: ignore[assignment]
    outcome = public.publish(Disk(road.settings.durable, calls=closed, patience=0.0))
    assert (list(outcome.waiting), outcome.refused, outcome.rc) == (["a"], {}, 2)


# ---- doctor's line of it ----


def _check(road: Road) -> Found:
    # Everything there was sealed long ago.
    for manifest in road.outbox.done.glob("*/manifest.json"):
        os.utime(manifest, (1_700_000_000, 1_700_000_000))
    found = plan(desk_of(road, road.disk)).of_share["published"]()
    assert isinstance(found, Found)
    return found


MADE_UP: Dict[str, Any] = {"data": {**GOOD["data"], "synthetic": True}}


def test_doctor_wants_no_publish_where_all_prices_are_made_up(road: Road) -> None:
    for number in range(3):
        seal(road, f"demo{number}", **MADE_UP)
    assert _check(road).verdict == "ok"
    seal(road, "real")
    found = _check(road)
    assert found.verdict == "warn"
    assert "1 answers" in found.said.en


def test_doctor_counts_bad_news_and_what_cannot_be_read(road: Road) -> None:
    """Nobody heard of the failure, and of the other nobody knows what it is."""
    seal(road, "demo", **MADE_UP)
    seal_bad(road, "failed")
    seal(road, "odd")
    (road.outbox.done / "odd" / "manifest.json").write_text("{")
    assert "2 answers" in _check(road).said.en


def test_doctor_counts_no_refused_one_whatever_its_name(road: Road, public: Public, tmp_path: Path) -> None:
    _made(road, "too long a name")
    public.publish()
    assert _check(road).verdict == "ok"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no sockets among this system's files")
def test_a_socket_in_a_files_place_is_told_once(road: Road, public: Public, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(road, "odd")
    seal(road, "next", finished=on_day(21))
    (road.outbox.done / "odd" / "metrics.json").unlink()
    monkeypatch.chdir(road.outbox.done / "odd")  # a socket's address may be no longer than some hundred signs
    with socket.socket(socket.AF_UNIX) as odd:
        odd.bind("metrics.json")
        calls = [public.publish() for _ in range(2)]
    assert [(call.rc, set(call.waiting)) for call in calls] == [(1, set()), (0, set())]
    assert [entry["request_id"] for entry in calls[0].published] == ["next"]
