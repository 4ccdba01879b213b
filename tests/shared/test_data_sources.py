"""Who is asked for what: the file, old ones as they are, and which session could be there by now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from shared import clock
from shared.errors import SettingInvalid
from shared.krx_calendar import expected_session, shipped_calendar
from shared.market.ingest import Sources, read_sources
from shared.market.ingest.expected import is_due
from shared.market.ingest.found import Found
from shared.market.ingest.sampling import another

OLD = """
benchmarks:
  KOSPI:
    providers: [local_cache, parquet, pykrx_index, yf_index, yf_etf]
    symbols:
      pykrx_index: "1001"
      yf_index: "^KS11"
      yf_etf: "069500.KS"
      local_keys: ["069500.KS", "069500", "KOSPI", "KOSPI_ETF"]
  S&P500:
    providers: [local_cache, parquet, yf_index, yf_etf]
    symbols:
      yf_index: "^GSPC"
      yf_etf: "SPY"
      local_keys: ["SPY", "^GSPC"]
env:
  nas: {allow_network: false}
  pc: {allow_network: true}
calendar: {symbol_priority: ["069500.KS"]}
defaults: {regime: {ticker_priority: ["^GSPC", "SPY", "069500.KS"]}}
universe: {symbols: ["069500.KS"]}
universe_builder: {static: ["069500"]}
postcheck_probes: ["069500.KS.pkl", "069500.pkl"]
"""


def sources(folder: Path, text: str) -> Sources:
    (folder / "config").mkdir(exist_ok=True)
    file = folder / "config" / "data_sources.yaml"
    file.write_text(text, encoding="utf-8")
    return read_sources(file)


def steps(found: Sources, instrument: str) -> list[tuple[str, str]]:
    return [(step.provider, step.symbol) for step in found.steps(instrument)]


def test_a_file_of_the_earlier_systems_is_read_as_it_is(tmp_path: Path) -> None:
    found = sources(tmp_path, OLD)
    assert steps(found, "KOSPI") == [
        ("local_cache", "KOSPI"),
        ("pykrx_index", "1001"),
        ("yf_index", "^KS11"),
        ("yf_etf", "069500.KS"),
    ]
    assert steps(found, "S&P500")[1:] == [("yf_index", "^GSPC"), ("yf_etf", "SPY")]
    assert found.ignored == ["env", "calendar", "defaults", "universe", "universe_builder", "postcheck_probes"]


def test_the_shipped_file_knows_every_benchmark_the_earlier_systems_had_and_every_code() -> None:
    found = read_sources()
    assert [found.named(name) for name in ("KOSPI", "KOSDAQ", "S&P500", "SP500", "GSPC")] == ["KOSPI", "KOSDAQ", *["S&P500"] * 3]
    assert steps(found, "KOSPI")[:2] == [("local_cache", "KOSPI"), ("krx_openapi", "KOSPI")]
    assert ("yf_etf", "0000Y0.KS") in steps(found, "0000Y0")
    assert steps(found, "069500").index(("naver", "069500")) < steps(found, "069500").index(("krx_openapi", "069500"))
    assert (found.knows("069500"), found.knows("KOSPI"), found.knows("horses")) == (True, True, False)


def test_an_etf_in_the_place_of_an_index_is_known_as_such(tmp_path: Path) -> None:
    found = sources(tmp_path, OLD + "folders: [files]\n")
    (tmp_path / "files").mkdir()
    for name, is_another in (("KOSPI_ETF", True), ("KOSPI", False), ("069500.KS", True)):
        (tmp_path / "files" / f"{name}.parquet").touch()
        stands_in = {(step.provider, step.symbol): step.stands_in for step in found.steps("KOSPI")}
        assert stands_in["parquet", name] is is_another
    assert stands_in["yf_etf", "069500.KS"]
    assert not stands_in["pykrx_index", "1001"]


def test_an_etf_that_is_itself_the_benchmark_stands_in_for_nobody(tmp_path: Path) -> None:
    found = sources(tmp_path, "benchmarks: {SPY: {providers: [yf_etf]}, QQQ: {providers: [yf_etf], symbols: {yf_etf: QQQ}}}")
    asked = [step for name in ("SPY", "QQQ", "069500") for step in found.steps(name) if step.provider == "yf_etf"]
    assert [step.stands_in for step in asked] == [False] * 4


def test_files_are_asked_only_where_there_are_some_in_the_order_of_their_folders(tmp_path: Path) -> None:
    text = 'folders: [one, two]\ncodes: {providers: [csv_folder, naver], symbols: {local_keys: ["{code}", "{code}.KS"]}}\n'
    found = sources(tmp_path, text)
    assert steps(found, "069500") == [("naver", "069500")]
    for name in ("two/069500.csv", "one/069500.KS.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    paths = [step.path for step in found.steps("069500") if step.path]
    assert paths == [tmp_path / "one" / "069500.KS.csv"], "two files of one code would be one series of two minds"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("benchmarks: {KOSPI: {providers: [pykrx_indes]}}", "KOSPI names 'pykrx_indes', which is no provider; did you mean"),
        ("codes: {providers: [synthetic]}", "codes names 'synthetic', which is no provider"),
        ("codes: {providers: [naver], symbols: {nave: x}}", "symbols of codes name 'nave'"),
        ("providers: {nave: {seconds: 3}}", "providers name 'nave'"),
        ("providers: {naver: {seconds: 0}}", "providers.naver.seconds"),
        ("benchmarks: {KOSPI: {provider: [naver]}}", "benchmarks.KOSPI"),
        ("benchmark: {}", "benchmark: "),
        ("- naver", "found list"),
        ("benchmarks: {KOSPI: {providers: naver}}", "benchmarks.KOSPI.providers"),
    ],
)
def test_what_is_misspelt_or_wrong_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingInvalid, match="reading where prices come from") as caught:
        sources(tmp_path, text)
    assert why in str(caught.value)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="there is no such file"):
        read_sources(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    ("moment", "asked", "expected"),
    [
        ("2025-03-14 15:59", None, "2025-03-13"),  # half an hour after the close, and not before
        ("2025-03-14 16:00", None, "2025-03-14"),
        ("2025-03-15 12:00", None, "2025-03-14"),  # Saturday
        ("2025-03-17 09:00", None, "2025-03-14"),
        ("2024-11-14 16:30", None, "2024-11-13"),  # the exchange closed an hour later on that day
        ("2024-11-14 17:00", None, "2024-11-14"),
        ("2025-03-17 18:00", "2025-03-16", "2025-03-14"),
        ("2025-03-17 18:00", "2025-03-12", "2025-03-12"),
        ("2025-03-17 18:00", "2025-04-01", "2025-03-17"),  # a day to come
    ],
)
def test_the_session_that_could_be_there_is_the_last_one_that_is_over(moment: str, asked: str | None, expected: str) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=clock.KST)
    wanted = date.fromisoformat(asked) if asked else None
    assert str(expected_session(shipped_calendar(), now, wanted)) == expected


def test_what_trades_elsewhere_may_be_a_long_weekend_behind() -> None:
    day = date(2025, 3, 14)
    assert is_due(day - timedelta(days=1), day, is_korean=True)
    assert not is_due(day - timedelta(days=5), day, is_korean=False)
    assert is_due(day - timedelta(days=6), day, is_korean=False)


def test_two_roads_to_one_source_are_no_two_sources() -> None:
    """Naver held against pykrx, which asks Naver, would agree for ever."""
    steps = tuple(read_sources().steps("069500"))
    naver = next(step for step in steps if step.provider == "naver")
    other = another(Found("069500", True, steps, "current", naver))
    assert other is not None
    assert other.provider == "yf_etf"
