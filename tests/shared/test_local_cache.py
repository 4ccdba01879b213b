"""The cache as a provider: what was fetched lately and for these days, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from shared import clock
from shared.market.asking import Provider
from shared.market.bars import bars_from
from shared.market.cache import open_cache
from shared.market.cache.names import safe_name
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers import local_cache

FIRST, LAST = date(2024, 1, 2), date(2024, 1, 5)


def kept(folder: Path, symbol: str = "069500", now: datetime | None = None, adjusted: bool = True) -> str:
    """Three bars, fetched at that moment; the path that is their symbol."""
    bars = bars_from(
        symbol, [{"date": date(2024, 1, day), "close": float(day)} for day in (2, 3, 4)], adjusted=adjusted, name="이름"
    )
    open_cache(folder, now=lambda: now or clock.now()).put(bars, "naver", FIRST, LAST)
    return str(folder / "naver" / safe_name(symbol))


def outage(path: str, start: date = FIRST, end: date = LAST) -> ExternalDataUnavailable:
    with pytest.raises(ExternalDataUnavailable) as caught:
        local_cache.fetch(path, start, end)
    return caught.value


def part_of(path: str) -> Path:
    [file] = [one for one in Path(path).iterdir() if one.suffix == ".parquet"]
    return file


@pytest.mark.parametrize("symbol", ["069500", "^KS11", "BRK/B"])
def test_what_was_fetched_lately_is_given_as_it_was(symbol: str, tmp_path: Path) -> None:
    bars = local_cache.fetch(kept(tmp_path, symbol), FIRST, LAST)
    assert (bars.symbol, bars.adjusted, bars.name) == (symbol, True, "이름")
    assert bars.numbers["close"].tolist() == [2, 3, 4]
    assert len(local_cache.fetch(kept(tmp_path, symbol), date(2024, 1, 3), date(2024, 1, 3))) == 1


def test_what_is_older_than_a_day_is_none(tmp_path: Path) -> None:
    found = outage(kept(tmp_path, now=clock.now() - timedelta(hours=25)))
    assert (found.kind, "more than 24 hours ago" in found.why) == ("empty", True)
    assert len(local_cache.fetch(kept(tmp_path, now=clock.now() - timedelta(hours=23)), FIRST, LAST)) == 3


def test_days_it_was_not_fetched_for_are_not_told_as_if_it_had_been(tmp_path: Path) -> None:
    path = kept(tmp_path)
    for start, end in ((date(2023, 12, 1), LAST), (FIRST, date(2024, 1, 9))):
        assert "it was fetched for 2024-01-02 to 2024-01-05 only" in outage(path, start, end).why
    assert outage(path, date(2024, 1, 5), date(2024, 1, 5)).kind == "empty"


def test_what_is_not_there_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    assert "there is no cache" in outage(str(tmp_path / "cache" / "naver" / "069500")).why
    assert list(tmp_path.iterdir()) == []
    kept(tmp_path)
    for name in ("naver/0695", "naver/000660", "pykrx_stock/069500"):
        found = outage(str(tmp_path / name))
        assert (found.kind, found.why) == ("empty", "nothing is kept of it (empty)")


@pytest.mark.parametrize("damage", ["truncated", "one bit", "gone", "another symbol's"])
def test_a_damaged_part_is_never_prices(damage: str, tmp_path: Path) -> None:
    path, other = kept(tmp_path), kept(tmp_path, "000660", adjusted=False)
    file = part_of(path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    changed = {"truncated": bytes(content[:-9]), "one bit": bytes(content), "another symbol's": part_of(other).read_bytes()}
    file.unlink() if damage == "gone" else file.write_bytes(changed[damage])
    assert outage(path).kind == "empty"
    assert len(local_cache.fetch(other, FIRST, LAST)) == 3


def test_a_ledger_that_is_none_is_no_prices(tmp_path: Path) -> None:
    path = kept(tmp_path)
    (tmp_path / "cache.db").write_bytes(b"no database" * 100)
    assert outage(path).kind == "empty"


def test_it_is_asked_in_a_process_of_its_own_with_the_network_off_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_NET_FETCH", "0")
    with Provider("local_cache") as asked:
        assert len(asked.fetch(kept(tmp_path), FIRST, LAST)) == 3
