"""`prune`: room is made by the day in a name we know; nothing goes that no verified archive has."""

from __future__ import annotations

import errno
import gzip
import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest

from nas.backup import make_backup
from nas.pruning import due_in, prune
from shared.clock import KST
from shared.config import Settings, load
from shared.disk import Disk
from tests.faults.fault_calls import FaultyCalls, die, failing_half_way
from tests.harness.answers import on_day, seal
from tests.harness.road import Road
from tests.harness.typed import Typed

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=KST)
TODAY = NOW.date()


def day(age: int) -> date:
    return TODAY - timedelta(days=age)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    names = ("REPORTS", "DATA", "LOGS", "PRIVATE", "BACKTESTS", "ARCHIVE", "BACKUPS")
    return load({f"RELAY_{name}": str(tmp_path / name.lower()) for name in names})


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        data = f"{name}\n".encode() * 50
        (root / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)


def names(root: Path) -> List[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def make_queue(settings: Settings) -> None:
    Road(settings.reports, settings.data)


def pruned(settings: Settings, disk: Disk = Disk(durable=False)) -> Dict[str, int]:  # noqa: B008 - it has no state
    done = prune(disk, settings, due_in(disk, settings, TODAY), NOW)
    return {name: len(found) for name, found in done._asdict().items()}


def test_logs_are_compressed_after_seven_days_and_gone_after_sixty(settings: Settings) -> None:
    ages = (0, 7, 8, 60, 61)
    put(settings.logs, *[f"scan_{day(age)}.log" for age in ages], f"pc-{day(9)}.log", f"scan_{day(8)}.2.log")
    put(settings.logs, f"my-own-job_{day(9)}.log", f"백업_{day(9)}.log")  # as `run --log` may name them
    put(
        settings.logs,
        *[f"nas_{day(age)}.log.gz" for age in ages],
        f"metrics/metrics_{day(8)}.jsonl",
        f"alerts/alerts_{day(7)}.jsonl",
    )
    before = (settings.logs / f"scan_{day(8)}.log").read_bytes()
    assert pruned(settings) == {"compressed": 8, "removed": 1, "unkept": 0, "odd": 0}
    assert names(settings.logs) == sorted(
        [f"scan_{day(0)}.log", f"scan_{day(7)}.log", f"alerts/alerts_{day(7)}.jsonl", f"metrics/metrics_{day(8)}.jsonl.gz"]
        + [f"scan_{day(age)}.log.gz" for age in (8, 60, 61)]
        + [f"nas_{day(age)}.log.gz" for age in (0, 7, 8, 60)]
        + [f"pc-{day(9)}.log.gz", f"scan_{day(8)}.2.log.gz", f"my-own-job_{day(9)}.log.gz", f"백업_{day(9)}.log.gz"]
    )
    assert gzip.decompress((settings.logs / f"scan_{day(8)}.log.gz").read_bytes()) == before
    assert pruned(settings)["removed"] == 1, "what is old enough goes once it is compressed and whole"
    assert pruned(settings) == {"compressed": 0, "removed": 0, "unkept": 0, "odd": 0}


def test_papers_of_a_day_are_compressed_after_thirty_where_the_newest_backup_has_them(settings: Settings) -> None:
    papers = {"reports": f"eod/{day(31)}.txt", "data": f"quality/{day(31)}.json"}
    make_queue(settings)
    put(settings.reports, papers["reports"], f"eod/{day(30)}.txt")
    put(settings.data, papers["data"])
    assert pruned(settings)["unkept"] == 2
    make_backup(Disk(durable=False), settings, NOW)
    (settings.reports / papers["reports"]).write_text("changed since", encoding="utf-8")
    assert pruned(settings) == {"compressed": 1, "removed": 0, "unkept": 1, "odd": 0}
    make_backup(Disk(durable=False), settings, NOW + timedelta(days=1))
    assert pruned(settings)["compressed"] == 1
    assert names(settings.reports) == [f"eod/{day(31)}.txt.gz", f"eod/{day(30)}.txt"]


def test_a_paper_of_an_old_day_that_was_told_again_takes_the_place_of_the_compressed_one(settings: Settings) -> None:
    paper = settings.reports / "eod" / f"{day(31)}.txt"
    make_queue(settings)
    put(settings.reports, f"eod/{paper.name}", f"eod/{paper.name}.gz")
    paper.write_text("corrected", encoding="utf-8")
    assert pruned(settings) == {"compressed": 0, "removed": 0, "unkept": 1, "odd": 0}
    make_backup(Disk(durable=False), settings, NOW)
    assert pruned(settings) == {"compressed": 1, "removed": 0, "unkept": 0, "odd": 0}
    assert names(settings.reports) == [f"eod/{paper.name}.gz"]
    assert gzip.decompress((settings.reports / "eod" / f"{paper.name}.gz").read_bytes()) == b"corrected"


def test_the_newest_backup_is_none_of_a_clock_that_was_ahead(settings: Settings) -> None:
    make_queue(settings)
    make_backup(Disk(durable=False), settings, NOW + timedelta(days=3650))
    put(settings.reports, f"eod/{day(31)}.txt")
    make_backup(Disk(durable=False), settings, NOW)
    assert pruned(settings) == {"compressed": 1, "removed": 0, "unkept": 0, "odd": 0}


def test_a_dead_mount_or_backup_is_told_and_the_logs_are_pruned(settings: Settings) -> None:
    make_queue(settings)
    put(settings.logs, f"scan_{day(9)}.log")
    put(settings.reports, f"eod/{day(31)}.txt")
    put(settings.data, f"quality/{day(31)}.json")
    newest = settings.backups / make_backup(Disk(durable=False), settings, NOW).name
    newest.unlink()
    newest.mkdir()  # as a disk that fails does: opening it is an error of the system, and no word of ours

    def dead(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> Any:
        if name == "listdir" and str(arguments[0]).startswith(str(settings.reports)):
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return call(*arguments)

    disk = Disk(durable=False, calls=FaultyCalls(dead, 1, every=True, forever=True))
    done = prune(disk, settings, due_in(disk, settings, TODAY), NOW)
    assert [path.name for path in done.compressed] == [f"scan_{day(9)}.log"]
    assert [path.name for path in done.unkept] == [f"{day(31)}.json"]
    told = [f"{settings.reports / kind}: {os.strerror(errno.ESTALE)}" for kind in ("eod", "watchlist")]
    assert done.odd == [*told, f"{newest}: {os.strerror(errno.EISDIR)}"]


def test_what_has_another_name_is_never_touched(settings: Settings, tmp_path: Path) -> None:
    others = [
        f"logs/{day(99)}.log",
        f"logs/notes {day(99)}.txt",
        "logs/ingestion.log",
        "logs/scan_2026-13-45.log",
        f"logs/deeper/scan_{day(99)}.log",
        f"reports/done/a/{day(99)}.json",
        f"reports/pending/scan_{day(99)}.json",
        f"data/eod/{day(99)}.csv",
        f"data/cache/raw/x/{day(99)}/1.gz",
        f"backtests/{day(99)}.json",
    ]
    put(tmp_path, *others)
    (tmp_path / "logs" / f"link_{day(99)}.log").symlink_to(tmp_path / others[0])
    assert pruned(settings) == {"compressed": 0, "removed": 0, "unkept": 0, "odd": 0}
    assert names(tmp_path) == sorted([*others, f"logs/link_{day(99)}.log"])


def test_a_compressed_log_that_is_damaged_stays_and_is_told(settings: Settings) -> None:
    put(settings.logs, f"scan_{day(70)}.log.gz", f"other_{day(70)}.log.gz", f"mine_{day(9)}.log")
    damaged = settings.logs / f"scan_{day(70)}.log.gz"
    damaged.write_bytes(damaged.read_bytes()[:-4])
    (settings.logs / f"mine_{day(9)}.log.gz").write_bytes(gzip.compress(b"something else"))
    assert pruned(settings) == {"compressed": 0, "removed": 1, "unkept": 0, "odd": 2}
    assert names(settings.logs) == sorted([damaged.name, f"mine_{day(9)}.log", f"mine_{day(9)}.log.gz"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here: no child to kill")
def test_killed_or_without_room_at_any_step_no_line_is_lost(settings: Settings) -> None:
    name = f"scan_{day(9)}.log"
    put(settings.logs, name)
    content = (settings.logs / name).read_bytes()

    def kept() -> List[bytes]:
        plain = [(settings.logs / name).read_bytes()] if (settings.logs / name).exists() else []
        packed = settings.logs / f"{name}.gz"
        return plain + ([gzip.decompress(packed.read_bytes())] if packed.exists() else [])

    full = failing_half_way(lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    for number in range(1, 12):
        pid = os.fork()
        if not pid:
            pruned(settings, Disk(calls=FaultyCalls(die, number)))
            os._exit(0)
        os.waitpid(pid, 0)
        assert set(kept()) == {content}, number
        pruned(settings)
        assert names(settings.logs) == [f"{name}.gz"], "nothing is left of one that was killed"
        put(settings.logs, name)
        (settings.logs / f"{name}.gz").unlink(missing_ok=True)
        pruned(settings, Disk(calls=FaultyCalls(full, number, forever=True)))
        assert set(kept()) == {content}, number
        put(settings.logs, name)
        (settings.logs / f"{name}.gz").unlink(missing_ok=True)


def test_it_archives_old_answers_and_ends_with_one_line(settings: Settings, tmp_path: Path) -> None:
    road = Road(settings.reports, settings.data)
    seal(road, "old", finished=on_day(1))
    os.utime(road.outbox.done / "old" / "manifest.json", (1, 1))
    os.utime(road.outbox.done / "old", (1, 1))
    seal(road, "young")
    settings.archive.mkdir()
    put(settings.logs, "scan_2026-01-05.log")
    typed = Typed(tmp_path)
    dry = typed("run", "prune", "--dry-run")
    assert f"compress {settings.logs / 'scan_2026-01-05.log'}" in dry.stdout.splitlines()
    assert "archive old" in dry.stdout.splitlines()
    assert names(settings.archive) == []
    assert json.loads(typed("run", "prune", "--dry-run", "--json").stdout)["archive"] == ["old"]
    done = typed("run", "prune")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("OK compressed=1 removed=0 unkept=0 odd=0 archived=1 refused=0")
    assert sorted(os.listdir(settings.reports / "done")) == ["young"]


def test_where_the_share_is_away_logs_are_pruned_all_the_same(settings: Settings, tmp_path: Path) -> None:
    put(settings.logs, "scan_2026-01-05.log")
    done = Typed(tmp_path)("run", "prune")
    assert done.returncode == 3
    assert "code=E-SHARE-UNREACHABLE" in done.stderr
    assert "scan_2026-01-05.log.gz" in names(settings.logs)


def test_something_odd_is_a_failure_that_names_it(settings: Settings, tmp_path: Path) -> None:
    typed = Typed(tmp_path)
    typed("init")
    settings.archive.mkdir()
    put(settings.logs, "scan_2026-01-05.log.gz")
    (settings.logs / "scan_2026-01-05.log.gz").write_bytes(b"no gzip")
    done = typed("run", "prune")
    assert done.returncode == 1
    assert "scan_2026-01-05.log.gz: it cannot be unpacked, and stays" in done.stderr
