"""The lines of configs/cron: each is a command there is, and works as cron starts it, with next to nothing in its environment."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import List, NamedTuple

import pytest

import nas.__main__
from nas.running import policies
from shared.config import HOME
from tests.harness.road import Road

FILE = HOME / "configs" / "cron" / "krx-relay.cron"
FIELD = r"(?:\*(?:/\d+)?|\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)"
LINE = re.compile(rf"(?P<when>{FIELD}(?: {FIELD}){{4}})\s+(?P<what>\S.*)")
VARIABLE = re.compile(r"[A-Z0-9]+=\S*")
LIMITS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
CHECKOUT = "/volume1/krx-relay"
LOG = r"logs/cron_$(date +\%F).log"


class Entry(NamedTuple):
    """One line: when, and what the shell is given."""

    when: str
    what: str

    @property
    def words(self) -> List[str]:
        """Of the command of ours; empty where it is none."""
        found = re.search(r"python -m nas (.*?) >>", self.what)
        return shlex.split(found[1]) if found else []


def _lines() -> List[str]:
    return [line for line in FILE.read_text(encoding="ascii").splitlines() if line and not line.startswith("#")]


ENTRIES = [Entry(found["when"], found["what"]) for found in map(LINE.fullmatch, _lines()) if found]
OURS = [entry for entry in ENTRIES if entry.words]
OFF = [  # where a NAS has no Python for them
    Entry(found["when"], found["what"])
    for found in (LINE.fullmatch(line[2:]) for line in FILE.read_text(encoding="ascii").splitlines() if line.startswith("# "))
    if found
]
ONCE = "report_eod: {retry: {max: 0}}\nupdate_from_git: {retry: {max: 0}}\n"  # no test waits for tomorrow's prices


def _as_cron(entry: Entry, road: Road) -> "subprocess.CompletedProcess[bytes]":
    """The shell's own line, in this checkout with this Python; LANG is unset, the encoding is what the system has then."""
    command = entry.what.replace(CHECKOUT, str(HOME)).replace(".venv/bin/python", sys.executable)
    command = command.replace(LOG, _log(road)).replace("\\%", "%")  # which cron takes the backslash from
    lines = [line for line in _lines() if VARIABLE.fullmatch(line) and not line.startswith("PYTHONUTF8")]
    folders = {name: road.root.parent / name for name in ("data", "logs", "archive", "backtests", "backups", "private")}
    own = road.root.parent / "jobs.yaml"
    own.write_text(ONCE, encoding="utf-8")
    settings = {
        "RELAY_JOBS": own,
        "RELAY_REPORTS": road.root,
        **{f"RELAY_{name.upper()}": folder for name, folder in folders.items()},
    }
    words = ["env", "-i", f"HOME={road.root.parent}", *lines, *[f"{name}={value}" for name, value in settings.items()]]
    return subprocess.run([*words, "/bin/sh", "-c", command], capture_output=True, timeout=60, check=False)


def _log(road: Road) -> str:
    return str(road.root.parent / "cron_$(date +%F).log")


def _said(road: Road) -> str:
    """What the lines left in the log of the day: of two, where midnight came between them."""
    files = sorted(road.root.parent.glob("cron_????-??-??.log"))
    assert files, "no line wrote to a log that bears a day"
    return "".join(file.read_bytes().decode("utf-8") for file in files)


def test_every_line_is_a_variable_or_a_time_and_a_command() -> None:
    """And no command holds a bare %: cron makes a new line of it."""
    assert len(ENTRIES) + sum(1 for line in _lines() if VARIABLE.fullmatch(line)) == len(_lines())
    for entry in ENTRIES:
        assert not re.search(r"(?<!\\)%", entry.what)
        for field, (lowest, highest) in zip(entry.when.split(), LIMITS):
            assert all(lowest <= int(number) <= highest for number in re.findall(r"\d+", field)), entry


@pytest.mark.parametrize("entry", [*OURS, *OFF], ids=[" ".join(entry.words) for entry in [*OURS, *OFF]])
def test_every_command_is_one_there_is(entry: Entry) -> None:
    assert nas.__main__.parser().parse_args(entry.words).command == entry.words[0]


def test_every_job_is_started_as_configs_jobs_says_and_no_other() -> None:
    """And what a NAS with Python 3.8 alone cannot do is there, and off."""
    said = {(at, f"run {job}") for job, policy in policies().items() for at in policy.at}
    lines = {(entry.when, " ".join(entry.words)) for entry in [*OURS, *OFF]}
    assert lines == said | {("* * * * *", "notify send")}
    assert {entry.words[1] for entry in OFF} == {"ingest_eod", "precache", "scan"}


@pytest.mark.skipif(os.name == "nt", reason="cron is not on Windows")
@pytest.mark.parametrize("entry", OURS, ids=[" ".join(entry.words) for entry in OURS])
def test_every_line_works_as_cron_starts_it(entry: Entry, road: Road) -> None:
    if "update_from_git" in entry.words:
        pytest.skip("it would change this checkout: tests/nas/test_update_from_git.py has one of its own")
    (road.root.parent / "archive").mkdir()
    done = _as_cron(entry, road)
    said = _said(road)
    assert (done.stdout, done.stderr) == (b"", b""), "nothing to mail"
    assert done.returncode in {"run healthcheck": (0, 1), "run report_eod": (0, 2)}.get(" ".join(entry.words), (0,)), said
    assert said.strip() or entry.words == ["notify", "send"]
    assert "Traceback" not in said
    assert "UnicodeEncodeError" not in said


@pytest.mark.skipif(os.name == "nt", reason="cron is not on Windows")
def test_korean_comes_out_as_korean_where_no_language_is_set(road: Road) -> None:
    [health] = [entry for entry in OURS if entry.words == ["run", "healthcheck"]]
    _as_cron(health, road)
    assert "공유 폴더" in _said(road)


@pytest.mark.skipif(os.name == "nt", reason="cron is not on Windows")
def test_a_folder_that_is_not_there_is_mailed(road: Road, tmp_path: Path) -> None:
    done = _as_cron(OURS[0]._replace(what=OURS[0].what.replace(CHECKOUT, str(tmp_path / "gone"))), road)
    assert done.returncode != 0
    assert b"gone" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="cron is not on Windows")
@pytest.mark.parametrize("entry", OURS[:2], ids=[" ".join(entry.words) for entry in OURS[:2]])
def test_two_calls_at_once_need_no_lock_of_crons(entry: Entry, road: Road) -> None:
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(3) as three:
        done = list(three.map(lambda _: _as_cron(entry, road), range(3)))
    assert [one.returncode for one in done] == [0, 0, 0]
