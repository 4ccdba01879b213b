"""`python -m nas logs`: the lines of all logs in order of time, of a request on both machines, and those to come."""

from __future__ import annotations

import gzip
import json
import re
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest

from nas.__main__ import main
from nas.logbook import Book, Wanted
from outbox import Draft
from shared.clock import KST
from shared.log_line import line
from tests.harness.answers import GOOD, seal, seal_bad
from tests.harness.processes import LOG_LINE, Machine
from tests.harness.road import Road, until

NOON = datetime(2026, 11, 20, 12, 0, 0, 0, KST)
DAY = ("--day", "2026-11-20")
Logs = Callable[..., Tuple[int, List[str], str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
def logs(road: Road, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Logs:
    """The command over that folder and the road's: its exit code, its lines, the rest of what it says."""
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    monkeypatch.setenv("RELAY_ARCHIVE", str(road.root.parent / "archive"))
    monkeypatch.setenv("RELAY_LOGS", str(folder))

    def ended(*words: str) -> Tuple[int, List[str], str]:
        rc = main(["logs", *words])
        said = capsys.readouterr()
        return rc, said.out.splitlines(), said.err

    return ended


def write(folder: Path, name: str, *texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "a", encoding="utf-8") as file:
        file.writelines(f"{text}\n" for text in texts)
    return folder / name


def said(second: float, event: str = "JOB_ENDED", **facts: object) -> str:
    return line("INFO", event, facts, NOON + timedelta(seconds=second))


def pack(file: Path) -> None:
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()


# ---- one order ----


def test_the_lines_of_all_logs_stand_in_order_of_time(logs: Logs, folder: Path) -> None:
    """What a program printed stands below the line it came after."""
    write(folder, "pc_2026-11-20.log", said(1, job="a"), "Traceback", "  of a", said(4, job="b"))
    write(folder, "nas_2026-11-20.log", said(2, job="c"), said(4, job="d"))
    rc, shown, _ = logs(*DAY)
    assert rc == 0
    assert shown[:4] == [said(1, job="a"), "Traceback", "  of a", said(2, job="c")]
    assert sorted(shown[4:6]) == [said(4, job="b"), said(4, job="d")]
    assert re.fullmatch(r"OK lines=6 elapsed=\d+ms", shown[-1])


def test_what_cron_kept_of_the_same_lines_is_shown_to_whoever_names_it(logs: Logs, folder: Path) -> None:
    write(folder, "back_up_2026-11-20.log", "OK name=one", said(1))
    write(folder, "cron_2026-11-20.log", "OK name=one", said(1), "/bin/sh: 1: no such program")
    assert logs(*DAY)[1][:-1] == ["OK name=one", said(1)]
    assert logs(*DAY, "--job", "cron")[1][:-1] == ["OK name=one", said(1), "/bin/sh: 1: no such program"]


def test_rolled_and_compressed_files_are_read_in_the_order_they_were_written(logs: Logs, folder: Path) -> None:
    """The tenth came after the second; and of one that is only half put away the plain one is whole."""
    for number in (1, 2, 10):
        write(folder, f"pc_2026-11-20.{number}.log", said(0, part=number))
    write(folder, "pc_2026-11-20.log", said(0, part="last"))
    pack(folder / "pc_2026-11-20.1.log")
    (folder / "pc_2026-11-20.2.log.gz").write_bytes(b"half of it")
    shown = logs(*DAY)[1]
    assert [re.findall(r"part=(\w+)", one) for one in shown[:-1]] == [["1"], ["2"], ["10"], ["last"]]


def test_a_job_and_a_day_are_chosen_by_name(logs: Logs, folder: Path) -> None:
    write(folder, "scan_2026-11-19.log", said(-86_400, which="yesterday"))
    write(folder, "scan_2026-11-20.log", said(0, which="scan"))
    write(folder, "scan-2_2026-11-20.log", said(0, which="other"))
    write(folder, "ingestion.log", said(-86_400, which="long ago"), said(1, which="ingestion"))
    write(folder, "notes.txt", "no log")
    assert logs(*DAY, "--job", "scan")[1][:-1] == [said(0, which="scan")]
    assert logs("--day", "2026-11-19", "--job", "scan")[1][:-1] == [said(-86_400, which="yesterday")]
    assert {re.findall(r"which=(\w+)", one)[0] for one in logs(*DAY)[1][:-1]} == {"scan", "other", "ingestion"}


def test_a_job_nobody_has_a_log_of_is_said_with_those_there_are(logs: Logs, folder: Path) -> None:
    assert "no log of 'scan'" in logs("--job", "scan")[2], "where there is none at all"
    write(folder, "scan_2026-11-19.log", said(-86_400))
    write(folder, "cron_2026-11-20.log", said(0))
    rc, shown, told = logs(*DAY, "--job", "skan")
    assert (rc, shown[0][:11]) == (0, "OK lines=0 ")
    assert told == f"no log of 'skan' in {folder}; did you mean 'scan'? there are: cron, scan\n"
    assert logs(*DAY, "--job", "scan")[2] == "", "it has one, of another day"


def test_what_a_job_and_its_program_both_logged_is_told_once(logs: Logs, folder: Path) -> None:
    """But what was said twice in one log was said twice."""
    write(folder, "nas_2026-11-20.log", said(0, "SYNC_ENDED"))
    write(folder, "sync_reports_2026-11-20.log", said(0, "SYNC_ENDED"), said(1), said(1))
    assert logs(*DAY)[1][:-1] == [said(0, "SYNC_ENDED"), said(1), said(1)]


def test_logs_of_the_earlier_name_are_read_too(logs: Logs, folder: Path) -> None:
    write(folder, "pc-2026-11-20.log", said(0))
    assert logs(*DAY, "--job", "pc")[1][:-1] == [said(0)]


def test_no_logs_are_no_failure(logs: Logs) -> None:
    rc, shown, _ = logs(*DAY)
    assert (rc, len(shown)) == (0, 1)
    assert shown[0].startswith("OK lines=0 ")


def test_a_file_that_cannot_be_read_to_its_end_is_said_and_hides_no_other(logs: Logs, folder: Path) -> None:
    torn = write(folder, "nas_2026-11-20.log", *[said(0, number=number) for number in range(2000)])
    pack(torn)
    packed = folder / "nas_2026-11-20.log.gz"
    packed.write_bytes(packed.read_bytes()[:-200])
    write(folder, "pc_2026-11-20.log", said(1, which="pc"))
    rc, shown, beside = logs(*DAY)
    assert (rc, shown[-2]) == (0, said(1, which="pc"))
    assert "nas_2026-11-20.log.gz could not be read to its end: " in beside


def test_no_secret_is_shown_and_nothing_moves_the_cursor(logs: Logs, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRX_PW", "hunter2hunter2")
    write(folder, "mine_2026-11-20.log", "pw hunter2hunter2 \x1b[2J", "xoxb-123456789012-abcdef")
    shown = logs(*DAY)[1]
    assert shown[0] == "pw *** \ufffd[2J"
    assert "123456789012" not in shown[1]


def test_as_json_each_line_is_an_object_with_its_parts(logs: Logs, folder: Path) -> None:
    write(
        folder,
        "scan_2026-11-20.log",
        said(1, "JOB_FAILED", job="scan", why="it = broke, why=not", rc=7, elapsed_ms=12),
        "raw\x1b",
    )
    rc, shown, beside = logs(*DAY, "--json")
    first, second = map(json.loads, shown)
    assert rc == 0
    assert beside.startswith("OK lines=2 ")
    assert first == {
        "at": "2026-11-20T12:00:01.000+09:00",
        "job": "scan",
        "file": "scan_2026-11-20.log",
        "level": "INFO",
        "event": "JOB_FAILED",
        "rc": 7,
        "elapsed_ms": 12,
        "text": first["text"],
        "details": {"job": "scan", "why": "it = broke, why=not"},
    }
    assert set(second) == {"at", "job", "file", "text"}


# ---- one request ----


def test_of_a_request_only_its_own_lines_are_shown(logs: Logs, folder: Path, road: Road) -> None:
    """Its id is the beginning of others', and stands inside the name of the file of a conflict."""
    road.submit(request_id="bt-1")
    write(folder, "pc_2026-11-19.log", said(-86_400, "REQUEST_CLAIMED", request="bt-1"))
    others = [said(0, request=name) for name in ("bt-10", "bt-1~ab12cd34", "bt-1.2", "my-bt-1")]
    write(folder, "pc_2026-11-20.log", *others, said(1, retry_of="bt-1"), "printed of bt-1.", "of nobody")
    shown = logs("--request", "bt-1")[1]
    assert shown[:-1] == [said(-86_400, "REQUEST_CLAIMED", request="bt-1"), said(1, retry_of="bt-1"), "printed of bt-1."]
    assert "lines=3 answer=OPEN " in shown[-1]


def test_what_the_answer_tells_of_the_other_machine_stands_among_our_lines(logs: Logs, folder: Path, road: Road) -> None:
    times = {"submitted": NOON, "claimed": NOON + timedelta(seconds=2), "started": NOON + timedelta(seconds=2.5)}
    told = {name: at.isoformat() for name, at in {**times, "finished": NOON + timedelta(seconds=9)}.items()}
    tried = [{"attempt": 1, "worker": "PC-1~a", "ended": "died"}, {"attempt": 2, "worker": "PC-2~b", "host": "pc"}]
    draft = Draft(road.outbox, "bt-1", 2)
    for name, data in (("run.log", b"computing\x1b[1m\n"), ("request.json", b"{}")):
        draft.write(name, data)
    assert draft.seal({**GOOD, "timings": told, "attempts": tried}, lambda: True)
    run = road.manifest("bt-1")["run_id"]
    write(
        folder, "nas_2026-11-20.log", said(1, "SYNC_TRIED", request="bt-1"), said(12, "ANSWER_BROUGHT", request="bt-1", run=run)
    )
    rc, shown, _ = logs("--request", "bt-1")
    events = [match["event"] if (match := LOG_LINE.fullmatch(one)) else one for one in shown[:-1]]
    expected = ["REQUEST_SUBMITTED", "SYNC_TRIED", "REQUEST_CLAIMED", "computing\ufffd[1m", "RESULT_SEALED", "ANSWER_BROUGHT"]
    assert (rc, events) == (0, expected)
    assert f"request=bt-1 run={run} attempt=2 worker=PC-2~b host=pc before=1 died (PC-1~a)" in shown[2]
    assert shown[4].endswith("elapsed=7000ms")
    assert "answer=SUCCEEDED" in shown[-1]


def test_what_our_own_log_has_is_not_told_again_by_the_answer(logs: Logs, folder: Path, road: Road) -> None:
    """Where both machines have one folder of logs."""
    seal(road, "bt-1")
    run = road.manifest("bt-1")["run_id"]
    claimed = said(1, "REQUEST_CLAIMED", request="bt-1", run=run, attempt=1)
    write(folder, "pc_2026-11-20.log", said(0, "REQUEST_SUBMITTED", request="bt-1"), claimed)
    events = re.findall(r"\] \[([A-Z_]+)\] rc", "\n".join(logs("--request", "bt-1")[1]))
    assert sorted(events) == ["REQUEST_CLAIMED", "REQUEST_SUBMITTED", "RESULT_SEALED"]


def test_a_failure_is_told_with_its_code_as_the_pc_told_it(logs: Logs, road: Road) -> None:
    seal_bad(road, "bt-1")
    shown = logs("--request", "@latest")[1]
    [sealed] = [one for one in shown if "RESULT_SEALED" in one]
    assert "[ERROR] [RESULT_SEALED] rc=1 " in sealed
    assert "status=FAILED code=E-" in sealed


def test_where_the_share_is_away_our_own_lines_are_told_all_the_same(
    logs: Logs, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_REPORTS", str(tmp_path / "away"))
    write(folder, "nas_2026-11-20.log", said(0, request="bt-1"))
    rc, shown, beside = logs("--request", "bt-1")
    assert (rc, shown[0]) == (0, said(0, request="bt-1"))
    assert "E-SHARE-UNREACHABLE" in beside
    rc, shown, beside = logs("--request", "bt-2")
    assert (rc, shown) == (3, [])


def test_an_id_nobody_knows_is_refused_with_what_it_may_have_meant(logs: Logs, road: Road) -> None:
    road.submit(request_id="bt-1")
    rc, shown, beside = logs("--request", "bt-l")
    assert (rc == 0, shown) == (False, [])
    assert "did you mean 'bt-1'?" in beside


# ---- following ----


def news(book: Book) -> List[str]:
    return [one.text for one in book.news()]


def test_who_follows_sees_every_line_once_through_midnight_and_rolling(folder: Path) -> None:
    """And half a line only when it is whole."""
    book = Book(folder, Wanted(first=NOON.date()), follows=True)
    assert news(book) == []
    log = write(folder, "pc_2026-11-20.log", said(0))
    assert news(book) == [said(0)]
    with open(log, "a", encoding="utf-8") as file:
        file.write(said(1)[:20])
        file.flush()
        assert news(book) == []
        file.write(said(1)[20:] + "\n")
    assert news(book) == [said(1)]
    write(folder, "pc_2026-11-20.log", said(2, which="before rolling"))
    log.rename(folder / "pc_2026-11-20.1.log")
    write(folder, "pc_2026-11-20.log", said(3, which="after rolling"))
    write(folder, "pc_2026-11-21.log", said(43_200, which="after midnight"))
    assert [re.findall("which=([a-z ]+)", one)[0] for one in news(book)] == ["before rolling", "after rolling", "after midnight"]
    pack(folder / "pc_2026-11-20.1.log")
    write(folder, "pc_2026-11-19.log", said(-86_400))
    assert news(book) == []


def test_a_file_that_begins_anew_is_read_anew(folder: Path) -> None:
    book = Book(folder, Wanted(), follows=True)
    log = write(folder, "job_2026-11-20.log", said(0), said(1))
    assert len(news(book)) == 2
    log.write_text(said(2) + "\n", encoding="utf-8")
    assert news(book) == [said(2)]


def test_followed_until_ctrl_c_it_ends_well(tmp_path: Path, road: Road) -> None:
    with Machine(tmp_path / "nas", tmp_path / "data", reports=road.root) as machine:
        logs = tmp_path / "nas" / "logs"
        today = f"nas_{datetime.now(KST):%Y-%m-%d}.log"
        write(logs, today, line("INFO", "JOB_ENDED", {"job": "first"}))
        going = machine.start("nas", "logs", "-f", "--json")
        until(lambda: "job=first" in going.out())
        write(logs, today, line("INFO", "JOB_ENDED", {"job": "second"}))
        until(lambda: "job=second" in going.out())
        assert going.stop(signal.SIGINT) == 0
        assert [json.loads(one)["details"]["job"] for one in going.out().splitlines()] == ["first", "second"]


# ---- both machines ----


@pytest.mark.skipif(sys.version_info < (3, 11), reason="runs are the PC's, which has Python 3.11 or newer")
def test_one_request_on_both_machines_names_itself_and_its_run_in_every_line(tmp_path: Path, synthetic_data: Path) -> None:
    """From its claim on, in every line that either machine logs of it; and `logs` on the NAS tells the whole way."""
    of_pc: Dict[str, Any] = {"carrier": "rsync", "worker": "pc-1", "archive": tmp_path / "kept-pc"}
    of_nas: Dict[str, Any] = {"carrier": "same_folder", "there": tmp_path / "pc" / "reports", "archive": tmp_path / "kept-nas"}
    with Machine(tmp_path / "pc", synthetic_data, **of_pc) as pc, Machine(
        tmp_path / "nas", tmp_path / "nas-data", **of_nas
    ) as nas:
        assert nas.run("nas", "submit", "krx_ma200", "--start", "2024-01-01", "--no-charts", "--id", "bt-1").rc == 0
        assert nas.run("nas", "sync").rc == 0
        assert pc.run("pc", "drain").rc == 0
        assert nas.run("nas", "sync").rc == 0
        assert nas.run("nas", "publish").rc == 0
        run = nas.road.manifest("bt-1")["run_id"]
        assert pc.run("pc", "sync").rc == 0
        for name in ("kept-nas", "kept-pc"):
            (tmp_path / name).mkdir()
        assert [machine.run(name, "archive", "--older-than", "0").rc for name, machine in (("nas", nas), ("pc", pc))] == [0, 0]
        logged = [
            one
            for folder in (pc.folder / "logs", nas.folder / "logs")
            for file in sorted(folder.glob("*.log"))
            for one in file.read_text(encoding="utf-8").splitlines()
            if "bt-1" in one
        ]
        nameless = [one for one in logged if f"request=bt-1 run={run} " not in one and f'request=bt-1 run={run}"' not in one]
        assert [LOG_LINE.fullmatch(one)["event"] for one in nameless] == ["REQUEST_SUBMITTED"]  # type: ignore[index]
        told = nas.run("nas", "logs", "--request", "bt-1").out.splitlines()
    events = [match["event"] for match in map(LOG_LINE.fullmatch, told) if match]
    assert events == [
        "REQUEST_SUBMITTED",
        "REQUEST_CLAIMED",
        "RESULT_SEALED",
        "ANSWER_BROUGHT",
        "PUBLICATION_REFUSED",
        "ANSWER_ARCHIVED",
    ]
    assert set(events[1:]) == {LOG_LINE.fullmatch(one)["event"] for one in logged} - {"REQUEST_SUBMITTED"}  # type: ignore[index]
    assert any("request=bt-1 attempt=1 run=" in one for one in told), "what the run printed stands among them"


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize("before", [65_533, 65_530, 65_500])
def test_no_secret_of_another_programs_log_is_shown_where_a_long_line_is_cut(folder: Path, before: int, follows: bool) -> None:
    """It passed no mask of ours. All of it is told, once."""
    secret = " xoxb-1234-hunter2hunter2 "
    written = ("가" * 300 + "a " * before)[: before - 600] + secret + "b " * 40_000
    write(folder, "theirs.log", written, "the next")
    texts = [one.text for one in Book(folder, Wanted(), follows).news()]
    assert "".join(texts[:-1]) == written.replace(secret, " xoxb-*** ")
    assert texts[-1] == "the next"
