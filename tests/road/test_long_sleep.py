"""A night of cron over a PC that sleeps, or a share that is broken: one log line, then the closing lines say it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Dict, List

import pytest

from nas.sync import side_of
from shared import clock
from shared.carriers import CarryBroken, ThereAway
from shared.errors import RelayError
from shared.events import Log
from shared.notices import deliver, hears
from shared.notices.incident import open_incidents
from shared.notices.way import ways_of
from shared.sync import one_round
from shared.trips import Trip
from tests.harness.processes import Machine
from tests.harness.sample_notices import post_in
from tests.harness.slack_server import SlackServer
from tests.harness.two_sides import TwoSides, desk_of, nas_pulls

AWAY = ThereAway("carrying to or from pc:r", "rsync ended with 12: connection unexpectedly closed", "is it awake?")
CUT = ThereAway("carrying to or from pc:r", "rsync ended with 255: connect to host pc port 22: No route to host", "is it awake?")
BROKEN = CarryBroken("copying to /mnt/pc", "No space left on device", "make room")


class Minutes:
    """Cron's calls of one NAS: what each round stumbles over, what was written, and what was heard."""

    def __init__(self, sides: TwoSides) -> None:
        self.sides, self.heard = sides, [""]
        self.file = sides.nas.root.parent / "nas.log"

    def pass_by(self, *troubles: "RelayError | None") -> List[str]:
        """A round for each; the events written by them."""
        before = len(self.lines())
        for trouble in troubles:
            log = Log(self.file, quiet=True, hears=lambda level, event, facts: self.heard.append(event))
            side = side_of(desk_of(self.sides.nas, self.sides.nas.disk), log)
            broken = side._replace(round=_stumbling(trouble), afterwards=lambda: None, closes=True)
            assert one_round(broken) is not None
        return [line.split("] [")[2].split("]")[0] for line in self.lines()[before:]]

    def lines(self) -> List[str]:
        """The log so far."""
        return self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []

    def an_hour_later(self) -> None:
        """The note says that the last line is that old."""
        note = self.sides.nas.settings.data / "sync.json"
        said = json.loads(note.read_bytes())
        said["told"] = clock.iso(clock.now() - timedelta(hours=1, seconds=1))
        note.write_text(json.dumps(said), encoding="utf-8")


def _stumbling(trouble: "RelayError | None") -> Any:
    def going(trip: Trip) -> None:
        trip.troubles += [trouble] if trouble else []

    return going


@pytest.fixture
def minutes(quick_folder: Path, synthetic_data: Path) -> Minutes:
    """A NAS that carries."""
    return Minutes(nas_pulls(quick_folder, synthetic_data))


def test_a_pc_that_sleeps_is_one_line_however_it_does_not_answer(minutes: Minutes) -> None:
    assert minutes.pass_by(AWAY, CUT, AWAY, CUT) == ["SYNC_PUT_OFF"]
    minutes.an_hour_later()
    assert minutes.pass_by(AWAY, CUT) == []
    assert minutes.pass_by(None, None, None) == ["SYNC_ENDED"]
    assert minutes.pass_by(CUT) == ["SYNC_PUT_OFF"]


def test_a_failure_is_told_again_when_it_changes_and_once_an_hour(minutes: Minutes) -> None:
    assert minutes.pass_by(BROKEN, BROKEN) == ["SYNC_FAILED"]
    assert minutes.pass_by(AWAY, AWAY, BROKEN, BROKEN) == ["SYNC_PUT_OFF", "SYNC_FAILED"]
    minutes.an_hour_later()
    assert minutes.pass_by(BROKEN, BROKEN) == ["SYNC_FAILED"]


def test_every_failed_round_counts_in_its_notice_and_every_good_one_ends_it(minutes: Minutes) -> None:
    """A round that was killed before it told must not leave the incident open for ever."""
    minutes.pass_by(BROKEN, BROKEN, BROKEN, None, None)
    assert minutes.heard.count("SYNC_FAILED") == 3
    assert minutes.heard.count("SYNC_ENDED") == 2


def test_the_incident_of_a_broken_sync_is_counted_and_closed(quick_folder: Path, synthetic_data: Path) -> None:
    sides, counted = nas_pulls(quick_folder, synthetic_data), []
    with SlackServer() as slack:
        post = post_in(quick_folder / "post", slack.bot())
        for trouble in (BROKEN, BROKEN, BROKEN, None):
            side = side_of(desk_of(sides.nas, sides.nas.disk), Log(quiet=True, hears=hears(post)))
            assert one_round(side._replace(round=_stumbling(trouble), afterwards=lambda: None, closes=True))
            deliver(post, 5.0)
            counted += [[one.times for way in ways_of(post) if way.part.OUTSIDE for one in open_incidents(post, way.name)]]
    assert counted == [[1], [2], [3], []]


def test_a_person_sees_the_reason_in_the_closing_line(tmp_path: Path, synthetic_data: Path) -> None:
    ways: Dict[str, Any] = {"carrier": "rsync", "there": "rsync://127.0.0.1:9/reports"}
    with Machine(tmp_path, synthetic_data, **ways) as nas:
        first, again = nas.run("nas", "sync"), nas.run("nas", "sync")
        assert ("[SYNC_PUT_OFF]" in first.err, "[SYNC_PUT_OFF]" in again.err) == (True, False)
        for done in (first, again):
            assert re.fullmatch(r'LATER sent=0 .* why="rsync ended with \d+: [^"]{0,100}" elapsed=\d+ms\n', done.out), done.out
        assert again.err == ""
        ended = nas.run("nas", "sync", there=str(tmp_path / "nobody"), carrier="same_folder")
        assert 'why="there is no such folder"' in ended.out
