"""Made-up prices look like a Korean market, are the same everywhere, and say that they are made up."""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shared.config import HOME
from shared.errors import DataMissing, SettingInvalid, UniverseUnknown
from shared.market import FIELDS, fingerprint_of, open_prices, symbols_of, write_prices
from shared.market.providers import synthetic
from tests.harness.mapped import whose

PRICES = synthetic.make_prices()


def test_two_calls_give_the_same_bytes() -> None:
    again = synthetic.make_prices()
    assert all(getattr(PRICES, name).tobytes() == getattr(again, name).tobytes() for name in FIELDS)
    assert PRICES.fingerprint == again.fingerprint == fingerprint_of(again)


def test_they_say_that_they_are_made_up() -> None:
    assert PRICES.synthetic
    assert PRICES.provider == "synthetic"
    assert all(name.startswith("합성") for name in PRICES.names.values())


def test_there_are_ten_years_of_korean_sessions() -> None:
    days = set(PRICES.dates.tolist())
    assert (PRICES.dates[0], PRICES.dates[-1]) == (np.datetime64("2016-01-04"), np.datetime64("2025-12-30"))
    assert len(days) == len(PRICES.dates)
    assert not [day for day in days if day.weekday() > 4]
    closed = ["2019-03-01", "2024-05-01", "2016-02-09", "2017-10-05", "2024-09-16", "2024-05-15", "2022-12-30", "2024-12-31"]
    assert not days & {date.fromisoformat(day) for day in closed}
    assert {date(2024, 1, 2), date(2024, 2, 13), date(2024, 12, 30), date(2022, 12, 29)} <= days
    assert 240 <= len(days) / 10 <= 252


def test_the_bars_are_possible() -> None:
    known = PRICES.close > 0
    assert (PRICES.low[known] <= np.minimum(PRICES.open, PRICES.close)[known]).all()
    assert (PRICES.high[known] >= np.maximum(PRICES.open, PRICES.close)[known]).all()
    assert (PRICES.volume[known] > 0).all()
    assert (PRICES.volume[known] % 1 == 0).all()
    before = PRICES.close[:-1]
    for name in ("open", "high", "low", "close"):
        moves = getattr(PRICES, name)[1:] / before - 1
        assert np.nanmax(np.abs(moves)) < 0.3, name


def test_etfs_trade_on_a_5_won_tick_and_the_index_ends_near_3000() -> None:
    for name in ("open", "high", "low", "close"):
        etfs = getattr(PRICES, name)[:, 1:]
        assert (etfs[~np.isnan(etfs)] % 5 == 0).all()
    kospi = PRICES.close[:, 0]
    assert 1_900 < kospi[0] < 2_100
    assert 2_900 < kospi[-1] < 3_100
    assert kospi.min() > 1_400
    assert kospi.max() < 3_600
    assert (np.round(kospi, 2) == kospi).all()


def test_one_etf_is_listed_only_from_2019() -> None:
    late = PRICES.close[:, PRICES.column("9900Y0")]
    begin = int(np.flatnonzero(late > 0)[0])
    assert PRICES.dates[begin] == np.datetime64("2019-03-04")
    assert np.isnan(late[:begin]).all()
    assert not np.isnan(late[begin:]).any()


def test_the_panel_on_disk_is_the_panel_that_was_written(tmp_path: Path) -> None:
    write_prices(tmp_path / "a" / "panel", PRICES)
    opened = open_prices(tmp_path / "a" / "panel")
    assert all(np.array_equal(getattr(opened, name), getattr(PRICES, name), equal_nan=True) for name in FIELDS)
    assert (opened.symbols, opened.names, opened.synthetic) == (PRICES.symbols, PRICES.names, True)
    assert opened.fingerprint == PRICES.fingerprint
    assert isinstance(whose(opened.close), mmap.mmap)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["panel"]


def test_nobody_writes_into_prices(tmp_path: Path) -> None:
    opened = synthetic.ensure(tmp_path / "panel")
    for prices in (opened, opened.pick(["990010", "KOSPI"]), opened.until(10)):
        with pytest.raises(ValueError, match="read-only"):
            prices.close[0, 0] = 1.0


def test_a_second_writer_never_replaces_the_first(tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", PRICES)
    with pytest.raises(FileExistsError):
        write_prices(tmp_path / "panel", replace(PRICES, provider="other"))
    assert open_prices(tmp_path / "panel").provider == "synthetic"
    assert [path.name for path in tmp_path.iterdir()] == ["panel"]


def test_two_processes_that_need_the_panel_at_once_use_one(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from shared.market.providers.synthetic import ensure\n"
        "print('ready', flush=True); sys.stdin.readline(); print(ensure(Path(sys.argv[1])).fingerprint)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "prices" / "panel")]
    makers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME) for _ in range(3)]
    for maker in makers:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "ready\n"
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("go\n")
        maker.stdin.flush()
    assert {maker.communicate()[0].strip() for maker in makers} == {PRICES.fingerprint}
    assert [path.name for path in (tmp_path / "prices").iterdir()] == ["panel"]


