"""The bench of the data measures what it says, on tiny numbers; speed is no test's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from pc.bench import kept_prices, peers
from pc.bench.data_cases import PROVIDER, bars_of, case_on_disk, sealed_from_cache
from pc.bench.data_rows import rows
from pc.bench.measure import Goal, Measured, Scale, file_system
from pc.bench.peers import TABLES
from pc.bench.table import measured, rendered
from pc.bench.warm_panel import sum_up
from shared.config import HOME
from shared.market import NUMBERS, fingerprint_of, open_prices

TINY = Scale(rounds=1, starts=1, panel=(260, 3))
ROWS = dict(rows())
REACH = {"warm panel, 500 x 10 years": ["≥ 20×", "≥ 20×"], "extend 500 symbols by one day": ["≤ 1"]}


@pytest.fixture
def on_disk(tmp_path: Path) -> Path:
    """A folder that is not in memory; the checkout's own disk where the temporary folder is tmpfs."""
    return tmp_path if file_system(tmp_path) not in ("tmpfs", "ramfs") else HOME / "data" / "bench"


@pytest.fixture
def _pandas_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The peers' place, with the pandas that the suite has anyway: a test installs nothing."""
    folder = tmp_path / "peers"
    venv.create(folder, symlinks=os.name != "nt")
    (site,) = [*folder.glob("lib/python*/site-packages"), *folder.glob("Lib/site-packages")]
    (site / "ours.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (folder / "pinned.txt").write_text(peers.REQUIREMENTS.read_text(encoding="utf-8") + sys.version, encoding="utf-8")
    monkeypatch.setattr(peers, "FOLDER", folder)
    monkeypatch.setattr(peers, "_STAMP", folder / "pinned.txt")


@pytest.mark.usefixtures("_pandas_of_ours")
@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_data_measures_both_and_its_json_parses(name: str, on_disk: Path) -> None:
    found, code = measured(ROWS[name], TINY, on_disk)
    again = json.loads(json.dumps(found))
    assert (again["not_measured"], code in (0, 1)) == ("", True), found
    assert [goal["reach"] for goal in again["goals"]] == REACH.get(name, [])
    assert all(goal["value"] > 0 for goal in again["goals"])
    assert any(figure.startswith(("one long file", "times pandas")) for figure in again["figures"])
    assert list(on_disk.glob("bench-*")) == []


def test_what_could_not_be_measured_is_said_beside_the_figures_and_does_not_end_well(tmp_path: Path) -> None:
    row = Measured([Goal("parts", 1.0, 1.0)], {"ours, s": 1.5}, "no network")
    found, code = measured(lambda scale, wanted: row, TINY, tmp_path)
    assert (found["not_measured"], code) == ("no network", 2)
    assert [line.split()[:2] for line in rendered("a row", found)] == [
        ["a", "row"],
        ["not", "measured:"],
        ["parts", "1"],
        ["ours,", "s"],
    ]


def test_the_panel_that_is_measured_holds_what_was_kept_and_is_opened_as_a_run_opens_it(on_disk: Path) -> None:
    with case_on_disk(TINY, on_disk) as case:
        sealed_from_cache(case, case.settings)
        opened = open_prices(case.settings.data / "prices" / "local")
        assert opened.fingerprint == fingerprint_of(opened) == fingerprint_of(case.whole)
        assert not opened.synthetic
        sum_up(opened, float(case.whole.close.sum()))
        with pytest.raises(AssertionError):
            sum_up(opened, float(case.whole.close.sum()) + 1)


def test_a_symbol_of_which_all_parts_are_written_again_is_counted(on_disk: Path) -> None:
    """Else the row would say one part whatever was written."""
    with case_on_disk(TINY, on_disk) as case:
        before, symbol = kept_prices.parts_of(case), case.whole.symbols[1]
        bars = bars_of(case.whole, symbol, 0, len(case.whole.dates))
        case.cache.purge(PROVIDER, symbol)
        case.cache.put(bars, PROVIDER, bars.dates[0].item(), bars.dates[-1].item())
        years = {day.year for day in bars.dates.tolist()}
        assert kept_prices.most_per_symbol(before, kept_prices.parts_of(case)) == len(years) > 1


def test_the_program_of_pandas_imports_nothing_of_ours_and_sums_the_same_numbers() -> None:
    code = "import runpy, sys, json; found = runpy.run_path(sys.argv[1])"
    code += "; print(json.dumps([sorted(sys.modules), found['NUMBERS']]))"
    command = [sys.executable, "-P", "-c", code, str(TABLES)]
    told = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60, check=True)
    loaded, numbers = json.loads(told.stdout)
    assert not {name.partition(".")[0] for name in loaded} & {"pc", "shared", "inbox", "outbox", "numpy"}
    assert tuple(numbers) == NUMBERS
