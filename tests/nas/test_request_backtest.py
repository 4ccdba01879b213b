"""`request_backtest`: what stands in configs/requests is asked once a day, and what is wrong there keeps nothing else back."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

from inbox import digest_of
from nas.asking import read_question
from nas.desk import make_desk
from nas.jobs import request_backtest
from nas.running import Outcome, Turn
from outbox import Draft, open_outbox
from shared.config import HOME, load
from shared.disk import Disk
from shared.errors import SettingInvalid, ShareUnreachable, UsageWrong
from shared.events import Log
from tests.harness.answers import GOOD
from tests.harness.slack_server import SlackServer
from tests.harness.typed import FRIDAY, SATURDAY, Typed

JOB = ("run", "request_backtest", "--at", f"{FRIDAY}T18:12")
GOOD_ONE = "strategy: krx_ma200\nstart: 2020-01-01\nbenchmarks: [KOSPI]\n"
SUBMITTED, OTHERWISE = "[INFO] [REQUEST_SUBMITTED]", "[WARNING] [REQUEST_ASKED_OTHERWISE]"


class House:
    """A NAS with requests of its own, and the job as the runner calls it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "requests").mkdir()

    def write(self, name: str, text: str = GOOD_ONE) -> Path:
        file = self.root / "requests" / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    def ask(self, only: Optional[str] = None, is_dry: bool = False, day: str = FRIDAY) -> Outcome:
        at = datetime.fromisoformat(f"{day}T18:12:00+09:00")
        return request_backtest.run(Turn(load(), at, Log(), Namespace(only=only, json=False), is_dry))

    def pending(self) -> List[Dict[str, Any]]:
        return pending(self.root)


def pending(root: Path) -> List[Dict[str, Any]]:
    files = sorted((root / "reports" / "pending").glob("*.json"))
    return sorted((json.loads(file.read_bytes()) for file in files), key=lambda one: str(one["request_id"]))


def counts(outcome: Outcome) -> List[int]:
    return [outcome.facts[name] for name in ("asked", "already", "changed", "refused")]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    for name in ("REPORTS", "DATA", "REQUESTS", "LOGS"):
        monkeypatch.setenv(f"RELAY_{name}", str(tmp_path / name.lower()))
    made = House(tmp_path)
    make_desk()
    return made


def test_the_shipped_request_is_asked_once_a_day_under_the_sessions_name(tmp_path: Path) -> None:
    """On Saturday, with the guard opened by hand, it is still Friday's."""
    typed = Typed(tmp_path)
    typed("init")
    done = typed(*JOB)
    assert (done.returncode, re.sub(r"elapsed.*", "", done.stdout)) == (
        0,
        f"OK day={FRIDAY} asked=1 already=0 changed=0 refused=0 \n",
    )
    [asked] = pending(tmp_path)
    assert asked["request_id"] == "krx_ma200-20261120"
    assert (asked["start"], asked["benchmarks"], asked["requested_by"]) == (
        "2020-01-01",
        ["KOSPI", "S&P500"],
        "nas/request_backtest",
    )
    assert "[REQUEST_SUBMITTED]" in "".join(typed.log("request_backtest"))
    assert "asked=0 already=1" in typed(*JOB).stdout
    again = typed("run", "request_backtest", "--guard", "none", "--at", f"{SATURDAY}T09:00")
    assert "asked=0 already=1" in again.stdout
    assert len(pending(tmp_path)) == 1
    assert "asked=1" in typed("run", "request_backtest", "--at", "2026-11-23T18:12").stdout


def test_asked_in_the_morning_it_is_yesterdays_question_and_the_evenings_is_still_to_come(house: House) -> None:
    house.write("mine")
    for hour in ("08:00", "18:12"):
        at = datetime.fromisoformat(f"{FRIDAY}T{hour}:00+09:00")
        request_backtest.run(Turn(load(), at, Log(), Namespace(only=None, json=False), False))
    assert [one["request_id"] for one in house.pending()] == ["mine-20261119", "mine-20261120"]


def test_on_a_holiday_nothing_is_asked(tmp_path: Path) -> None:
    typed = Typed(tmp_path)
    done = typed("run", "request_backtest", "--at", f"{SATURDAY}T18:12")
    assert (done.returncode, done.stdout) == (0, "")
    assert "[JOB_SKIPPED]" in done.stderr
    assert not (tmp_path / "reports").exists()


