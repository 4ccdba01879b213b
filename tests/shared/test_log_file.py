"""A log file holds whole lines, whoever writes to it, however full the disk or the file is."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import List

import pytest

from shared import log_file
from shared.clock import KST
from shared.config import HOME
from shared.events import Log
from shared.log_line import line

WRITERS, LINES = 4, 2500
WRITE = """
import sys
from pathlib import Path
from shared import log_file
log_file.MOST_BYTES = int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[4])):
    log_file.append(Path(sys.argv[1]), f"{sys.argv[2]} {number} " + "가" * (number % 90) + " end")
"""
SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
from shared.log_file import append
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50, resource.RLIM_INFINITY))
append(Path(sys.argv[1]), "a" * 30)
append(Path(sys.argv[1]), "b" * 30)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
append(Path(sys.argv[1]), "c" * 30)
"""


def lines_in(folder: Path) -> List[str]:
    return [one for file in sorted(folder.glob("*.log")) for one in file.read_text(encoding="utf-8").splitlines()]


def written_by_a_crowd(folder: Path, most: int) -> List[str]:
    """By several processes that begin at once."""
    words = [sys.executable, "-c", WRITE, str(folder / "job_2026-11-20.log")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    crowd = [
        subprocess.Popen([*words, str(who), str(most), str(LINES)], cwd=HOME, text=True, **pipes)  # type: ignore[call-overload]
        for who in range(WRITERS)
    ]
    for one in crowd:
        assert one.stdout.readline() == "ready\n"
    for one in crowd:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in crowd:
        one.communicate(timeout=60)
        assert one.returncode == 0
    return lines_in(folder)


def expected() -> List[str]:
    return sorted(f"{who} {number} {'가' * (number % 90)} end" for who in range(WRITERS) for number in range(LINES))


def test_lines_of_several_processes_stay_whole(tmp_path: Path) -> None:
    assert sorted(written_by_a_crowd(tmp_path, 20 << 20)) == expected()


def test_several_processes_that_roll_at_once_lose_nothing(tmp_path: Path) -> None:
    """And none rolls away what another has just begun."""
    assert sorted(written_by_a_crowd(tmp_path, 100_000)) == expected()
    sizes = {file.name: file.stat().st_size for file in tmp_path.glob("*.log")}
    assert len(sizes) > 5
    rolled = {name: size for name, size in sizes.items() if name != "job_2026-11-20.log"}
    assert set(rolled) == {f"job_2026-11-20.{number}.log" for number in range(1, len(sizes))}
    assert min(rolled.values()) > 90_000
    assert max(sizes.values()) < 101_000, "who had it open while it was rolled wrote one line more at most"


def test_a_file_of_20_mb_is_rolled_and_its_name_tells_which_came_first(tmp_path: Path) -> None:
    file = tmp_path / "pc_2026-11-20.log"
    file.write_bytes(b"x" * ((20 << 20) - 5) + b"\n")
    log_file.append(file, "one")
    assert not (tmp_path / "pc_2026-11-20.1.log").exists()
    log_file.append(file, "two")
    assert (tmp_path / "pc_2026-11-20.1.log").stat().st_size == 20 << 20
    assert file.read_text(encoding="utf-8") == "two\n"


def test_a_number_is_never_used_twice_also_where_the_older_are_compressed_or_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "MOST_BYTES", 10)
    (tmp_path / "pc_2026-11-20.7.log.gz").write_bytes(b"")
    (tmp_path / "pc_2026-11-20.x.log").write_bytes(b"")
    for text in ("first", "second"):
        log_file.append(tmp_path / "pc_2026-11-20.log", text)
    assert (tmp_path / "pc_2026-11-20.8.log").read_text(encoding="utf-8") == "first\n"


def test_a_line_longer_than_a_file_may_be_is_written_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "MOST_BYTES", 10)
    for _ in range(2):
        log_file.append(tmp_path / "job.log", "longer than ten")
    assert lines_in(tmp_path) == ["longer than ten"] * 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
def test_half_a_line_on_a_full_disk_is_never_the_beginning_of_another(tmp_path: Path) -> None:
    file = tmp_path / "job.log"
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(file)], cwd=HOME, capture_output=True, text=True, timeout=60, check=True
    )
    assert file.read_text(encoding="utf-8").splitlines() == ["a" * 30, "b" * 19, "c" * 30]
    assert done.stderr.count("cannot be written") == 1, "it is said, and stops nothing"


def test_a_line_and_its_file_are_of_the_same_day(tmp_path: Path) -> None:
    """A moment before midnight in Korea, 23:59:59.999, is of that day in both."""
    moment = datetime(2026, 11, 20, 23, 59, 59, 999_999, KST)
    log_file.append(tmp_path / "pc_%Y-%m-%d.log", line("INFO", "WORKER_STARTED", {}, moment), moment)
    assert (tmp_path / "pc_2026-11-20.log").read_text(encoding="utf-8").startswith("[2026-11-20 23:59:59] ")


def test_a_log_about_a_run_says_so_first_in_every_line_and_to_whoever_hears(tmp_path: Path) -> None:
    heard: List[object] = []
    log = Log(tmp_path / "pc.log", quiet=True, hears=lambda *told: heard.append(told))
    of_run = log.about(request="bt-1", run="r-1").about(attempt=2, nothing=None)
    of_run.info("RESULT_SEALED", status="SUCCEEDED")
    of_run.unwritten().error("REQUEST_IGNORED")
    log.info("WORKER_STOPPED")
    told = {"request": "bt-1", "run": "r-1", "attempt": 2}
    assert heard[:2] == [
        ("INFO", "RESULT_SEALED", {**told, "status": "SUCCEEDED"}),
        ("ERROR", "REQUEST_IGNORED", told),
    ]
    shown = [re.sub(r".*details=|elapsed.*", "", one) for one in lines_in(tmp_path)]
    assert shown == ['"request=bt-1 run=r-1 attempt=2 status=SUCCEEDED" ', '"" ']
