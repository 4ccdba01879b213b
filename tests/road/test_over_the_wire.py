"""The same road over real wires: rsync by ssh and to a daemon, the NAS carrying or the PC."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Callable, ContextManager, Iterator

import pytest

import inbox
from tests.harness.servers import Way, rsync_daemon, ssh_server
from tests.harness.two_sides import TwoSides, nas_pulls, pc_pushes

Server = Callable[..., ContextManager[Way]]
WIRES = pytest.mark.parametrize("server", [rsync_daemon, ssh_server], ids=["daemon", "ssh"])


@pytest.fixture
def pulled(server: Server, quick_folder: Path, synthetic_data: Path) -> Iterator[TwoSides]:
    """The NAS reaches the PC."""
    with contextlib.ExitStack() as stack:
        yield _over(stack, server, quick_folder, nas_pulls(quick_folder, synthetic_data, "rsync", there="later"))


@pytest.fixture
def pushed(server: Server, quick_folder: Path, synthetic_data: Path) -> Iterator[TwoSides]:
    """The PC reaches the NAS."""
    with contextlib.ExitStack() as stack:
        yield _over(stack, server, quick_folder, pc_pushes(quick_folder, synthetic_data, "rsync", there="later"))


def _over(stack: contextlib.ExitStack, server: Server, home: Path, sides: TwoSides) -> TwoSides:
    carrying, other = (sides.nas, sides.pc) if sides.nas.settings.there else (sides.pc, sides.nas)
    way = stack.enter_context(server(other.root, home / "server"))
    changes: Any = {"there": way.address, "carry_shell": way.shell, "carry_seconds": 10.0}
    carrying.settings = carrying.settings.model_copy(update=changes)
    return sides


@WIRES
def test_requests_go_out_and_answers_come_home_when_the_nas_carries(pulled: TwoSides) -> None:
    for name in ("a", "b", "한글-c"):
        pulled.nas.submit(request_id=name)
    inbox.cancel(pulled.nas.inbox, "b", "a typo")
    assert pulled.nas.sync().sent == 4
    pulled.pc.drain()
    trip = pulled.nas.sync()
    assert (trip.brought, trip.waiting, trip.troubles) == (3, 0, [])
    assert pulled.nas.answers() == {"a": "SUCCEEDED", "b": "CANCELLED", "한글-c": "SUCCEEDED"}
    assert pulled.nas.left() == pulled.pc.left() == []
    assert sorted(inbox.confirmed(pulled.pc.inbox)) == ["a", "b", "한글-c"]


@WIRES
def test_requests_go_out_and_answers_come_home_when_the_pc_carries(pushed: TwoSides) -> None:
    pushed.nas.submit(request_id="a")
    pushed.nas.sync()
    assert pushed.pc.sync().brought == 1
    pushed.pc.drain()
    assert pushed.pc.sync().sent == 1
    assert pushed.nas.sync().brought == 1
    assert pushed.nas.answers() == {"a": "SUCCEEDED"}
    pushed.pc.sync()
    assert inbox.confirmed(pushed.pc.inbox) == ["a"]


@pytest.mark.parametrize("server", [ssh_server])
def test_a_key_the_other_side_does_not_know_is_no_sleeping_pc(pulled: TwoSides, quick_folder: Path) -> None:
    """ssh says why, and then that the connection is closed, as it does where nobody is there."""
    (quick_folder / "server" / "authorized_keys").write_text("")
    trip = pulled.nas.sync()
    assert trip.trouble
    assert (trip.trouble.code, trip.exit_code()) == ("E-CARRY-REFUSED", 3)
    assert "Permission denied" in str(trip.trouble)
