"""The bench of the engine measures what it says, on tiny numbers and without the peers; speed is no test's business."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from pc.bench.engine_cases import panel_of, request_for, seconds_of_run
from pc.bench.engine_rows import rows
from pc.bench.measure import Scale
from pc.bench.peers import ENGINES
from pc.bench.table import measured
from shared.config import HOME
from shared.market import write_prices
from shared.strategies import decided, strategy_of

ROWS = dict(rows())


def test_the_growth_of_the_cost_is_measured_at_four_sizes(tmp_path: Path) -> None:
    found, code = measured(ROWS["cost growth"], Scale(engine_runs=1, panel=(300, 20)), tmp_path)
    assert code in (0, 1), found
    assert [goal["what"].split(",")[0] for goal in found["goals"]] == [
        "40 symbols of 20 symbols",
        "80 symbols of 40 symbols",
        "160 symbols of 80 symbols",
    ]
    assert len(found["figures"]) == 4


def test_the_momentum_that_is_measured_picks_the_best_of_each_month_anew() -> None:
    """Else the peers would be asked for another, longer or shorter, piece of work."""
    prices, request = panel_of(600, 40), request_for(40)
    ours = decided(strategy_of(request.strategy, request.params, None), prices)
    plain = {"mode": "rank", "wl": 252, "top": 20, "rebalance": "MONTHLY"}
    theirs = decided(strategy_of("score_rank_v1", plain, None), prices)
    assert np.array_equal(ours.rows, theirs.rows)
    # A halted one is not bought that day by either; who is held then may differ by one.
    assert ((ours.weights > 0) == (theirs.weights > 0)).mean() > 0.99
    assert seconds_of_run(request, prices) > 0


def test_what_is_measured_pays_tax_meets_halts_and_trades_whole_shares() -> None:
    from pc.engine import accepted, simulate
    from pc.own_defaults import terms_of

    prices, request = panel_of(600, 40), request_for(40)
    strategy = strategy_of(request.strategy, request.params, None)
    terms = terms_of(request, strategy)
    fills = simulate(prices, accepted(decided(strategy, prices), prices.close.shape, 0), terms).fills
    assert fills["tax"].sum() > 0
    assert (fills["shares"] == np.floor(fills["shares"])).all()
    assert not prices.tradable.all()
    assert prices.tradable[fills["row"], fills["symbol"]].all()


def test_our_memory_is_that_of_a_process_of_its_own(tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", panel_of(300, 1))
    command = [sys.executable, "-m", "pc.bench.engine_cases", str(tmp_path / "panel"), "1"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=60, check=True)
    assert 20 < float(done.stdout) < 2_000


def test_the_peers_program_imports_nothing_of_ours() -> None:
    code = "import runpy, sys, json; runpy.run_path(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-P", "-c", code, str(ENGINES)]
    told = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(told.stdout)}
    assert not loaded & {"pc", "shared", "inbox", "outbox", "numpy"}
    assert set(importlib.import_module("pc.bench.peer_engines").WAYS) == {"vectorbt", "bt", "backtesting"}
