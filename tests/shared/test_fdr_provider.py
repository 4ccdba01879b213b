"""The real FinanceDataReader against stand-ins of its three sources: right bars, or the right kind of outage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shared.config import HOME
from shared.market.asking import Provider
from tests.harness.market_answers import CLOSES, DAYS, NOBODY, VALUE, VOLUME, tomorrow
from tests.harness.market_proxy import OF_ANYTHING, MarketProxy
from tests.harness.outages import FIRST, KINDS, LAST, outage

LIMIT = 3.0
SOURCES = {"csv": "KS11", "naver": "069500", "yahoo": "SPY"}
UNTOUCHED = {("naver", "truncated"), ("naver", "wrong encoding")}  # it takes every day that stands there whole, and only those


@pytest.fixture(scope="module")
def fdr(servers: MarketProxy) -> Iterator[Provider]:
    with Provider("fdr", LIMIT) as asked:
        yield asked


@pytest.mark.parametrize("source", SOURCES)
def test_bars_come_from_each_of_its_sources(
    source: str, fdr: Provider, proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    bars = fdr.fetch(SOURCES[source], FIRST, LAST)
    assert bars.dates.tolist() == list(DAYS)
    assert bars.numbers["close"].tolist() == ([2670, 2607, 2587] if source == "naver" else CLOSES)
    assert bars.numbers["volume"].tolist() == [VOLUME] * 3
    assert bars.adjusted is True
    assert bars.raw[f"{SOURCES[source]}.csv"]
    if source == "csv":
        assert bars.numbers["value"].tolist() == [VALUE] * 3
    else:
        assert np.isnan(bars.numbers["value"]).all()
    assert capfd.readouterr() == ("", "")


def test_every_way_it_can_fail_has_its_kind() -> None:
    assert set(KINDS) == set(OF_ANYTHING)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("mode", KINDS)
def test_every_way_a_source_fails_is_the_right_kind_of_outage(
    mode: str, source: str, fdr: Provider, proxy: MarketProxy, capfd: pytest.CaptureFixture[str]
) -> None:
    """It makes an empty table of all of them; what was answered is looked at once more."""
    proxy.modes[source] = mode
    if (source, mode) in UNTOUCHED:
        closes = fdr.fetch(SOURCES[source], FIRST, LAST).numbers["close"].tolist()
        assert closes == [2670, 2607, 2587][: len(closes)]
        return
    found = outage(fdr, SOURCES[source])
    assert (found.kind, found.retry_after) == (KINDS[mode], 7.0 if "Retry-After" in mode else None)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("mode", "kind"), [("429", "rate_limit"), ("503 html", "network"), ("empty", "empty")])
def test_an_index_without_one_of_its_years_is_none(mode: str, kind: str, fdr: Provider, proxy: MarketProxy) -> None:
    """FinanceDataReader leaves that year out and says nothing."""
    proxy.modes["csv year_ks11/2023.csv"] = mode
    assert outage(fdr, "KS11", (date(2023, 6, 1), LAST)).kind == kind


def test_a_year_its_copy_does_not_have_is_empty(fdr: Provider, proxy: MarketProxy) -> None:
    assert outage(fdr, "KS11", (date(2023, 6, 1), LAST)).kind == "empty"


@pytest.mark.parametrize("symbol", [NOBODY, NOBODY + ".KS", "FRED:DEXKOUS", "NOPE"])
def test_what_nobody_lists_is_empty(symbol: str, fdr: Provider, proxy: MarketProxy) -> None:
    assert outage(fdr, symbol).kind == "empty"


@pytest.mark.parametrize("symbol", SOURCES.values())
def test_a_day_that_is_not_over_is_not_among_the_bars(symbol: str, fdr: Provider, proxy: MarketProxy) -> None:
    proxy.tomorrow = True
    assert outage(fdr, symbol, (tomorrow(), tomorrow())).kind == "empty"


def test_it_is_in_no_chain_that_is_shipped() -> None:
    """Whoever wants it puts it there."""
    shipped = [file for file in (HOME / "configs").glob("*.yaml") if "providers:" in file.read_text(encoding="utf-8")]
    if not shipped:
        pytest.skip("no chain is shipped")
    for file in shipped:
        chains = re.findall(r"^ *providers: *\[([^\]]*)\]", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert chains
        assert not [chain for chain in chains if "fdr" in chain.replace(",", " ").split()]


def test_without_the_library_it_is_switched_off_and_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "FinanceDataReader").mkdir()
    (tmp_path / "FinanceDataReader" / "__init__.py").write_text("raise ModuleNotFoundError(name='FinanceDataReader')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Provider("fdr", LIMIT) as without:
        found = outage(without, "SPY")
    assert (found.kind, "no FinanceDataReader: pip install 'krx-relay[fdr]'" in found.why) == ("disabled", True)
