"""Sealed prices as a run reads them: one version, whoever puts another in its place meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared import cache
from shared.cache import PricesDamaged, PricesNotOurs, PricesSynthetic
from shared.config import HOME, Settings
from shared.disk import Disk
from shared.errors import DataMissing
from shared.market import FIELDS, Prices, fingerprint_of, open_prices, seal_prices, write_prices
from tests.harness.dropped import drop
from tests.harness.price_sides import pc_carries
from tests.harness.road import SMALL, Road, settings_for, until

DAYS = np.arange(np.datetime64("2024-01-01"), np.datetime64("2024-12-31"))


def panel(close: float, days: Any = DAYS) -> Prices:
    """Every number in it is that one: two versions can be told apart in every cell."""
    arrays: Any = {name: np.full((len(days), 2), close) for name in FIELDS}
    prices = Prices(days, ("KOSPI", "069500"), **arrays, synthetic=False, provider="by hand")
    return replace(prices, fingerprint=fingerprint_of(prices))


@pytest.fixture
def settings(quick_folder: Path) -> Settings:
    """Of a PC that fetches."""
    return settings_for(quick_folder / "reports", quick_folder / "data", prices="local")


def local(settings: Settings) -> Path:
    """What a run opens."""
    return settings.data / "prices" / "local"


def test_sealed_prices_are_read_as_they_were_sealed(settings: Settings) -> None:
    index = seal_prices(settings, panel(100.0), "pc")
    opened = open_prices(local(settings))
    assert (opened.fingerprint, opened.synthetic) == (panel(100.0).fingerprint, False)
    assert (opened.close == 100.0).all()
    assert (index.first, index.last, index.rows, index.origin) == ("2024-01-01", "2024-12-30", 365, "pc")
    assert sorted(path.name for path in local(settings).iterdir()) == ["index.json", "shards"]


def test_a_panel_that_ends_in_the_future_is_not_sealed(settings: Settings) -> None:
    """A year typed wrong: nothing comes into use, and the right one can be sealed at once."""
    with pytest.raises(PricesDamaged, match="2124-12-30.*yet to come"):
        seal_prices(settings, panel(100.0, DAYS + np.timedelta64(100 * 365 + 24, "D")), "pc")
    assert not (local(settings) / "index.json").exists()
    assert seal_prices(settings, panel(101.0), "pc").last == "2024-12-30"


def test_newer_ones_take_their_place_while_a_run_goes_on_with_its_own(settings: Settings) -> None:
    seal_prices(settings, panel(100.0), "pc")
    before = open_prices(local(settings))
    for close in (101.0, 102.0, 103.0):
        seal_prices(settings, panel(close), "pc")
        assert (open_prices(local(settings)).volume == close).all()
    assert (before.close == 100.0).all(), "what is open stays readable, though its files are gone"


def test_sealing_the_same_again_is_no_new_version(settings: Settings) -> None:
    assert seal_prices(settings, panel(100.0), "pc") == seal_prices(settings, panel(100.0), "pc")


def test_a_clock_that_went_back_still_makes_newer_versions(settings: Settings) -> None:
    first = seal_prices(settings, panel(100.0), "pc")
    shelf = cache.shelf_of(Disk(False), settings.data)
    ahead = first._replace(made_at="2099-01-01T00:00:00.000+09:00")
    (shelf.folder / cache.INDEX).write_bytes(ahead.as_bytes())
    assert seal_prices(settings, panel(101.0), "pc").is_newer_than(ahead)


@pytest.mark.parametrize("name", [*(f"{field}.npy" for field in FIELDS), "dates.npy", "about.json"])
@pytest.mark.parametrize("harm", ["one byte", "gone"])
def test_a_shard_that_was_changed_is_refused(name: str, harm: str, settings: Settings) -> None:
    seal_prices(settings, panel(100.0), "pc")
    [path] = (local(settings) / "shards").glob(f"*-{name}")
    if harm == "gone":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        data[-3] ^= 1
        path.write_bytes(bytes(data))
    with pytest.raises(DataMissing, match=name):
        open_prices(local(settings))
    seal_prices(settings, panel(100.0), "pc")
    assert (open_prices(local(settings)).close == 100.0).all(), "sealing again mends it"


def test_a_copy_with_other_times_is_believed_once_every_byte_was_read(settings: Settings) -> None:
    seal_prices(settings, panel(100.0), "pc")
    for path in (local(settings) / "shards").iterdir():
        os.utime(path, (1e9, 1e9))
    assert (open_prices(local(settings)).close == 100.0).all()


def test_an_index_that_was_changed_is_refused(settings: Settings) -> None:
    seal_prices(settings, panel(100.0), "pc")
    path = local(settings) / cache.INDEX
    path.write_bytes(path.read_bytes().replace(b"2024-12-30", b"2025-12-30"))
    with pytest.raises(DataMissing, match="sha256 differs"):
        open_prices(local(settings))


def test_plain_prices_are_read_until_sealed_ones_are_there(settings: Settings) -> None:
    write_prices(local(settings), panel(99.0))
    assert (open_prices(local(settings)).close == 99.0).all()
    seal_prices(settings, panel(100.0), "pc")
    assert (open_prices(local(settings)).close == 100.0).all()


def test_dropped_files_and_sealed_prices_never_lie_together(settings: Settings) -> None:
    drop(local(settings), "2024-01-02,069500,1,1,1,1,1,1")
    with pytest.raises(DataMissing, match=r"dropped files \(bars\.csv\) lie where fetched or sealed prices go"):
        seal_prices(settings, panel(100.0), "pc")
    (local(settings) / "bars.csv").unlink()
    seal_prices(settings, panel(100.0), "pc")
    drop(local(settings), "2024-01-02,069500,1,1,1,1,1,1")
    with pytest.raises(DataMissing, match=r"bars\.csv.*index\.json.*move the one or the other away"):
        open_prices(local(settings))


def test_dropped_files_are_sealed_from_wherever_they_lie(settings: Settings, tmp_path: Path) -> None:
    made = open_prices(drop(tmp_path, "2024-01-02,069500,1,2,1,2,1,1"))
    seal_prices(settings, made, "pc")
    opened = open_prices(local(settings))
    assert (opened.fingerprint, opened.symbols, opened.close[0, 0]) == (made.fingerprint, ("069500",), 2)


def test_made_up_prices_and_the_wrong_side_are_refused(settings: Settings) -> None:
    with pytest.raises(PricesSynthetic, match="never travel"):
        seal_prices(settings, replace(panel(100.0), synthetic=True), "pc")
    with pytest.raises(PricesNotOurs):
        seal_prices(settings, panel(100.0), "nas")
    assert not local(settings).exists()


READER = """
import sys
from pathlib import Path
from shared.market import FIELDS, open_prices
folder, stop = Path(sys.argv[1]), Path(sys.argv[2])
seen, opened = set(), 0
while not stop.exists():
    prices = open_prices(folder)
    found = {float(cell) for name in FIELDS for cell in (getattr(prices, name)[0, 0], getattr(prices, name)[-1, -1])}
    assert len(found) == 1, f"two versions at once: {found}"
    seen |= found
    opened += 1
    Path(sys.argv[2] + ".going").touch()
