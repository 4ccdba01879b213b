"""`python -m pc doctor` as it is typed, beside a living worker; and what only this side is asked."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set

import psutil
import pytest

import outbox
from inbox import round_trip
from pc import ringing
from shared import mounts, needs
from shared.config import HOME
from shared.disk import Disk
from shared.found import BAD, OK, WARN
from shared.needs import Need
from tests.harness.documents import named, part
from tests.harness.processes import Done, Machine, Program
from tests.harness.road import until

ONLY_HERE, ONLY_THERE = {"font"}, {"code", "published"}
_TRIP = re.compile(
    r"✓ round trip: (\d+) ms in all: submitted (\d+) → claimed (\d+) → run (\d+) → sealed and seen here (\d+) \(SUCCEEDED\)"
)


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test, told in English."""
    more = {name: tmp_path / name for name in ("backtests", "archive", "private")}
    with Machine(tmp_path, synthetic_data, language="en", durable="1", **more) as running:
        yield running


def stopped(program: Program) -> None:
    """It lives, and does nothing any more."""
    program.send(signal.SIGSTOP)
    until(lambda: psutil.Process(program.pid).status() == psutil.STATUS_STOPPED)


def checks_of(done: Done) -> Dict[str, Any]:
    """By name."""
    return {one["check"]: one for one in json.loads(done.out)["checks"]}


def test_beside_a_living_worker_both_sides_find_the_same_queue(machine: Machine) -> None:
    machine.watch(worker="pc1")
    here, there = (checks_of(machine.run(side, "doctor", "--json")) for side in ("pc", "nas"))
    assert (set(here) - set(there), set(there) - set(here)) == (ONLY_HERE, ONLY_THERE)
    for found in (here, there):
        assert re.fullmatch(r"pc1 \d+s ago", found["workers"]["said"])
        assert [name for name, one in found.items() if one["verdict"] == "bad"] == []
        assert found["versions"]["verdict"] == "ok"


@pytest.mark.parametrize("side", ["pc", "nas"])
def test_a_round_trip_is_one_real_request_with_every_hop_timed(machine: Machine, side: str) -> None:
    machine.watch()
    done = machine.run(side, "doctor", "--round-trip")
    [told] = [found for found in (_TRIP.fullmatch(line) for line in done.out.splitlines()) if found]
    total, *hops = map(int, told.groups())
    assert sum(hops) <= total + 30
    [(request_id, status)] = machine.road.answers().items()
    assert status == "SUCCEEDED"
    request = json.loads((machine.reports / "done" / request_id / "request.json").read_bytes())
    assert request["labels"] == {"doctor": "yes"}
    assert (request["priority"], request["charts"], "expires_at" in request) == (9, False, True)


def test_a_round_trip_whose_answer_is_bad_says_which(machine: Machine, tmp_path: Path) -> None:
    machine.watch(prices="local", data=tmp_path / "no-prices")
    done = machine.run("pc", "doctor", "--round-trip")
    [request_id] = machine.road.answers()
    lines = done.out.splitlines()
    [at] = [place for place, line in enumerate(lines) if line.startswith("! round trip: ") and line.endswith("(FAILED)")]
    assert lines[at + 1].strip() == f"python -m nas show {request_id}"


def test_a_round_trip_nobody_answers_is_bad_and_says_where_to_look(machine: Machine) -> None:
    stopped(machine.watch())
    never = outbox.answers_known(machine.road.outbox)._replace(is_answered=lambda one: False)
    found = round_trip(machine.road.inbox, 60.0, never, patience=0.2)
    assert (found.verdict, "no answer within 0.2 s" in found.said.en, "nas status" in found.fix.en) == (BAD, True, True)


def seconds_of(machine: Machine, *words: str) -> float:
    """By the clock of whoever types it."""
    began = time.monotonic()
    machine.run(*words)
    return time.monotonic() - began


def test_it_takes_less_than_three_seconds_by_the_clock_of_the_caller(machine: Machine) -> None:
    """Every time. Where a program that does next to nothing takes long as well, others are at work: then by comparison."""
    machine.run("nas", "init")
    took = [(seconds_of(machine, "pc", "doctor"), seconds_of(machine, "nas", "config")) for _ in range(3)]
    assert all(doctors < max(3.0, 8.0 * nothings) for doctors, nothings in took), took


def test_nothing_but_its_lines_is_printed(machine: Machine) -> None:
    done = machine.run("pc", "doctor")
    assert done.err == ""
    assert re.fullmatch(r"\w+ checks=\d+ warnings=\d+ bad=0 elapsed=\d+ms", done.out.splitlines()[-1])


