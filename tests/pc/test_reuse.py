"""What was asked before is told again, in the earlier answer's words, and only where nothing it rests on has changed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

import pytest

from outbox import archive
from pc import sources
from shared.config import HOME
from tests.harness.road import Road

STRATEGY = """
from pydantic import BaseModel
from shared.strategies import Targets

SYMBOLS = ("KOSPI",)

class Params(BaseModel):
    part: float = 0.5

def decide(prices, params):
    import numpy as np
    return Targets(np.array([0]), np.full((1, len(prices.symbols)), params.part / len(prices.symbols)))
"""
SAME = ("equity_curve.csv", "daily_returns.csv", "trades.csv", "metrics.json")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(STRATEGY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def ours(new_road: Callable[..., Road], own: Path) -> Road:
    return new_road(strategies_path=own, language="en")


def asked(road: Road, name: str, **content: Any) -> dict[str, Any]:
    road.submit(**{"request_id": name, "strategy": "mine", **content})
    road.drain()
    return road.manifest(name)


def origin(manifest: dict[str, Any]) -> str | None:
    return manifest["reused_from"] and manifest["reused_from"]["request_id"]


def test_the_same_again_has_the_same_files_and_says_whose_they_are(ours: Road) -> None:
    first, again = asked(ours, "first", charts=True), asked(ours, "again", charts=True, priority=9, labels={"desk": "etf"})
    assert (origin(first), origin(again)) == (None, "first")
    assert again["key"] == first["key"]
    for name in (*SAME, "equity_curve.png"):
        assert (ours.outbox.done / "again" / name).read_bytes() == (ours.outbox.done / "first" / name).read_bytes()
    report = (ours.outbox.done / "again" / "report.txt").read_text(encoding="utf-8").splitlines()
    assert report[0].startswith("※ Made from SYNTHETIC")
    assert report[2] == "※ Not computed again: the numbers are those of first, asked the same with the same prices and code"
    assert {name: again[name] for name in ("metrics", "checks", "degraded", "terms")} == {
        name: first[name] for name in ("metrics", "checks", "degraded", "terms")
    }


def test_a_third_is_told_the_origin_and_not_who_told_it_again(ours: Road) -> None:
    for name in ("first", "second", "third"):
        asked(ours, name)
    assert origin(ours.manifest("third")) == "first"
    report = (ours.outbox.done / "third" / "report.txt").read_text(encoding="utf-8")
    assert report.count("Not computed again") == 1


def test_a_fresh_one_is_computed_and_is_from_then_on_the_one_that_is_told(ours: Road) -> None:
    asked(ours, "first")
    assert origin(asked(ours, "anew", fresh=True)) is None
    assert origin(asked(ours, "later")) == "anew"


@pytest.mark.parametrize(
    "other",
    [
        {"params": {"part": 0.25}},
        {"start": "2024-01-03"},
        {"end": "2024-06-28"},
        {"capital": 50_000_000},
        {"costs": {"commission_bps": 4}},
        {"costs": {"sales_tax": False}},
        {"rules": {"stop_loss": 0.2}},
        {"execution": "next_close"},
        {"symbols": ["990010"]},
        {"benchmarks": []},
        {"charts": True},
        {"strategy": "krx_ma200"},
    ],
    ids=str,
)
def test_whatever_is_asked_otherwise_is_computed(ours: Road, other: dict[str, Any]) -> None:
    asked(ours, "first")
    assert origin(asked(ours, "other", **other)) is None


def test_benchmarks_a_strategy_brings_are_not_those_of_who_names_others(ours: Road, own: Path) -> None:
    (own / "mine.py").write_text(STRATEGY + 'BENCHMARKS = ("990010",)\n', encoding="utf-8")
    first, other = asked(ours, "first"), asked(ours, "other", benchmarks=["KOSPI"])
    assert origin(other) is None
    assert [one["benchmarks"]["used"] for one in (first, other)] == [["990010"], ["KOSPI"]]


def test_a_strategy_that_was_edited_is_run(ours: Road, own: Path) -> None:
    asked(ours, "first")
    (own / "mine.py").write_text(STRATEGY + "\n# a thought\n", encoding="utf-8")
    assert origin(asked(ours, "edited")) is None
    (own / "mine.py").write_text(STRATEGY, encoding="utf-8")
    assert origin(asked(ours, "back")) == "first"


def test_a_strategy_beside_which_a_module_was_edited_is_run(ours: Road, own: Path) -> None:
    """It may import that one, however it does so."""
    asked(ours, "first")
    (own / "numbers_of_mine.py").write_text("PART = 0.4\n", encoding="utf-8")
    assert origin(asked(ours, "second")) is None
    assert origin(asked(ours, "third")) == "second"
    (own / "numbers_of_mine.py").write_text("PART = 0.3\n", encoding="utf-8")
    assert origin(asked(ours, "fourth")) is None


def test_an_answer_that_was_damaged_or_archived_is_no_source(ours: Road, tmp_path: Path) -> None:
    asked(ours, "first")
    (ours.outbox.done / "first" / "metrics.json").write_text("{}", encoding="utf-8")
    assert origin(asked(ours, "second")) is None
    archive(ours.outbox, "second", tmp_path / "archive", has_claims=False)
    assert not [path for path in ours.outbox.known.rglob("*") if path.is_file()]
    assert origin(asked(ours, "third")) is None


NOWHERE = [b"", b"{", b"[]", b'{"request_id": "../first"}', b'{"request_id": 3}', b'{"request_id": "nobody"}']


@pytest.mark.parametrize("content", NOWHERE)
def test_a_note_that_leads_nowhere_costs_a_run_and_nothing_else(ours: Road, content: bytes) -> None:
    key = asked(ours, "first")["key"]
    (ours.outbox.known / key[:2] / key).write_bytes(content)
    assert origin(asked(ours, "second")) is None
    assert origin(asked(ours, "third")) == "second"


def test_a_note_for_an_answer_of_another_key_is_not_believed(ours: Road) -> None:
    key = asked(ours, "first")["key"]
    other = asked(ours, "other", capital=1_000_000)["key"]
    (ours.outbox.known / key[:2] / key).write_bytes((ours.outbox.known / other[:2] / other).read_bytes())
    assert origin(asked(ours, "again")) is None


def test_a_failure_is_never_told_again(ours: Road, own: Path) -> None:
    (own / "mine.py").write_text(
        STRATEGY.replace("    import numpy", "    raise ValueError('no')\n    import numpy"), encoding="utf-8"
    )
    assert asked(ours, "first")["status"] == asked(ours, "again")["status"] == "FAILED"
    assert not ours.outbox.known.exists()


def test_to_tell_it_again_takes_milliseconds(ours: Road) -> None:
    asked(ours, "first", universe="SYNTHETIC_ETF")
    began = time.perf_counter()
    run = asked(ours, "again", universe="SYNTHETIC_ETF")
    assert origin(run) == "first"
    assert time.perf_counter() - began < 2  # a bound no machine misses; the figure is the bench's
    assert "decide" not in run["timings"]["phases"]


SETTLED = """
import sys, pc.run
pc.run.warm()
from shared.market.rules import price_limit_percent, sales_tax_bps
from pc.sources import engine_sha256
print(*[one.cache_info().currsize for one in (engine_sha256, sales_tax_bps, price_limit_percent)])
print("shared.market.picking" in sys.modules, "shared.market.indicators" in sys.modules)
"""


def test_a_warm_process_has_settled_what_it_computes_with_before_any_file_is_replaced() -> None:
    said = subprocess.run([sys.executable, "-c", SETTLED], cwd=HOME, capture_output=True, text=True, check=True).stdout
    assert said == "1 1 1\nTrue True\n"


def test_the_hash_of_a_strategy_covers_what_it_imports_of_ours(tmp_path: Path) -> None:
    rooms = {str(file.relative_to(HOME).as_posix()) for file in sources._of_the_engine()}
    assert {"pc/run.py", "pc/engine/book.py", "shared/market/prices.py", "configs/krx_market_rules.yaml"} <= rooms
    file = tmp_path / "mine.py"
    file.write_text("from shared.figures import won\n", encoding="utf-8")
    hashes = {sources.imports_sha256.__wrapped__(file, "own")}
    file.write_text("from shared import figures, clock\n", encoding="utf-8")
    hashes.add(sources.imports_sha256.__wrapped__(file, "own"))
    file.write_text("import shared.text\n", encoding="utf-8")
    hashes.add(sources.imports_sha256.__wrapped__(file, "own"))
    assert len(hashes) == 3