print(opened, len(seen))
"""


def test_a_reader_during_the_arrival_never_mixes_two_versions(quick_folder: Path) -> None:
    """It opens prices without a pause while thirty versions are sealed, carried and taken in."""
    sides = pc_carries(quick_folder)
    seal_prices(sides.runner.settings, panel(1.0), "pc")
    sides.settle(1)
    stop = quick_folder / "stop"
    words = [sys.executable, "-c", READER, str(local(sides.nas.settings)), str(stop)]
    reader = subprocess.Popen(words, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: (quick_folder / "stop.going").exists() or reader.poll() is not None)
    for close in range(2, 32):
        seal_prices(sides.runner.settings, panel(float(close)), "pc")
        sides.runner.carry()
        assert sides.nas.carry() == []
    stop.touch()
    told, wrong = reader.communicate(timeout=30)
    assert reader.returncode == 0, wrong
    opened, versions = map(int, told.split())
    assert opened >= 10
    assert versions >= 2


def test_a_run_answers_from_prices_that_were_carried(quick_folder: Path) -> None:
    """The NAS fetches, the PC runs."""
    sides = pc_carries(quick_folder, prices_from="nas")
    days = np.arange(np.datetime64("2023-01-01"), np.datetime64("2024-12-31"))
    seal_prices(sides.nas.settings, panel(100.0, days), "nas")
    sides.settle(1)
    road = Road(quick_folder / "pc" / "reports", sides.runner.settings.data, prices="local")
    road.submit(request_id="a", **{**SMALL, "symbols": ["069500"]})
    road.drain()
    told = road.manifest("a")
    assert told["status"] == "SUCCEEDED", told["error"]
    assert told["data"]["fingerprint"] == panel(100.0, days).fingerprint