def test_a_console_without_these_letters_gets_plain_signs(machine: Machine) -> None:
    environment = {**machine.environment(language="ko"), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-m", "pc", "doctor"], env=environment, capture_output=True, timeout=30, check=False)
    assert b"\nx " not in done.stdout
    assert re.search(rb"^! .*ascii", done.stdout, re.MULTILINE)
    assert done.stdout.startswith(b"o ")


# ---- what only this side is asked ----


def test_an_event_arrives_on_a_disk_of_this_machine(tmp_path: Path) -> None:
    assert mounts.is_remote(mounts.kind_of(tmp_path) or "") is False
    found = ringing.events(Disk(), tmp_path, 0.9)
    assert (found.verdict, "arrived within" in found.said.en) == (OK, True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_events_never_come_is_told_after_a_second(tmp_path: Path) -> None:
    """As on a share that tells of nothing: here because the file is put where nobody watches."""

    class Elsewhere:
        """A disk whose files are made where nobody watches."""

        def put(self, path: Path, data: bytes) -> None:
            """Somewhere else."""

        def remove(self, path: Path) -> None:
            """Nothing to remove."""

    began = time.monotonic()
    found = ringing.events(Elsewhere(), tmp_path, 0.9)  # type: ignore[arg-type]
    assert 0.9 < time.monotonic() - began < 2.4
    assert (found.verdict, "inotify" in found.fix.en) == (WARN, True)


DRAWS = """
import sys
import numpy as np
from pc.report.chart import Picture, draw
opened = set()  # from here on: a fresh machine's list of fonts is made by opening all of them
sys.addaudithook(lambda event, what: opened.add(str(what[0])) if event == "open" else None)
days = np.arange("2024-01-01", "2024-01-09", dtype="datetime64[D]")
draw(Picture("strategy", days, np.linspace(1.0, 1.1, len(days)), {}))
from matplotlib.ft2font import FT2Font
from pc.doctor import font
drawn = {FT2Font(name).family_name for name in opened if name.endswith((".ttf", ".ttc", ".otf"))}
print(font().verdict, font().said.en, font().fix.en, *sorted(drawn), sep="\\n")
"""
LATIN = {"DejaVu Sans", "Last Resort High-Efficiency"}  # matplotlib's own


@pytest.mark.parametrize("is_added", [False, True], ids=["as this machine is", "a Hangul font added"])
def test_the_font_is_the_one_pictures_are_drawn_with(is_added: bool, tmp_path: Path) -> None:
    """A process that draws opens the font doctor names, or, where it names none, matplotlib's own alone."""
    if is_added:
        _add_font("NanumGothic", tmp_path / "fonts")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", DRAWS], cwd=HOME, env=environment, capture_output=True, text=True, check=True)
    verdict, said, fix, *drawn = ran.stdout.splitlines()
    assert verdict == OK or not is_added
    assert set(drawn) - LATIN == ({said} if verdict == OK else set())
    assert (verdict == WARN, said == "none: pictures are drawn in English", "fonts-nanum" in fix) == (verdict != OK,) * 3


def _add_font(name: str, folder: Path) -> None:
    """Letters as good as any, under the name of a Hangul font."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from matplotlib import font_manager

    letters = TTFont(font_manager.findfont("DejaVu Sans"))
    for record in letters["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = name
    folder.mkdir()
    letters.save(str(folder / f"{name}.ttf"))


def test_this_side_needs_more_and_says_which_extra_lacks_what() -> None:
    assert needs.packages("pc").said.en == "core 5, backtest 5"
    found = needs.packages("pc", [Need("no-such-package", "backtest", "")])
    assert (found.verdict, found.said.en) == (BAD, "no-such-package is missing (backtest)")
    assert found.fix.en.endswith("-m pip install -r requirements/pc.txt")
    assert needs.python("pc", (3, 10, 1)).verdict == BAD


def test_what_pip_knows_of_an_installed_copy_says_the_same_as_the_checkout(tmp_path: Path) -> None:
    """pip spells some names its own way."""

    def plain(found: List[Need]) -> Set[Need]:
        return {one._replace(name=one.name.lower().replace("_", "-")) for one in found}

    assert plain(needs.needs_of("pc", tmp_path)) == plain(needs.needs_of("pc"))


def test_a_worker_of_another_version_is_told_on_both_sides(machine: Machine) -> None:
    stopped(machine.watch(worker="pc1"))  # so that it does not write it anew
    [alive] = (machine.reports / "running").glob("*/alive")
    alive.write_text(json.dumps({**json.loads(alive.read_bytes()), "version": "0.0.1"}))
    for side in ("nas", "pc"):
        found = checks_of(machine.run(side, "doctor", "--json"))["versions"]
        assert (found["verdict"], "pc1: 0.0.1, this side" in found["said"]) == ("warn", True)


def test_the_page_about_doctor_names_every_check_and_no_other(machine: Machine) -> None:
    machine.run("nas", "init")
    asked = {*checks_of(machine.run("pc", "doctor", "--json")), *checks_of(machine.run("nas", "doctor", "--json")), "round_trip"}
    assert set(named(part("commands.md", "What doctor looks at"))) == asked
