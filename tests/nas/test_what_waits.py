"""What is said of a request that waits, to whoever looks once, waits for it, or keeps a log of it."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Iterator, List

import pytest

from shared.config import HOME
from tests.harness.processes import LOG_LINE, Machine, Program
from tests.harness.road import until

LATER = ("--not-before", "2099-01-01T18:00")
TIMED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d KST  (?P<text>\S.*)")


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test."""
    with Machine(tmp_path, synthetic_data, heartbeat_seconds=0.3) as running:
        yield running


def told(text: str) -> List[str]:
    """What a log was told, without its times and ages; every line of it has a time."""
    found = [TIMED.fullmatch(line) for line in text.splitlines() if not LOG_LINE.fullmatch(line)]
    assert all(found), text
    return [re.sub(r"  \d+[smhd]$", "", line["text"]) for line in found if line]


def waiting_for(machine: Machine, *options: str) -> Program:
    """A `submit --wait` in the background."""
    return machine.start("nas", "submit", "krx_ma200", *options, "--wait", "--timeout", "60", language="en")


def test_a_request_for_later_says_from_when(machine: Machine) -> None:
    machine.run("nas", "submit", "krx_ma200", "--id", "nightly", *LATER)

    assert "대기  nightly  krx_ma200  (2099-01-01 18:00 KST부터 실행 가능)" in machine.run("nas", "status").out
    assert "nightly  krx_ma200  (not before 2099-01-01 18:00 KST" in machine.run("nas", "show", "nightly", language="en").out
    [known] = json.loads(machine.run("nas", "status", "--json").out)["waiting_for"]
    assert (known["request_id"], known["strategy"]) == ("nightly", "krx_ma200")
    assert known["not_before"] == "2099-01-01T18:00:00.000+09:00"


def test_a_moment_gone_by_is_not_told(machine: Machine) -> None:
    machine.run("nas", "submit", "krx_ma200", "--id", "nightly", "--not-before", "2020-01-01T18:00")

    assert re.search(r"  pending  nightly  krx_ma200  \d+s\n", machine.run("nas", "status", language="en").out)


def test_waiting_for_a_later_request_says_from_when_and_that_nobody_works(machine: Machine) -> None:
    waiting = waiting_for(machine, "--id", "nightly", *LATER)
    until(lambda: "nightly" in waiting.err() and "not before" in waiting.err())
    waiting.stop(signal.SIGINT)

    assert told(waiting.err().splitlines()[1]) == [
        "pending  nightly  krx_ma200  (not before 2099-01-01 18:00 KST · no worker is alive: on the PC, python -m pc watch)"
    ]


def test_who_stops_waiting_is_told_that_the_request_goes_on(machine: Machine) -> None:
    waiting = waiting_for(machine, "--id", "mine", "--json")
    until(lambda: "pending  mine" in waiting.err())

    assert waiting.stop(signal.SIGINT) == 130
    assert waiting.err().splitlines()[-1] == "the request goes on; to look at it: python -m nas show mine"
    assert "Traceback" not in waiting.err()
    assert [path.name for path in (machine.reports / "pending").iterdir()]


def test_a_request_sent_twice_is_one_line_with_a_mark(machine: Machine) -> None:
    for _ in range(2):
        machine.run("nas", "submit", "krx_ma200", "--id", "nightly")

    shown = machine.run("nas", "status", language="en").out
    found = json.loads(machine.run("nas", "status", "--json").out)

    assert shown.count("nightly") == 1
    assert "nightly  krx_ma200  (2 files, one answer under this id)" in shown
    assert (found["pending"], found["waiting"], len(found["waiting_for"][0]["files"])) == (1, ["nightly"], 2)
    one = machine.run("nas", "show", "nightly", language="en").out
    assert "2 files, one answer under this id" in one
    assert all(f"  {file}\n" in one for file in (machine.reports / "pending").iterdir())


def test_a_file_whose_request_is_answered_is_not_said_to_wait_for_nothing(machine: Machine) -> None:
    machine.run("nas", "submit", "krx_ma200", "--id", "nightly", "--no-charts")
    machine.road.drain()
    machine.road.drop("again.json", {"request_id": "nightly", "strategy": "krx_ma200"})

    assert "nightly  krx_ma200  (answered already: a worker settles it)" in machine.run("nas", "status", language="en").out


def test_a_request_that_will_be_rejected_says_so_while_it_waits(machine: Machine) -> None:
    machine.road.drop("typo.json", {"strategy": "krx_ma200", "windw": 3})
    machine.road.drop("half.json", b'{"strategy":')

    shown = machine.run("nas", "status", language="en").out

    assert re.search(r"pending  typo~\S+  \(to be rejected: E-REQUEST-SCHEMA\)", shown)
    assert re.search(r"pending  half~\S+  \d+s\n", shown), "it may still be being written"


