"""Our equity is that of vectorbt, bt and backtesting.py on every row, wherever they mean the same.

docs/agreement.md says where they do; tests/peers/make_curves.py asks the peers again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from pc.engine import Terms, accepted, reconcile, simulate, tempered
from shared.config import HOME
from shared.market import Prices
from shared.strategies import Targets, decided, strategy_of
from tests.peers import traded_panels as panels

PEERS = HOME / "tests" / "peers"
FILES = tuple(sorted(PEERS.glob("curves_*.json")))
AGREED = 1e-9
TERMS = Terms(panels.CAPITAL, commission_bps=panels.FEE * 10_000, lot=0, execution="same_close")


class Asked(NamedTuple):
    """A strategy of ours and the terms under which it means what the peer's case means."""

    strategy: str
    params: dict[str, Any]
    terms: Terms
    gross: float = 1.0


_BY_MONTH = {"rebalance": "MONTHLY"}
_BEST = {"mode": "rank", "wl": panels.LOOKBACK, "top": panels.TOP, **_BY_MONTH}
_SPREAD = {"window": panels.LOOKBACK, **_BY_MONTH}
EMBEDDED = replace(TERMS, fee_mode="embedded")
NEXT_OPEN = replace(EMBEDDED, execution="next_open", size_at="fill")
AIMED = replace(EMBEDDED, volatility_target=panels.VOLATILITY, volatility_days=panels.LOOKBACK)
AVERAGE = {
    "average": Asked("krx_ma200", {}, EMBEDDED),
    "average, whole shares": Asked("krx_ma200", {}, replace(EMBEDDED, lot=1)),
    "average, next open": Asked("krx_ma200", {}, NEXT_OPEN),
    "average, next open, whole shares": Asked("krx_ma200", {}, replace(NEXT_OPEN, lot=1)),
}
OURS = {
    "vectorbt": {
        **AVERAGE,
        "momentum": Asked("score_rank_v1", _BEST, TERMS, panels.GROSS),
        "momentum, next open": Asked("score_rank_v1", _BEST, replace(NEXT_OPEN, fee_mode="cash"), panels.GROSS),
        "equal weight": Asked("equal_weight", _BY_MONTH, TERMS, panels.GROSS),
    },
    "bt": {
        **AVERAGE,
        "momentum": Asked("score_rank_v1", _BEST, EMBEDDED, panels.GROSS),
        "equal weight": Asked("equal_weight", _BY_MONTH, EMBEDDED, panels.GROSS),
        "target volatility": Asked("target_volatility", {"target": panels.VOLATILITY, **_SPREAD}, EMBEDDED),
        "inverse and target volatility": Asked("inverse_volatility", _SPREAD, AIMED),
    },
    "backtesting": AVERAGE,
}


def stored() -> Iterator[Any]:
    """Each peer's every curve."""
    for file in FILES:
        told = json.loads(file.read_text(encoding="utf-8"))
        for curve in told["curves"]:
            yield pytest.param(told["peer"], curve, id=f"{told['peer']} {curve['case']} {curve['panel']}")


@pytest.mark.parametrize(("peer", "curve"), list(stored()))
def test_our_equity_is_the_peers_on_every_row(peer: str, curve: dict[str, Any]) -> None:
    assert difference(peer, curve) <= AGREED


def test_every_peer_is_named_with_its_version_and_the_script_that_asks_it_again() -> None:
    told = {one["peer"]: one for one in (json.loads(file.read_text(encoding="utf-8")) for file in FILES)}
    assert {peer: one["version"] for peer, one in told.items()} == {"vectorbt": "1.2.0", "bt": "1.4.1", "backtesting": "0.6.6"}
    assert all((HOME / one["made_by"]).is_file() for one in told.values())
    assert sum(file.stat().st_size for file in FILES) < 1_000_000


def test_a_fee_from_cash_is_no_embedded_fee() -> None:
    """They differ by more than agreement allows: the choice is what makes the curves the same."""
    curve = next(one.values[1] for one in stored() if one.values[0] == "bt" and one.values[1]["case"] == "momentum")
    assert difference("vectorbt", curve) > 1e-6


def difference(peer: str, curve: dict[str, Any]) -> float:
    """The largest of the whole curve, as a share of the peer's."""
    asked, prices = OURS[peer][curve["case"]], prices_of(curve)
    window = {"window": 200 if curve["every"] > 1 else panels.WINDOW} if asked.strategy == "krx_ma200" else {}
    wanted = decided(strategy_of(asked.strategy, asked.params | window, None), prices)
    if peer == "backtesting":  # its first decision is one bar after the average is known
        wanted = Targets(wanted.rows[1:], wanted.weights[1:])
    wanted = replace(wanted, weights=wanted.weights * asked.gross)
    targets = tempered(accepted(wanted, prices.close.shape, 0, asked.terms.lag), prices, asked.terms)
    got = simulate(prices, targets, asked.terms)
    assert len(got.fills) > 3
    assert reconcile(prices, got, asked.terms)["reconciled"]
    ours, theirs = got.equity[:: curve["every"]], np.array(curve["equity"])
    assert ours.shape == theirs.shape
    return float(np.abs(ours / theirs - 1).max())


def prices_of(curve: dict[str, Any]) -> Prices:
    """The seeded panel, or the one the peer ships, where it is installed."""
    if curve["every"] > 1:
        return _shipped(curve)
    bars = panels.bars_of(curve["panel"])
    return _prices(panels.days(), panels.symbols_of(curve["panel"]), bars["open"], bars["close"])


def _shipped(curve: dict[str, Any]) -> Prices:
    place = f"lib/python*/site-packages/backtesting/test/{curve['panel']}.csv"
    file = next((HOME / ".venv-peers").glob(place), Path())
    if not file.is_file():
        pytest.skip("the prices that backtesting.py ships are not here: `python -m pc bench engine` installs the peers")
    columns = np.loadtxt(file, delimiter=",", skiprows=1, usecols=(1, 4))
    same = hashlib.sha256(np.ascontiguousarray(columns, dtype="<f8").tobytes()).hexdigest() == curve["prices_sha256"]
    if not same:
        pytest.skip("the prices that backtesting.py ships are others than those the curve was made with")
    days = np.datetime64("2000-01-01") + np.arange(len(columns))  # its hours are days here
    return _prices(days, ("S00",), columns[:, :1], columns[:, 1:])


def _prices(days: Any, symbols: tuple[str, ...], opened: Any, close: Any) -> Prices:
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    return Prices(days, symbols, opened, high, low, close, np.ones_like(close), synthetic=False, provider="test")