def test_as_json_it_is_one_document(tmp_path: Path) -> None:
    typed = Typed(tmp_path, RELAY_REQUESTS=str(tmp_path / "requests"))
    House(tmp_path).write("mine")
    typed("init")
    for asked, already in ((1, 0), (0, 1)):
        done = typed(*JOB, "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert (told["day"], told["asked"], told["already"]) == (FRIDAY, asked, already)


def test_what_was_answered_already_is_not_asked_again(house: House) -> None:
    house.write("mine")
    house.ask()
    [file] = (house.root / "reports" / "pending").glob("*.json")
    request = file.read_bytes()
    draft = Draft(open_outbox(house.root / "reports", Disk()), "mine-20261120", 1)
    draft.write("request.json", request)
    assert draft.seal({**GOOD, "request_sha256": digest_of(json.loads(request))}, lambda: True)
    file.unlink()
    assert counts(house.ask()) == [0, 1, 0, 0]
    assert house.pending() == []


def test_one_that_was_killed_in_between_asks_for_what_is_missing(house: House) -> None:
    """Two were to be asked, and one is there."""
    for name in ("a", "b"):
        house.write(name)
    house.ask(only="a")
    assert [one["request_id"] for one in house.pending()] == ["a-20261120"]
    assert counts(house.ask()) == [1, 1, 0, 0]
    assert [one["request_id"] for one in house.pending()] == ["a-20261120", "b-20261120"]


def test_a_file_that_was_changed_after_it_was_asked_is_said_and_asked_tomorrow(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.write("mine")
    house.ask()
    house.write("mine", GOOD_ONE.replace("2020", "2021"))
    assert counts(house.ask()) == [0, 0, 1, 0]
    said = capsys.readouterr().err
    assert (said.count(SUBMITTED), said.count(OTHERWISE)) == (1, 1)
    assert said.count("request=mine-20261120") == 2
    assert [one["start"] for one in house.pending()] == ["2020-01-01"]
    assert counts(house.ask(day="2026-11-23")) == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("strategy: krx_ma200\nstrat: 2020-01-01\n", 2, "unknown field 'strat'"),
        ("strategy: krx_ma20\n", 1, "krx_ma20'"),
        ("strategy: krx_ma200\nparams:\n  window: no\n", 3, "window=False"),
        ("strategy: krx_ma200\n\nstart: yesterday\n", 3, "start: "),
        ("strategy: krx_ma200\nrequest_id: mine\n", 2, "request_id stands in it"),
        ("- strategy\n", 0, "found list"),
        ("strategy: [krx\n", 2, "not YAML"),
        ("start: 2020-01-01\n", 1, "strategy"),
        ("", 1, "strategy"),
    ],
)
def test_one_that_is_wrong_is_refused_with_file_and_line_and_the_others_are_asked(
    text: str, line: int, said: str, house: House
) -> None:
    file = house.write("a_wrong", text)
    house.write("mine")
    outcome = house.ask()
    assert (outcome.rc, counts(outcome)) == (1, [1, 0, 0, 1])
    assert str(file) in outcome.why
    assert not line or f"line {line}" in outcome.why, outcome.why
    assert said in outcome.why, outcome.why
    assert [one["request_id"] for one in house.pending()] == ["mine-20261120"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_among_them_is_refused_and_nobody_waits_for_who_writes_it(house: House) -> None:
    os.mkfifo(house.write("a_pipe").with_name("b_pipe.yaml"))
    outcome = house.ask()
    assert (outcome.rc, counts(outcome)) == (1, [1, 0, 0, 1])
    assert "b_pipe.yaml: it is no plain file" in outcome.why


def test_a_refusal_is_one_notice_until_it_is_mended(tmp_path: Path) -> None:
    with SlackServer() as slack:
        typed = Typed(tmp_path, RELAY_REQUESTS=str(tmp_path / "requests"), **slack.bot())
        House(tmp_path).write("mine", "strategy: krx_ma20\n")
        typed("init")
        for _ in range(2):
            assert typed(*JOB).returncode == 1
        assert len(slack.channel()) == 1
        assert "mine.yaml" in typed.log("request_backtest")[-1]


def test_a_folder_of_requests_that_is_not_there_is_a_slip_and_no_quiet_day(house: House) -> None:
    (house.root / "requests").rmdir()
    with pytest.raises(SettingInvalid, match="there is no such folder"):
        house.ask()


def test_tickers_and_days_need_no_quotes(house: House) -> None:
    """To YAML 000660 is the number 432."""
    file = house.write(
        "mine",
        "strategy: equal_weight\nsymbols: [000660, 069500]\nstart: 2020-01-01\ncapital: 10_000_000\nfresh: true\n"
        "costs: {commission_bps: 1.5}\nparams: {top: 3}\nunchecked: true\n",
    )
    content = read_question(file).content
    assert (content["symbols"], content["start"]) == (["000660", "069500"], "2020-01-01")
    assert (content["capital"], content["fresh"], content["costs"]) == (10_000_000, True, {"commission_bps": 1.5})


def test_a_strategy_that_only_the_pc_has_is_asked_unchecked(house: House) -> None:
    house.write("mine", "strategy: only_there\nunchecked: true\n")
    assert counts(house.ask()) == [1, 0, 0, 0]


def test_a_dry_run_says_what_would_be_asked_and_asks_nothing(house: House) -> None:
    house.write("mine")
    assert counts(house.ask(is_dry=True)) == [1, 0, 0, 0]
    assert house.pending() == []


def test_no_file_is_a_skip_and_a_name_that_is_not_there_is_refused(house: House) -> None:
    assert house.ask().word == "SKIPPED"
    house.write("mine")
    with pytest.raises(UsageWrong, match="did you mean 'mine'"):
        house.ask(only="mein")


def test_a_share_that_is_away_is_operational_and_nothing_is_made_in_its_place(house: House) -> None:
    house.write("mine")
    (house.root / "reports").rename(house.root / "away")
    with pytest.raises(ShareUnreachable):
        house.ask()
    assert not (house.root / "reports").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
def test_a_full_disk_is_operational_and_the_next_start_asks(house: House) -> None:
    house.write("mine")
    code = "import resource; from tests.nas.test_request_backtest import House; from pathlib import Path\n"
    code += "house = House.__new__(House); house.root = Path('.')\n"
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)); house.ask()"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, timeout=60, check=False)
    assert "ShareUnreachable" in done.stderr.splitlines()[-1], done.stderr
    assert house.pending() == []
    assert counts(house.ask()) == [1, 0, 0, 0]


def test_every_shipped_request_can_be_asked() -> None:
    files = sorted((HOME / "configs" / "requests").glob("*.yaml"))
    assert [read_question(file).name for file in files] == ["krx_ma200"]
