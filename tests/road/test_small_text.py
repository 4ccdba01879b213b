"""By git only small text travels: what stays behind is named, and an answer without its numbers is never taken for whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import List

import pytest

import outbox
from outbox.left_out import LEFT_OUT, is_indispensable
from shared.carriers import git, rsync, same_folder
from shared.errors import AnswerDamaged
from shared.events import Log
from shared.small_text import MOST
from tests.harness.answers import files_of_good, seal
from tests.harness.two_sides import TwoSides, by_git, desk_of, nas_round

SMALL = ("manifest.json", "report.txt", "equity_curve.csv", "a.cancel", "alive")
OTHERS = ("equity_curve.png", "prices.parquet", "run.log", "prices.npz", "a.csv.gz")


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    return by_git(quick_folder, synthetic_data)


def test_git_carries_json_txt_and_csv_up_to_a_megabyte_and_the_others_everything() -> None:
    assert [name for name in (*SMALL, *OTHERS) if git.carries(name, MOST)] == list(SMALL)
    assert not any(git.carries(name, MOST + 1) for name in SMALL)
    assert all(part.carries(name, MOST * 1000) for part in (rsync, same_folder) for name in (*SMALL, *OTHERS))


def test_what_every_carrier_takes_no_answer_may_lack() -> None:
    """One rule for both: whatever git carries is indispensable, and what it does not is not."""
    for name in (*SMALL, *OTHERS):
        for size in (0, MOST, MOST + 1):
            assert is_indispensable(name, size) == git.carries(name, size)


def test_an_answer_with_its_picture_comes_without_it_and_says_so(sides: TwoSides) -> None:
    """A real run that drew one."""
    pytest.importorskip("matplotlib")
    sides.nas.submit(request_id="a", charts=True)
    sides.settle()
    named = {entry["path"] for entry in sides.manifest("a")["files"]}
    told = json.loads((sides.nas.outbox.done / "a" / LEFT_OUT).read_bytes())
    here = {path.name for path in (sides.nas.outbox.done / "a").iterdir()}
    assert told["files"] == sorted(named - here)
    assert "equity_curve.png" in told["files"]
    assert {"metrics.json", "equity_curve.csv", "report.txt"} <= here
    assert LEFT_OUT not in {path.name for path in (sides.pc.outbox.done / "a").iterdir()}


@pytest.mark.parametrize("name", ["metrics.json", "equity_curve.csv", "report.txt"])
def test_a_note_excuses_no_missing_number(name: str, sides: TwoSides) -> None:
    """Somebody deleted it, and wrote it into left-out.json."""
    seal(sides.nas, "a")
    folder = sides.nas.outbox.done / "a"
    (folder / name).unlink()
    (folder / LEFT_OUT).write_text(json.dumps({"files": [name], "why": "the carrier does not take them"}))
    with pytest.raises(AnswerDamaged, match=f"{name}.*missing"):
        outbox.verify(sides.nas.outbox, "a")


def test_a_table_too_large_for_git_is_told_as_an_error_and_the_answer_comes_with_all_the_rest(
    sides: TwoSides, quick_folder: Path
) -> None:
    """1.2 MB of a curve: the request has its answer, its figures are here, and nobody finds out by looking for the table."""
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    draft = outbox.Draft(sides.pc.outbox, "a", 1)
    for name, data in {**files_of_good(), "equity_curve.csv": b"2026-11-20,1.0,1.0\n" * 63_000}.items():
        draft.write(name, data)
    draft.write("request.json", b"{}")
    assert draft.seal({"status": "SUCCEEDED", "strategy": "krx_ma200", "request_sha256": "0" * 64}, lambda: True)
    sides.pc.sync()
    lines = _lines_of_a_sync(sides, quick_folder / "log")
    assert sides.nas.answers()["a"] == "SUCCEEDED"
    assert not (sides.nas.outbox.done / "a" / "equity_curve.csv").exists()
    assert (sides.nas.outbox.done / "a" / "metrics.json").exists()
    assert "equity_curve.csv" in json.loads((sides.nas.outbox.done / "a" / LEFT_OUT).read_bytes())["files"]
    [told] = [one for one in lines if "TABLES_LEFT_OUT" in one]
    assert "[ERROR]" in told
    assert "equity_curve.csv" in told
    assert "equity_curve.png" not in told


def _lines_of_a_sync(sides: TwoSides, file: Path) -> List[str]:
    nas_round(desk_of(sides.nas, sides.nas.disk), Log(file, quiet=True))
    return file.read_text(encoding="utf-8").splitlines()
