"""Any command under `nas run`: alone, guarded, tried again, logged, told once; however it ends."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import List

import pytest

from nas.running import JobLog
from shared.config import load
from tests.harness.road import until
from tests.harness.slack_server import SlackServer
from tests.harness.typed import FRIDAY, SATURDAY, Typed

MINE = ("--log", "mine")
ENDED = re.compile(r'\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[INFO\] \[JOB_ENDED\] rc=0 details="job=mine" elapsed=\d+ms')


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def marked(mark: str) -> List[int]:
    """Who lives with that in its environment."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            found += [int(file.parent.name)] if f"MARK={mark}".encode() in file.read_bytes().split(b"\0") else []
    return [pid for pid in found if is_alive(pid)]


def python(code: str) -> "tuple[str, ...]":
    return (sys.executable, "-c", code)


def test_what_it_prints_is_shown_and_kept_and_one_line_says_how_it_ended(typed: Typed) -> None:
    done = typed("run", *MINE, "--", "sh", "-c", "echo out; echo err >&2")
    assert (done.returncode, done.stdout) == (0, "out\n")
    shown = done.stderr.splitlines()
    assert shown[0] == "err"
    assert ENDED.fullmatch(shown[1])
    log = typed.log("mine")
    assert (sorted(log[:2]), log[2]) == (["err", "out"], shown[1])


