"""What others wrote is shown, and moves no terminal's cursor: reports, errors, lines of the log, closing lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

import outbox
from shared.closing import close
from shared.log_line import line
from shared.one_line import clean_lines, json_line, one_line
from tests.harness.answers import files_of_good, seal_bad
from tests.harness.processes import Machine

EVIL = "\x1b[2J\x1b]0;title\x07\x9b31m\x7f\b\u202eback\u200b"
GOOD = "수익률\t12.3 %\n  낙폭\t-4 % ↘ é\n"


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test."""
    with Machine(tmp_path, synthetic_data) as running:
        yield running


def _moves(text: str) -> bool:
    """Whether a terminal would do more than write it."""
    return any(not letter.isprintable() and letter not in "\n\t" for letter in text)


def _answered(machine: Machine, report: str) -> None:
    draft = outbox.Draft(machine.road.outbox, "a", 1)
    for name, data in {**files_of_good(), "report.txt": report.encode(), "request.json": b"{}"}.items():
        draft.write(name, data)
    facts: Dict[str, Any] = {"status": "SUCCEEDED", "strategy": f"krx{EVIL}", "request_sha256": "0" * 64}
    assert draft.seal({**facts, "degraded": [f"thin{EVIL}"]}, lambda: True)


def test_a_report_from_elsewhere_moves_no_terminal(machine: Machine) -> None:
    _answered(machine, f"{GOOD}{EVIL}\r\nover\rwritten\n")
    for language in ("ko", "en"):
        shown = machine.run("nas", "show", "a", language=language)
        assert (shown.rc, _moves(shown.out + shown.err)) == (0, False), ascii(shown.out)
        assert GOOD in shown.out
        assert "\n\ufffd[2J" in shown.out


@pytest.mark.parametrize("words", [["show", "a"], ["status"], ["publish"]])
def test_json_moves_no_terminal_and_says_the_same(machine: Machine, words: List[str]) -> None:
    _answered(machine, GOOD)
    shown = machine.run("nas", *words, "--json")
    assert not _moves(shown.out + shown.err), ascii(shown.out)
    told = json.loads(shown.out)
    assert words[0] != "show" or (told["strategy"], told["degraded"]) == (f"krx{EVIL}", [f"thin{EVIL}"])


def test_every_letter_reads_the_same_from_json() -> None:
    every = [chr(number) for number in range(sys.maxunicode + 1)]
    assert json_line(every).isprintable()
    assert json.loads(json_line(every)) == every


def test_an_error_from_elsewhere_moves_no_terminal(machine: Machine) -> None:
    seal_bad(machine.road, "b", error={"code": "E-X", "what": f"it{EVIL}", "why": EVIL, "fix": f"do{EVIL}"})
    for words in (["show", "b"], ["status"], ["list"]):
        shown = machine.run("nas", *words)
        assert not _moves(shown.out + shown.err), ascii(shown.out + shown.err)
    (machine.reports / "done" / f"c{EVIL.replace('/', '')}").mkdir()
    for words in (["publish"], ["doctor"], ["archive"], ["show", f"d{EVIL}"]):
        shown = machine.run("nas", *words)
        assert not _moves(shown.out + shown.err), ascii(shown.out + shown.err)


def test_no_line_of_the_log_and_no_closing_line_moves_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    told = line("INFO", "NOTE_TOLD", {"why": f"a\n{EVIL}", "other": "대기\t1"})
    assert not _moves(told)
    assert "other=대기 1" in told
    close("OK", {"why": EVIL, EVIL: 1, "what": EVIL}, 0.0)
    assert not _moves(capsys.readouterr().out)


@pytest.mark.parametrize("text", ["", "한글 report", "a\tb\n\nc\n", "  indented\n", "표\t값 ±1"])
def test_what_only_writes_stays_as_it_is(text: str) -> None:
    assert clean_lines(text) == text


def test_every_letter_there_is_writes_and_nothing_more() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert not _moves(clean_lines(every))
    assert one_line(every).isprintable()
    assert clean_lines("a\r\nb") == "a\nb"
