"""The same road over real wires: rsync by ssh and to a daemon, the NAS carrying or the PC."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any, Callable, ContextManager, Iterator

import pytest

import inbox
from shared.carriers import CarryBroken, open_carrier
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


def _without_our_key(home: Path) -> None:
    (home / "authorized_keys").write_text("")


def _with_another_host_key(home: Path) -> None:
    """As after the other machine was set up anew, or where another one answers."""
    line = (home / "known").read_text().splitlines()[0].split()
    (home / "known").write_text(f"{line[0]} {' '.join((home / 'id.pub').read_text().split()[:2])}\n")


REFUSALS = [(_without_our_key, "Permission denied"), (_with_another_host_key, "REMOTE HOST IDENTIFICATION HAS CHANGED!;")]


@pytest.mark.parametrize("server", [ssh_server])
@pytest.mark.parametrize(("spoil", "said"), REFUSALS)
def test_a_key_that_is_wrong_on_either_side_is_no_sleeping_pc(
    spoil: Callable[[Path], None], said: str, pulled: TwoSides, quick_folder: Path
) -> None:
    """ssh says why, and then that the connection is closed, as it does where nobody is there."""
    assert pulled.nas.sync().troubles == []
    spoil(quick_folder / "server")
    trip = pulled.nas.sync()
    assert trip.trouble
    assert (trip.trouble.code, trip.exit_code()) == ("E-CARRY-REFUSED", 3)
    assert re.search(said, str(trip.trouble))


@WIRES
def test_a_wrong_folder_or_a_shell_that_is_not_here_is_no_sleeping_pc(pulled: TwoSides, server: Server) -> None:
    """rsync says why, and then that the connection is closed; `there_data` is such a folder, too."""
    settings, disk = pulled.nas.settings, pulled.nas.disk
    wrong = [settings.model_copy(update={"there": f"{settings.there}/no/such"})]
    wrong += [settings.model_copy(update={"carry_shell": "sshh"})] if server is ssh_server else []
    for one in wrong:
        carrier = open_carrier(one, one.there, "nas", disk)
        for journey in (carrier.bring, carrier.send):
            with pytest.raises(CarryBroken) as told:
                journey(["running/alive"], pulled.nas.root)
            assert told.value.exit_code == 3
            # Of a busy machine rsync now and then loses the words of the other side, which ends first; never its code, 11.
            assert re.search("no/such|exec sshh|ended with 11: it said nothing", told.value.why)


def test_a_daemon_that_wants_a_password_we_have_not_is_told_with_the_file_it_belongs_in(
    quick_folder: Path, synthetic_data: Path
) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    with rsync_daemon(sides.pc.root, quick_folder / "server", password="right") as way:
        sides.nas.settings = sides.nas.settings.model_copy(update={"carrier": "rsync", "there": way.address})
        trip = sides.nas.sync()
    assert trip.trouble
    assert (trip.trouble.code, trip.exit_code()) == ("E-CARRY-REFUSED", 3)
    assert str(sides.nas.settings.private / "RSYNC_PASSWORD") in trip.trouble.fix
    assert "rsync ended with 5: @ERROR: auth failed on module reports" in trip.trouble.why
