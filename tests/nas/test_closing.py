"""How commands end: a line in one form, whatever ran, and for programs one document on standard output."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Iterator, List

import pytest

from shared.closing import close
from tests.harness.processes import Machine

LINE = re.compile(r'(OK|WARN|BAD|LATER|WAITING|SKIPPED|REFUSED|FAILED)( \w+=("[^"]*"|[^ "=]+( \([^)"]*\))?))+ elapsed=\d+ms')
EVENT = re.compile(r'\[[\d: -]{19}\] \[INFO\] \[[A-Z_]+\] rc=0 details="[^"]*" elapsed=\d+ms')
OF_CRON = [["sync"], ["publish"], ["archive"], ["archive", "--dry-run"], ["doctor"]]
WISHES = [
    ["init"],
    ["submit", "krx_ma200"],
    ["cancel", "a"],
    ["pause", "moving"],
    ["resume"],
    ["retry", "b"],
    ["bring-back", "b"],
]


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    with Machine(tmp_path, synthetic_data, archive=tmp_path / "kept") as running:
        (tmp_path / "kept").mkdir()
        running.road.submit(request_id="b")
        running.road.drain()
        running.road.submit(request_id="a")
        yield running


@pytest.mark.parametrize("words", OF_CRON, ids=" ".join)
def test_what_cron_calls_ends_with_a_line_of_one_form(words: List[str], machine: Machine) -> None:
    done, as_json = machine.run("nas", *words), machine.run("nas", *words, "--json")
    assert LINE.fullmatch(done.out.splitlines()[-1]), done.out
    assert as_json.out.count("\n") == 1
    assert isinstance(json.loads(as_json.out), dict)
    assert LINE.fullmatch(as_json.err.splitlines()[-1]), as_json.err


@pytest.mark.parametrize("words", WISHES, ids=" ".join)
def test_a_wish_ends_with_its_event(words: List[str], machine: Machine) -> None:
    for more in ([], ["--json"]):
        done = machine.run("nas", *words, *more)
        assert done.rc == 0, done.err
        assert EVENT.fullmatch(done.err.splitlines()[-1]), done.err
    assert isinstance(json.loads(done.out), dict)


@pytest.mark.parametrize("words", [["send"], ["send", "hello"], ["test"], ["digest"], ["status"]], ids=" ".join)
def test_a_call_of_notify_ends_with_one_line(words: List[str], machine: Machine) -> None:
    """What it sends may be told on the console before."""
    for more in ([], ["--json"]):
        done = machine.run("nas", "notify", *words, *more)
        assert done.rc == 0, done.err
        assert [bool(EVENT.fullmatch(line)) for line in done.err.splitlines()][-1:] == [True], done.err
        assert len(re.findall(r"\[NOTICES_[A-Z]+\]", done.err)) == 1, done.err
    assert isinstance(json.loads(done.out), dict)


def test_a_reason_is_one_line_in_quotes_whatever_somebody_wrote_into_it(capsys: pytest.CaptureFixture[str]) -> None:
    close("WAITING", {"waiting": 1, "left": None, "why": 'a "b"\n\x1b[2Jc  \udcff'}, 1.0004)
    assert capsys.readouterr().out == "WAITING waiting=1 why=\"a 'b' \ufffd[2Jc ?\" elapsed=1000ms\n"
