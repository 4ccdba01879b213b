"""What may lie in the other side's folder beside what we put there: links, and names that look like something else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import inbox
from shared.carriers import CarryBroken, CarryPartial, open_carrier
from tests.harness.answers import seal
from tests.harness.servers import require
from tests.harness.two_sides import nas_pulls, pc_pushes

CARRIERS = pytest.mark.parametrize("carrier", ["same_folder", "rsync"])


@CARRIERS
def test_a_link_over_there_keeps_no_other_file_from_coming(carrier: str, quick_folder: Path, synthetic_data: Path) -> None:
    """In an answer, in the place of one, and of a sign of life."""
    require("rsync")
    sides = nas_pulls(quick_folder, synthetic_data, carrier)
    for name in ("a", "b"):
        seal(sides.pc, name)
    sides.nas.submit(request_id="q")
    (sides.pc.outbox.done / "a" / "link").symlink_to("/etc/passwd")
    (sides.pc.outbox.done / "c").symlink_to("/etc")
    incarnation = sides.pc.inbox.running / "w~aaaaaaaa"
    incarnation.mkdir()
    (incarnation / "alive").symlink_to("/etc/passwd")
    for moved in ((2, 1), (0, 0)):
        trip = sides.nas.sync()
        assert (trip.troubles, trip.brought, trip.sent) == ([], *moved)
    assert sides.nas.answers() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}
    assert not (sides.nas.outbox.done / "a" / "link").is_symlink()
    assert not (sides.nas.inbox.running / "w~aaaaaaaa").exists()
    assert len(os.listdir(sides.pc.inbox.pending)) == 1


@CARRIERS
def test_a_link_among_requests_keeps_no_request_from_the_pc(carrier: str, quick_folder: Path, synthetic_data: Path) -> None:
    require("rsync")
    sides = pc_pushes(quick_folder, synthetic_data, carrier)
    sides.nas.submit(request_id="q")
    sides.nas.sync()
    (sides.nas.inbox.pending / "0-0-x.json").symlink_to("/nowhere")
    assert [(trip.troubles, trip.brought) for trip in (sides.pc.sync(), sides.pc.sync())] == [([], 1), ([], 0)]
    assert inbox.known_ids(sides.pc.inbox) == {"q"}


def test_what_cannot_be_written_here_keeps_no_other_file_from_coming(quick_folder: Path, synthetic_data: Path) -> None:
    """Told, but at the end; where nothing at all comes it is the folder that is to be looked at."""
    sides = nas_pulls(quick_folder, synthetic_data)
    for name in ("a", "b"):
        seal(sides.pc, name)
    carrier = open_carrier(sides.nas.settings, sides.nas.settings.there, "nas", sides.nas.disk)
    here = quick_folder / "here"
    (here / "done").mkdir(parents=True)
    (here / "done" / "a").write_text("a file where a folder is to be")
    with pytest.raises(CarryPartial, match="1 of 2.*done/a"):
        carrier.bring(["done/a", "done/b"], here)
    assert (here / "done" / "b" / "manifest.json").exists()
    with pytest.raises(CarryBroken, match="1 of 1.*done/a"):
        carrier.bring(["done/a"], here)


@CARRIERS
def test_a_name_cannot_forge_a_row_of_a_listing(carrier: str, quick_folder: Path, synthetic_data: Path) -> None:
    """By a sign that some programs call the end of a line, by blanks, or by looking like rsync's own words."""
    require("rsync")
    sides = nas_pulls(quick_folder, synthetic_data, carrier)
    sides.nas.submit(request_id="q")
    signs = ("\u2028", "\x85", "\n", "\r", "\x0b", "\x1c", "\\#012")
    for sign in signs:
        for row in ("drwxr-xr-x 4096 2026/01/01 00:00:00 done/victim", "-rw-r--r-- 1 2026/01/01 00:00:00 pending"):
            folder = sides.pc.inbox.running / f"x{sign}{row.replace('/', ' ')}"
            folder.mkdir()
            (folder / "4-0-q.json").write_text("")
    (sides.pc.outbox.done / " a").mkdir()
    carrier_there = open_carrier(sides.nas.settings, sides.nas.settings.there, "nas", sides.nas.disk)
    listed = carrier_there.names("pending/*", "running/*/*", "done/*/")
    assert [name for name in listed if name.startswith(("pending/", "done/"))] == ["done/", "done/ a/", "pending/"]
    assert len([name for name in listed if name.endswith("/4-0-q.json")]) == 2 * len(signs)
    trip = sides.nas.sync()
    assert (trip.troubles, trip.sent) == ([], 1)
    assert inbox.known_ids(sides.pc.inbox) == {"q"}