def test_absent_or_damaged_prices_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="prices: synthetic"):
        open_prices(tmp_path / "nowhere")
    write_prices(tmp_path / "panel", PRICES)
    (tmp_path / "panel" / "close.npy").write_bytes(b"")
    with pytest.raises(DataMissing, match=r"damaged.*write the prices again"):
        open_prices(tmp_path / "panel")


def test_rows_include_both_days_and_reach_to_the_edges() -> None:
    rows = PRICES.rows(date(2024, 1, 1), date(2024, 1, 3))
    assert PRICES.dates[rows].tolist() == [date(2024, 1, 2), date(2024, 1, 3)]
    assert PRICES.rows(None, None) == slice(0, len(PRICES.dates))
    empty = PRICES.rows(date(2030, 1, 1), None)
    assert empty.start == empty.stop


def test_picked_symbols_come_in_the_order_asked_and_unknown_ones_are_named() -> None:
    picked = PRICES.pick(["990030", "KOSPI"])
    assert picked.close[5].tolist() == [PRICES.close[5, 3], PRICES.close[5, 0]]
    assert list(picked.names) == ["990030", "KOSPI"]
    with pytest.raises(DataMissing, match=r"'990011'.*did you mean '9900"):
        PRICES.pick(["990011"])


def test_a_changed_number_changes_the_fingerprint() -> None:
    close = PRICES.close.copy()
    close[7, 3] += 5
    assert fingerprint_of(replace(PRICES, close=close)) != PRICES.fingerprint


def test_the_synthetic_universe_names_the_ten_etfs() -> None:
    assert symbols_of("SYNTHETIC_ETF", HOME / "configs" / "universes") == list(synthetic.ETFS)


def test_a_universe_with_a_number_or_nothing_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "CORE.yaml").write_text('symbols: ["069500", 000660]\n', encoding="utf-8")
    (tmp_path / "EMPTY.yaml").write_text("symbols: []\n", encoding="utf-8")
    with pytest.raises(SettingInvalid, match="symbol 2 is 432, not a string"):
        symbols_of("CORE", tmp_path)
    with pytest.raises(SettingInvalid, match="lists no symbols"):
        symbols_of("EMPTY", tmp_path)
    with pytest.raises(UniverseUnknown, match="did you mean 'CORE'"):
        symbols_of("CORES", tmp_path)
    with pytest.raises(UniverseUnknown):
        symbols_of("../CORE", tmp_path / "sub")


def test_about_json_carries_what_a_person_wants_to_know(tmp_path: Path) -> None:
    synthetic.ensure(tmp_path / "panel")
    about = json.loads((tmp_path / "panel" / "about.json").read_text(encoding="utf-8"))
    assert about["synthetic"] is True
    assert about["fingerprint"] == PRICES.fingerprint


def told_instead(folder: Path, **changes: object) -> None:
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    about.update(changes)
    kept = {name: value for name, value in about.items() if value is not None}
    (folder / "about.json").write_text(json.dumps(kept), encoding="utf-8")


@pytest.mark.parametrize("said", ["false", 0, [], {}])
def test_prices_that_do_not_say_whether_they_are_real_are_refused(tmp_path: Path, said: object) -> None:
    write_prices(tmp_path / "panel", PRICES)
    told_instead(tmp_path / "panel", synthetic=said)
    with pytest.raises(DataMissing, match=r"about\.json: synthetic is .*neither true nor false"):
        open_prices(tmp_path / "panel")


def test_the_made_up_folder_stays_made_up_whatever_its_file_says(tmp_path: Path) -> None:
    synthetic.ensure(tmp_path / "panel")
    told_instead(tmp_path / "panel", synthetic=False)
    assert synthetic.ensure(tmp_path / "panel").synthetic is True


@pytest.mark.parametrize("name", ["dates", *FIELDS])
def test_an_array_that_changed_since_is_never_shown_with_the_old_fingerprint(tmp_path: Path, name: str) -> None:
    write_prices(tmp_path / "panel", PRICES)
    file = tmp_path / "panel" / f"{name}.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    written = os.stat(file)
    os.utime(file, ns=(written.st_atime_ns, written.st_mtime_ns + 1_000))  # a clock may be too coarse for a test
    with pytest.raises(DataMissing, match=r"changed since it was made.*made again by the next run"):
        open_prices(tmp_path / "panel")


def test_a_panel_without_sizes_and_times_is_asked_by_its_numbers(tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", PRICES)
    told_instead(tmp_path / "panel", files=None)
    assert open_prices(tmp_path / "panel").fingerprint == PRICES.fingerprint
    told_instead(tmp_path / "panel", fingerprint="0" * 64)
    with pytest.raises(DataMissing, match="changed since it was made"):
        open_prices(tmp_path / "panel")


def test_opening_years_of_prices_takes_less_than_ten_milliseconds(tmp_path: Path) -> None:
    synthetic.ensure(tmp_path / "panel")
    took = []
    for _ in range(20):
        start = time.perf_counter()
        open_prices(tmp_path / "panel")
        took.append(time.perf_counter() - start)
    assert min(took) < 0.010
