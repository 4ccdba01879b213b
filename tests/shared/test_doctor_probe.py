"""The probe of a share, on a real folder and on file systems that lie in one way each."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path
from typing import Any, List

import pytest

from shared import probe
from shared.calls import Calls
from shared.disk import Disk
from shared.found import BAD, OK, WARN, Found
from shared.probe import Places


class Lying:
    """The system's calls on a file system that is not as it should be; a test exchanges the ones it is about."""

    def __init__(self, **exchanged: Any) -> None:
        for name in dir(Calls):
            if not name.startswith("_"):
                setattr(self, name, exchanged.get(name, getattr(Calls, name)))


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A reports folder."""
    for name in ("pending", "done"):
        (tmp_path / name).mkdir()
    return tmp_path


def places(reports: Path, **exchanged: Any) -> Places:
    """It, over these calls."""
    return Places(Disk(calls=Lying(**exchanged), patience=0.0), reports, reports / "pending", reports / "done")


def everything(place: Places) -> List[Found]:
    """The four probes."""
    return [probe.exclusive(place), probe.rename(place), probe.flush(place, True), probe.names(place)]


def left(reports: Path) -> List[str]:
    """What lies in it beside its two folders."""
    return sorted(str(path.relative_to(reports)) for path in reports.rglob("*") if path.name not in ("pending", "done"))


def test_a_good_file_system_passes_and_nothing_stays(reports: Path) -> None:
    assert [one.verdict for one in everything(places(reports))] == [OK, OK, OK, OK]
    assert left(reports) == []


def test_a_file_that_can_be_created_twice_is_bad(reports: Path) -> None:
    def never_exclusive(path: Any, flags: int, mode: int = 0o777) -> int:
        return os.open(path, flags & ~os.O_EXCL, mode)

    found = probe.exclusive(places(reports, open=never_exclusive))
    assert (found.verdict, "the same file can be created twice" in found.said.en) == (BAD, True)
    assert "two workers could claim one request" in found.fix.en


def test_a_folder_that_can_be_created_twice_is_bad(reports: Path) -> None:
    found = probe.exclusive(places(reports, mkdir=lambda path: os.makedirs(path, exist_ok=True)))
    assert (found.verdict, "the same folder" in found.said.en) == (BAD, True)


def test_pending_and_done_on_two_file_systems_is_bad(reports: Path) -> None:
    def across(source: Any, target: Any) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        os.rename(source, target)

    found = probe.rename(places(reports, rename=across))
    assert (found.verdict, found.fix.en) == (BAD, f"put all of {reports} on one volume")
    assert left(reports) == []


def test_two_real_file_systems_are_told_apart(reports: Path, quick_folder: Path) -> None:
    if os.stat(quick_folder).st_dev == os.stat(reports).st_dev:
        pytest.skip("this machine has only one")
    (quick_folder / "done").mkdir()
    found = probe.rename(places(reports)._replace(done=quick_folder / "done"))
    assert (found.verdict, "two file systems" in found.said.en) == (BAD, True)


def test_a_folder_rename_that_replaces_is_bad(reports: Path) -> None:
    def replacing(source: Any, target: Any) -> None:
        if os.path.isdir(target):
            Disk().remove_tree(Path(target))
        os.rename(source, target)

    found = probe.rename(places(reports, rename=replacing))
    assert (found.verdict, "replaces" in found.said.en) == (BAD, True)
    assert left(reports) == []


def test_a_file_that_does_not_arrive_is_bad(reports: Path) -> None:
    found = probe.rename(places(reports, rename=lambda source, target: os.unlink(source)))
    assert (found.verdict, "did not arrive" in found.said.en) == (BAD, True)


def test_names_that_come_back_decomposed_are_bad(reports: Path) -> None:
    def decomposed(folder: Any) -> List[str]:
        return [unicodedata.normalize("NFD", name) for name in os.listdir(folder)]

    def by_either(path: Any) -> None:
        os.unlink(unicodedata.normalize("NFC", str(path)))

    found = probe.names(places(reports, listdir=decomposed, unlink=by_either))
    assert (found.verdict, "NFC" in found.fix.en) == (BAD, True)
    assert "삼성전자" in found.said.en
    assert "aaaa" not in found.said.en


def test_a_file_system_without_long_names_is_bad(reports: Path) -> None:
    def short(path: Any, flags: int, mode: int = 0o777) -> int:
        if len(os.path.basename(path).encode()) > 100:
            raise OSError(errno.ENAMETOOLONG, "File name too long")
        return os.open(path, flags, mode)

    found = probe.names(places(reports, open=short))
    assert (found.verdict, "aaaa" in found.said.en) == (BAD, True)


def test_whether_case_matters_is_told_and_both_are_fine(reports: Path) -> None:
    assert "case matters" in probe.names(places(reports)).said.en

    def caseless(path: Any, flags: int, mode: int = 0o777) -> int:
        return os.open(os.path.join(os.path.dirname(path), os.path.basename(path).lower()), flags, mode)

    found = probe.names(places(reports, open=caseless))
    assert (found.verdict, "case does not matter" in found.said.en) == (OK, True)


def test_an_fsync_that_fails_is_told_by_its_error(reports: Path) -> None:
    def refused(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        probe.flush(places(reports, fsync=refused), True)
    assert left(reports) == []


def test_a_queue_that_does_not_flush_is_told(reports: Path) -> None:
    found = probe.flush(places(reports), False)
    assert (found.verdict, "RELAY_DURABLE=true" in found.fix.en) == (WARN, True)


def test_what_a_killed_doctor_left_is_swept_after_an_hour_and_nothing_else(reports: Path) -> None:
    for name, age in ((probe.probe_name(), 2), (probe.probe_name(), 0), (".other.01234567.tmp", 2)):
        for folder in (reports, reports / "pending", reports / "done"):
            (folder / name).mkdir()
            (folder / name / "one").touch()
            past = (folder / name).stat().st_mtime - age * 3600 - 1
            os.utime(folder / name, (past, past))
    before = len(list(reports.rglob("*.tmp")))
    folders = (reports, reports / "pending", reports / "done")
    probe.sweep(Disk(), folders, (reports / "pending").stat().st_mtime)
    assert len(list(reports.rglob("*.tmp"))) == before - 3
