"""`python -m pc cache`: what is kept, whether it is sound, and away with that very symbol."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from pc.__main__ import main
from shared import clock
from shared.market.cache import open_cache
from tests.harness.kept_bars import bars_of, cache_at, changed

LAST = date(2026, 11, 18)
START = date(2025, 3, 3)


@pytest.fixture
def data(quick_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two series of naver and one of another provider in its cache."""
    monkeypatch.setenv("RELAY_DATA", str(quick_folder))
    monkeypatch.setenv("RELAY_LANGUAGE", "en")
    two_days_ago = clock.now() - timedelta(days=2)
    for provider, symbol, now in (
        ("naver", "069500", clock.now()),
        ("naver", "0695", two_days_ago),
        ("yf_etf", "SPY", two_days_ago),
    ):
        kept = cache_at(quick_folder, now=now)
        kept.put(bars_of(symbol, START, LAST, adjusted=None if symbol == "SPY" else True), provider, START, LAST)
    return quick_folder


def test_list_tells_what_was_asked_for_and_how_old_it_is(data: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["cache", "list"]) == 0
    first, second, third, closing = capsys.readouterr().out.splitlines()
    rows = len(bars_of("0695", START, LAST))
    assert first == (
        f"naver 0695 name of 0695 2025-03-03 to 2026-11-18: {rows} bars, asked 2025-03-03 to 2026-11-18, adjusted: yes, 2d ago"
    )
    assert second.startswith("naver 069500 name of 069500 2025-03-03 to 2026-11-18")
    assert "adjusted: unknown" in third
    assert closing.startswith("OK series=3 stale=2 lost=0 revisions=0 elapsed=")


def test_list_of_a_symbol_tells_what_its_provider_revised(
    data: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 3, 3)
    open_cache(data / "cache").put(changed(bars_of("069500", START, LAST), day, close=5.0), "naver", START, LAST)
    before = bars_of("069500", day, day).numbers["close"][0]
    assert main(["cache", "list", "--symbol", "069500"]) == 0
    _, revised, _ = capsys.readouterr().out.splitlines()
    assert revised.startswith(
        f"naver 069500 2026-03-03 to 2026-03-03: its provider revised close of 1 days, first {before:g} → 5 ("
    )
    monkeypatch.setenv("RELAY_LANGUAGE", "ko")
    assert main(["cache", "list", "--symbol", "069500"]) == 0
    assert "공급자가 1일의 close을(를) 고침" in capsys.readouterr().out


def test_programs_get_all_of_it_as_one_document(data: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["cache", "list", "--provider", "naver", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["symbol"], one["fresh"], one["asked_to"], one["lost"]) for one in told["series"]] == [
        ("0695", False, "2026-11-18", []),
        ("069500", True, "2026-11-18", []),
    ]
    assert told["revisions"] == []
    assert main(["cache", "stats", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["providers"]
    assert (told["naver"]["series"], told["yf_etf"]["parts"]) == (2, 2)


def test_verify_ends_with_1_where_something_was_damaged_and_then_it_is_listed_as_lost(
    data: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["cache", "verify"]) == 0
    assert capsys.readouterr().out.startswith("6 parts read to the last byte: all sound\nOK series=3 parts=6 damaged=0 litter=0")
    [part] = data.glob("cache/naver/0695/2025-*")
    part.write_bytes(b"rotten")
    assert main(["cache", "verify"]) == 1
    told, closing = capsys.readouterr().out.splitlines()
    assert told == "damaged, set aside, to be fetched again: naver/0695 2025: its sha256 is another"
    assert closing.startswith("FAILED series=3 parts=6 damaged=1 litter=0")
    assert main(["cache", "list", "--symbol", "0695"]) == 0
    assert "damaged, to be fetched again: 2025-03-03 ~ 2025-12-31" in capsys.readouterr().out


def test_purge_takes_names_as_they_are_and_never_parts_of_names(data: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["cache", "purge", "--provider", "naver", "--symbol", "06950"]) == 1
    assert "did you mean '069500'?" in capsys.readouterr().err
    assert main(["cache", "purge", "--provider", "yf", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "E-DATA-MISSING"
    assert main(["cache", "purge", "--symbol", "0695"]) == 0
    rows = len(bars_of("0695", START, LAST))
    gone, closing = capsys.readouterr().out.splitlines()
    assert gone == f"gone: naver 0695 2025-03-03 to 2026-11-18, {rows} bars"
    assert closing.startswith("OK purged=1 elapsed=")
    assert [(one.provider, one.symbol) for one in open_cache(data / "cache").all_series()] == [
        ("naver", "069500"),
        ("yf_etf", "SPY"),
    ]


@pytest.mark.parametrize("words", [["purge"], ["verify", "--symbol", "069500"], ["stats", "--provider", "naver"]])
def test_what_would_be_ignored_or_would_hit_everything_is_refused(
    words: "list[str]", data: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["cache", *words]) == 64
    assert "E-USAGE" in capsys.readouterr().err
    assert len(open_cache(data / "cache").all_series()) == 3


def test_where_nothing_was_ever_fetched_it_says_so(
    quick_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("RELAY_DATA", str(quick_folder / "nothing"))
    assert main(["cache", "list"]) == 0
    assert capsys.readouterr().out.startswith("OK series=0 stale=0 lost=0 revisions=0")