def test_a_request_says_how_long_it_has_waited_and_then_how_long_it_runs(machine: Machine) -> None:
    """By the share's own clock; a status without an age hides the one that hangs."""
    waiting, started = machine.road.submit(request_id="old"), time.time() - 200
    [file] = (machine.reports / "pending").iterdir()
    os.utime(file, (started, started))
    shown, found = machine.run("nas", "status", language="en").out, json.loads(machine.run("nas", "show", waiting, "--json").out)
    assert "pending  old  krx_ma200  3m\n" in shown
    assert 200 <= found["seconds"] < 300

    worker, running = machine.watch(), machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")})
    machine.until_running(running, "decide")
    [claim] = (machine.reports / "claims").glob(f"{running}.*.json")
    os.utime(claim, (started, started))
    assert re.search(rf"running  {running}  .* 25% decide  \(.*\)  3m\n", machine.run("nas", "status", language="en").out)
    assert 200 <= json.loads(machine.run("nas", "status", "--json").out)["running"][0]["seconds"] < 300
    (machine.folder / "go").touch()
    machine.answered(running)
    assert worker.stop() == 0


def test_what_a_dead_worker_held_is_listed_first_and_says_so(machine: Machine) -> None:
    """As it will be taken first."""
    killed, running = machine.watch(), machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")})
    machine.until_running(running, "decide")
    killed.end()
    machine.road.submit(request_id="urgent", priority=9)

    lines = machine.run("nas", "status", language="en").out.splitlines()
    found = json.loads(machine.run("nas", "status", "--json").out)

    assert re.fullmatch(rf"  pending  {running}  \(its worker died: the next one takes over\)  \d+s", lines[1])
    assert "urgent" in lines[2]
    assert [(one["request_id"], one["to_take_over"]) for one in found["waiting_for"]] == [(running, True), ("urgent", False)]
    assert "its worker died" in machine.run("nas", "show", running, language="en").out


def test_ten_are_shown_and_the_rest_is_counted(machine: Machine) -> None:
    for number in range(12):
        machine.road.submit(request_id=f"r{number:02d}")
    shown = machine.run("nas", "status", language="en").out
    found = json.loads(machine.run("nas", "status", "--json").out)

    assert shown.startswith("pending 12 · ")
    assert len(re.findall(r"^  pending  r\d\d\b", shown, re.MULTILINE)) == 10
    assert "  and 2 more\n" in shown
    assert "  외 2건\n" in machine.run("nas", "status").out
    assert (found["pending"], len(found["waiting"]), len(found["waiting_for"])) == (12, 10, 10)


def test_of_the_answers_the_last_ten_are_shown_and_all_are_counted(machine: Machine) -> None:
    for number in range(12):
        machine.road.submit(request_id=f"r{number:02d}", strategy="no_such_strategy")
    assert machine.road.drain() == 1
    shown = machine.run("nas", "status", language="en").out
    found = json.loads(machine.run("nas", "status", "--json").out)

    assert shown.startswith("pending 0 · running 0 · answered 12 ")
    assert len(re.findall(r"^  rejected  r\d\d\b", shown, re.MULTILINE)) == 10
    assert (found["answered"], len(found["latest"])) == (12, 10)


def test_a_log_of_what_is_seen_holds_only_what_changed_each_with_its_time(machine: Machine) -> None:
    machine.run("nas", "pause", "night")
    first = machine.road.submit(request_id="first")
    following = machine.start("nas", "status", "--follow", language="en")
    until(lambda: "no worker" in following.out())
    before = told(following.out())
    machine.run("nas", "resume")
    until(lambda: "resumed" in following.out())
    assert machine.road.drain() == 0
    until(lambda: f"succeeded  {first}" in following.out())

    assert following.stop(signal.SIGINT) == 0
    assert before[1:] == ["paused: night", "pending  first  krx_ma200", "no worker is alive: on the PC, python -m pc watch"]
    after = told(following.out())[len(before) :]
    assert after[0] == "resumed"
    assert sum(line.startswith("succeeded  first") for line in after) == 1
    assert len(after) == len(set(after))


def test_time_that_goes_by_is_no_news(machine: Machine) -> None:
    """A worker that fell silent grows older every second."""
    worker = machine.watch(worker="desk")
    worker.send(signal.SIGSTOP)
    lines = machine.start("nas", "status", "--follow", language="en")
    objects = machine.start("nas", "status", "--follow", "--json")
    until(lambda: "desk" in lines.out() and objects.out().endswith("\n"))
    marker = machine.road.submit(request_id="marker")
    until(lambda: marker in lines.out() and marker in objects.out())

    assert len(objects.out().splitlines()) == 2
    assert sum("worker desk" in line for line in told(lines.out())) == 1
    for program in (lines, objects):
        assert program.stop(signal.SIGINT) == 0
    worker.send(signal.SIGCONT)
    assert worker.stop() == 0


def test_every_word_of_the_status_object_is_documented(machine: Machine) -> None:
    """Programs read it: docs/commands.md names what they may rely on."""
    machine.road.submit()
    machine.road.drain()
    worker, running = machine.watch(), machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")})
    machine.until_running(running, "decide")
    machine.road.submit()
    found = json.loads(machine.run("nas", "status", "--json").out)
    (machine.folder / "go").touch()

    listed = [found[name][0] for name in ("waiting_for", "running", "workers", "latest")]
    words = {name for one in [found, *listed] for name in one}
    part = (HOME / "docs" / "commands.md").read_text(encoding="utf-8").split("### `python -m nas status`")[1].split("### ")[0]
    assert words <= set(re.findall(r"`(\w+)`", part))
    assert worker.stop() == 0