def test_its_output_comes_while_it_runs(typed: Typed, tmp_path: Path) -> None:
    """The earlier runner showed everything at its end: of a job that hung nothing was ever seen."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    going = typed.begin("run", *MINE, "--", "sh", "-c", f"echo begun; cat {gate}")
    assert going.stdout is not None
    assert going.stdout.readline() == "begun\n"
    assert typed.log("mine") == ["begun"]
    gate.write_text("over\n", encoding="utf-8")
    assert going.communicate(timeout=30)[0] == "over\n"
    assert going.returncode == 0


def test_a_job_that_is_at_work_is_not_started_twice_and_who_holds_it_is_said(typed: Typed, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    going = typed.begin("run", *MINE, "--", "sh", "-c", f"echo begun; cat {gate}")
    assert going.stdout is not None
    assert going.stdout.readline() == "begun\n"
    second = typed("run", *MINE, "--legacy-rc", "--", "echo", "second")
    assert (second.returncode, second.stdout) == (0, "")
    assert re.search(
        rf"\[JOB_SKIPPED\] rc=0 .*already running: pid {going.pid} on \S+, since 20\d\d-\d\d-\d\d .* KST", second.stderr
    )
    other = typed("run", "--log", "other", "--", "echo", "other")
    assert other.stdout == "other\n", "each job has a lock of its own"
    gate.write_text("over\n", encoding="utf-8")
    going.communicate(timeout=30)
    assert typed("run", *MINE, "--", "echo", "third").stdout == "third\n"


def test_who_is_killed_in_the_middle_takes_its_job_along_and_frees_its_place(typed: Typed, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    going = typed.begin("run", *MINE, "--", "sh", "-c", f"echo $$ > {pid_file}.new; mv {pid_file}.new {pid_file}; exec sleep 600")
    until(pid_file.exists)
    going.kill()
    going.communicate(timeout=30)
    until(lambda: not is_alive(int(pid_file.read_text())))
    done = typed("run", *MINE, "--", "echo", "next")
    assert (done.returncode, done.stdout) == (0, "next\n")
    assert re.search(rf"\[WARNING\] \[JOB_CUT_OFF\] .*the last start was cut off: pid {going.pid}, begun 20", done.stderr)
    assert "JOB_CUT_OFF" not in typed("run", *MINE, "--", "echo", "once").stderr


def test_what_the_job_had_started_dies_with_a_killed_runner_too(typed: Typed, tmp_path: Path) -> None:
    """An rsync that goes on alone would be met by the next one: the lock is free."""
    pid_file = tmp_path / "pids"
    script = f"trap '' TERM HUP; sleep 60 & echo $$ $! > {pid_file}.new; mv {pid_file}.new {pid_file}; sleep 60"
    going = typed.begin("run", *MINE, "--", "sh", "-c", script)
    until(pid_file.exists)
    pids = [int(pid) for pid in pid_file.read_text().split()]
    assert all(map(is_alive, pids))
    going.kill()
    until(lambda: not any(map(is_alive, pids)))


def test_nothing_of_the_runner_is_left_when_a_job_is_over(typed: Typed) -> None:
    """Neither what guards the job nor anything it started in the background."""
    mark = f"mark-{os.getpid()}"
    done = typed("run", *MINE, "--", "sh", "-c", "sleep 60 > /dev/null 2>&1 & echo over", MARK=mark)
    assert (done.returncode, done.stdout) == (0, "over\n")
    until(lambda: not marked(mark))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_who_asks_the_runner_to_end_ends_the_job(number: signal.Signals, typed: Typed, tmp_path: Path) -> None:
    there = tmp_path / "ended"
    going = typed.begin(
        "run", *MINE, "--", "sh", "-c", f"trap 'echo told > {there}; exit 9' TERM; echo begun; while :; do sleep 0.1; done"
    )
    assert going.stdout is not None
    assert going.stdout.readline() == "begun\n"
    going.send_signal(number)
    shown = going.communicate(timeout=30)[1]
    assert (going.returncode, there.read_text()) == (128 + number, "told\n")
    assert f"why=stopped by {number.name}" in shown


def test_one_that_takes_too_long_is_ended_with_all_it_started(typed: Typed, tmp_path: Path) -> None:
    """Also one that will not hear of it."""
    pid_file = tmp_path / "pid"
    script = f"trap '' TERM; sleep 600 & echo $! > {pid_file}; echo begun; wait; sleep 600"
    began = time.monotonic()
    done = typed("run", *MINE, "--timeout", "1", "--", "sh", "-c", script)
    assert done.returncode == 124
    assert time.monotonic() - began < 30
    assert "why=it took longer than its 1 s and was ended" in done.stderr
    assert not is_alive(int(pid_file.read_text()))


def test_a_closed_guard_lets_nothing_through_and_is_no_failure(typed: Typed) -> None:
    for guard, moment, legacy in (("td", SATURDAY, 200), ("th", f"{FRIDAY}T18:10", 201), ("th", f"{FRIDAY}T08:00", 201)):
        words = ("run", *MINE, "--guard", guard, "--at", moment)
        done = typed(*words, "--", "echo", "ran")
        assert (done.returncode, done.stdout) == (0, ""), (guard, moment)
        assert "[INFO] [JOB_SKIPPED] rc=0" in done.stderr
        assert typed(*words, "--legacy-rc", "--", "echo", "ran").returncode == legacy
    for guard, moment in (("td", f"{FRIDAY}T03:00"), ("th", f"{FRIDAY}T09:00"), ("none", SATURDAY)):
        assert typed("run", *MINE, "--guard", guard, "--at", moment, "--", "echo", "ran").stdout == "ran\n", (guard, moment)


def test_a_guard_that_cannot_answer_is_closed_and_warns(typed: Typed) -> None:
    done = typed("run", *MINE, "--guard", "td", "--at", "2099-01-05", "--", "echo", "ran")
    assert (done.returncode, done.stdout) == (0, "")
    assert "[WARNING] [JOB_SKIPPED]" in done.stderr


def test_a_stale_day_is_tried_again_and_no_more_often_than_was_said(typed: Typed, tmp_path: Path) -> None:
    counted = tmp_path / "count"
    script = f"echo x >> {counted}; test $(wc -l < {counted}) -ge 3 || {{ echo stale; exit 2; }}"
    again = ("--retry-rc", "2", "--retry-max", "2", "--retry-sleep", "0")
    done = typed("run", *MINE, *again, "--", "sh", "-c", script)
    assert (done.returncode, done.stdout) == (0, "stale\nstale\n")
    assert [line.split("] ")[2] for line in typed.log("mine") if "JOB_" in line] == ["[JOB_RETRIED", "[JOB_RETRIED", "[JOB_ENDED"]
    assert "tries=3" in typed.log("mine")[-1]
    counted.unlink()
    put_off = typed("run", *MINE, "--retry-rc", "2", "--retry-max", "1", "--retry-sleep", "0", "--", "sh", "-c", script)
    assert put_off.returncode == 2
    assert '[WARNING] [JOB_PUT_OFF] rc=2 details="job=mine why=stale tries=2"' in put_off.stderr


def test_a_failure_keeps_its_code_and_is_told_once_until_it_is_over(typed: Typed, slack: SlackServer) -> None:
    for _ in range(3):
        done = typed("run", *MINE, "--", "sh", "-c", "echo Traceback of mine >&2; exit 7")
        assert done.returncode == 7
        assert "[ERROR] [JOB_FAILED] rc=7" in done.stderr
    assert "Traceback of mine" in typed.log("mine")
    [told] = slack.channel()
    assert told.startswith("[ERROR] Job Failed: mine — it ended with rc=7, without saying why; its last line: Traceback of mine")
    typed("run", *MINE, "--", "true")
    over = [line for line in slack.channel() if "Recovered" in line]
    assert over, slack.channel()
    assert all(line.endswith("Job Failed: mine") for line in over), "whose end it is, a telephone shows too"


@pytest.mark.parametrize(
    "said",
    ["YFRateLimitError: Too Many Requests", "requests.exceptions.ReadTimeout: timed out", "503 Service Unavailable"],
)
def test_of_a_foreign_program_the_old_words_of_an_outage_are_a_skip(said: str, typed: Typed, slack: SlackServer) -> None:
    done = typed("run", *MINE, "--", "sh", "-c", f"echo '{said}' >&2; exit 1")
    assert done.returncode == 0
    assert "[SKIP] external-data-unavailable (guarded)" in done.stderr.splitlines()
    assert "[SKIP] external-data-unavailable (guarded)" in typed.log("mine")
    assert slack.channel() == []


def test_words_of_an_outage_excuse_no_program_that_ended_well_or_failed_otherwise(typed: Typed) -> None:
    assert "[SKIP]" not in typed("run", *MINE, "--", "echo", "503 Service Unavailable").stderr
    done = typed("run", *MINE, "--", "sh", "-c", "echo json.decoder.JSONDecodeError; exit 1")
    assert done.returncode == 1, "as often as not that is the program's own fault"


def test_one_that_is_killed_is_a_failure_with_the_signals_name(typed: Typed) -> None:
    done = typed("run", *MINE, "--", "sh", "-c", "kill -9 $$")
    assert done.returncode == 137
    assert "it was ended by SIGKILL" in done.stderr


def test_what_cannot_be_started_is_said(typed: Typed, slack: SlackServer) -> None:
    done = typed("run", *MINE, "--", "/no/such/program")
    assert done.returncode == 127
    assert "/no/such/program cannot be started: No such file or directory" in done.stderr
    assert len(slack.channel()) == 1


def test_a_log_that_cannot_be_written_keeps_no_job_from_running(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    done = typed("run", *MINE, "--", "echo", "ran")
    assert (done.returncode, done.stdout) == (0, "ran\n")
    assert "cannot be written" in done.stderr


def test_a_dry_run_says_what_would_be_and_starts_nothing(typed: Typed, tmp_path: Path) -> None:
    done = typed("run", *MINE, "--dry-run", "--guard", "td", "--at", SATURDAY, "--", "touch", str(tmp_path / "ran"))
    assert done.returncode == 0
    assert "no trading day" in done.stderr
    assert not (tmp_path / "ran").exists()
    assert typed.log("mine") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run",), "neither a job nor a command is named"),
        (("run", "sync_report"), "did you mean 'sync_reports'?"),
        (("run", "sync_reports", "--", "--horses"), "unrecognized arguments: --horses"),
        (("run", "sync_reports", "--retry-rc", "3"), "a job of ours ends with 2 where it is to be tried again"),
        (("run", "--at", "noon", "--", "true"), "is no moment like 2026-11-20T18:10"),
    ],
)
def test_what_is_typed_wrong_is_refused_by_name(words: "tuple[str, ...]", said: str, typed: Typed) -> None:
    done = typed(*words)
    assert (done.returncode, said in done.stderr) == (64, True), done.stderr


def test_what_a_foreign_program_prints_moves_no_cursor_and_tells_no_secret(typed: Typed) -> None:
    token = "xoxb-1111-2222-goodgoodgood"
    done = typed("run", *MINE, "--", "printf", f"\\033[2Jgone\\ttab {token}\\r\\n")
    assert "\033" not in done.stdout
    [line] = [line for line in typed.log("mine") if "gone" in line]
    assert token not in line
    assert "gone    tab xoxb-***" in line


def test_a_dry_run_shows_a_command_as_a_log_would(typed: Typed) -> None:
    said = typed("run", "--dry-run", "--", "echo", "\033[2J", "xoxb-1111-2222-goodgoodgood").stderr
    assert "it would run: echo \ufffd[2J xoxb-***" in said


def test_how_long_a_command_may_take_is_not_its_name(typed: Typed) -> None:
    """Else any two of them would be one, and the second never run."""
    for words in (("timeout", "60", "true"), ("timeout", "-k", "5s", "1.5m", "true"), ("nice", "-n", "5", "true")):
        assert typed("run", "--", *words).returncode == 0
    assert len([line for line in typed.log("true") if "[JOB_ENDED]" in line]) == 3


def test_a_line_that_never_ends_is_taken_in_pieces(typed: Typed) -> None:
    done = typed("run", *MINE, "--", sys.executable, "-c", "print('x' * 300_000)")
    assert (done.returncode, len(done.stdout.replace("\n", ""))) == (0, 300_000)
    assert max(map(len, done.stdout.splitlines())) < 100_000


@pytest.mark.parametrize("filler", ["a ", "ab"])
def test_no_secret_is_shown_where_a_long_line_is_cut(typed: Typed, filler: str) -> None:
    """They stand so close that one lies across, or its name ends there, at one of the cuts."""
    code = f"print(({filler!r} * 50 + ' --api-token hunter2hunter2' + ' xoxb-1234-hunter2 ') * 3000)"
    done = typed("run", *MINE, "--", sys.executable, "-c", code)
    assert done.returncode == 0
    shown = done.stdout + "".join(typed.log("mine"))
    assert shown.count("***") == 12_000
    assert "hunter2" not in shown


def test_what_it_left_running_holds_up_nobody_and_what_it_said_is_not_lost(typed: Typed) -> None:
    """Its own last words come, also those without an end of line; the end of what it left is not waited for."""
    began = time.monotonic()
    done = typed("run", *MINE, "--", "sh", "-c", "sleep 60 & printf 'last words'")
    assert (done.returncode, done.stdout) == (0, "last words\n")
    assert time.monotonic() - began < 30
    assert typed.log("mine")[0] == "last words"


def test_a_slip_in_ones_own_file_of_jobs_is_told_for_nobody_reads_crons_mail(typed: Typed, slack: SlackServer) -> None:
    own = typed.root / "jobs.yaml"
    own.write_text("sync_reports: {gard: td}\n", encoding="utf-8")
    done = typed("run", "publish_results", RELAY_JOBS=str(own))
    assert done.returncode == 64
    assert "JOB_FAILED" in typed.log("publish_results")[-1]
    [told] = slack.channel()
    assert "reading what is set for jobs in " in told
    assert typed("run", "publish_result", RELAY_JOBS=str(own)).returncode == 64
    assert len(slack.channel()) == 1, "what a person mistypes is nobody's incident"


@pytest.mark.parametrize("said", [("--timeout", "0"), ("--retry-rc", "0"), ("--retry-max", "1000")])
def test_a_number_that_cannot_be_is_refused(said: "tuple[str, str]", typed: Typed) -> None:
    done = typed("run", *MINE, *said, "--", "true")
    assert (done.returncode, f"{said[0]} {said[1]}" in done.stderr) == (64, True), done.stderr


def test_a_moment_of_another_zone_is_the_day_it_is_in_korea(typed: Typed) -> None:
    """Friday evening in London is Saturday morning here."""
    for moment, ran in ((f"{FRIDAY}T20:00+00:00", ""), (f"{FRIDAY}T02:00+00:00", "ran\n")):
        assert typed("run", *MINE, "--guard", "td", "--at", moment, "--", "echo", "ran").stdout == ran, moment


def test_a_job_that_is_asked_to_end_while_it_waits_to_be_tried_again_says_so(typed: Typed) -> None:
    again = ("--retry-rc", "2", "--retry-max", "1", "--retry-sleep", "600")
    going = typed.begin("run", *MINE, *again, "--", "sh", "-c", "echo stale; exit 2")
    until(lambda: any("JOB_RETRIED" in line for line in typed.log("mine")))
    going.send_signal(signal.SIGTERM)
    going.communicate(timeout=30)
    assert going.returncode == 128 + signal.SIGTERM
    assert "why=stopped by SIGTERM" in typed.log("mine")[-1]


def test_a_secret_that_a_command_prints_is_shown_and_kept_nowhere(typed: Typed) -> None:
    """What cron mails, and what lies in the data folder and so in every backup."""
    said = "could not reach https://someone:hunter2hunter2@nas.example/x"
    done = typed("run", *MINE, "--", "sh", "-c", f"echo '{said}' >&2; exit 7")
    kept = [file.read_text(encoding="utf-8") for file in (typed.root / "data").rglob("*.json")]
    assert [text for text in (done.stdout, done.stderr, *typed.log("mine"), *kept) if "hunter2" in text] == []
    assert "could not reach" in done.stderr


def test_a_reader_who_stopped_keeps_nobodys_place(typed: Typed) -> None:
    """`nas run … | less`, and home for the night: the job has its time, and the next one its turn."""
    going = typed.begin("run", *MINE, "--timeout", "1", "--", sys.executable, "-c", "print('x\\n' * 200_000); input()")
    until(lambda: going.poll() is not None)
    assert typed("run", *MINE, "--", "echo", "next").stdout == "next\n"


@pytest.mark.parametrize("errors", [subprocess.PIPE, subprocess.STDOUT], ids=["| less", "2>&1 | less"])
def test_a_reader_who_stopped_stops_neither_the_job_nor_its_log(errors: int, typed: Typed) -> None:
    said = "print('x\\n' * 50_000 + 'last')"
    words = [sys.executable, "-m", "nas", "run", *MINE, "--", *python(said)]
    with subprocess.Popen(words, cwd=typed.checkout, env=typed.environment, stdout=subprocess.PIPE, stderr=errors) as going:
        try:
            until(lambda: going.poll() is not None, 60.0)
        finally:
            going.kill()
    assert going.returncode == 0
    log = typed.log("mine")
    assert (len(log), log[-2]) == (50_002, "last")
    assert ENDED.fullmatch(log[-1])


def test_a_command_called_like_a_job_of_ours_has_neither_its_lock_nor_its_log(typed: Typed) -> None:
    assert typed("run", "--log", "report_eod", "--", "sh", "-c", "exit 7").returncode == 7
    assert (typed.log("report_eod"), len(typed.log("report_eod_command"))) == ([], 1)
    jobs = json.loads(typed("list", "jobs", "--json").stdout)
    assert jobs["report_eod"]["last"]["at"] is None


@pytest.mark.parametrize("moment", ["soon", "0001-01-01", "9999-12-31T23:59+00:00", "2026-02-30"])
def test_a_moment_nobody_means_is_refused_with_an_example(moment: str, typed: Typed) -> None:
    done = typed("run", "back_up", "--at", moment, "--dry-run")
    assert done.returncode == 64
    assert f"argument --at: {moment!r} is no moment" in done.stderr or "is of no year between 1990 and 2199" in done.stderr


def test_a_job_that_prints_for_ever_fills_no_disk(tmp_path: Path) -> None:
    log = JobLog(load({"RELAY_LOGS": str(tmp_path)}), "mine")
    for _ in range(20):
        log.line("x" * (1 << 20))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 17 << 20
    newest = max(tmp_path.glob("mine_????-??-??.log"))
    assert newest.read_text(encoding="utf-8").splitlines()[-1].startswith("[CUT] it printed more than 16 MB")
