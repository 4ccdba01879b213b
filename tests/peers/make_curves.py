"""Equity curves of vectorbt, bt and backtesting.py on the seeded panels, and on the prices that backtesting.py ships.

    .venv-peers/bin/python tests/peers/make_curves.py        (`python -m pc bench engine` makes .venv-peers)

It exists so that our engine is compared with theirs without their packages in our environment; it imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

pandas: Any = importlib.import_module("pandas")
panels: Any = importlib.import_module("traded_panels")
vectorbt: Any = importlib.import_module("vectorbt")
bt: Any = importlib.import_module("bt")
backtesting: Any = importlib.import_module("backtesting")
shipped: Any = importlib.import_module("backtesting.test")

ONE, MANY = ("one calm", "one wild", "one that falls"), ("twelve", "twelve others")
REAL = {"GOOG": 200, "EURUSD": 200}  # name: window of the average
EVERY = 20  # rows of a curve on shipped prices that are kept: the prices are not ours to pass on
Curve = Callable[[str], Any]


def main() -> None:
    """One file per peer, beside this one."""
    warnings.simplefilter("ignore")
    for peer, cases in CASES.items():
        found = [_kept(case, panel, curve(panel)) for case, (curve, names) in cases.items() for panel in names]
        head = {"made_by": f"tests/peers/{Path(__file__).name}", "peer": peer, "version": version(peer)}
        head |= {"numpy": version("numpy"), "pandas": version("pandas")}
        text = json.dumps({**head, "curves": found}, indent=0).replace(",\n", ", ").replace("[\n", "[").replace("\n]", "]")
        Path(__file__).with_name(f"curves_{peer.replace('.', '')}.json").write_text(text + "\n", encoding="utf-8")
        print(peer, len(found), "curves")


def _kept(case: str, panel: str, equity: Any) -> dict[str, Any]:
    values = np.asarray(equity, dtype=np.float64).ravel()
    about: dict[str, Any] = {"case": case, "panel": panel}
    if panel in REAL:
        frame = getattr(shipped, panel)
        told = np.ascontiguousarray(frame[["Open", "Close"]].to_numpy(dtype="<f8")).tobytes()
        return {**about, "prices_sha256": hashlib.sha256(told).hexdigest(), "every": EVERY, "equity": values[::EVERY].tolist()}
    return {**about, "seed": panels.PANELS[panel][0], "every": 1, "equity": values.tolist()}


def _frame(panel: str, field: str = "close") -> Any:
    """On plain weekdays: so 84 days are always 60 rows, and which row ends a month is told beside it."""
    if panel in REAL:
        return getattr(shipped, panel)[[field.capitalize()]].rename(columns={field.capitalize(): "S00"})
    weekdays = pandas.bdate_range("2000-01-03", periods=panels.ROWS)
    return pandas.DataFrame(panels.bars_of(panel)[field], weekdays, list(panels.symbols_of(panel)))


def _above(panel: str) -> Any:
    """Whether the close is above its average; false while that is not known."""
    close = _frame(panel)
    return close > close.rolling(REAL.get(panel, panels.WINDOW)).mean()


def _changes(above: Any) -> tuple[Any, Any]:
    before = above.shift(1, fill_value=False)
    return above & ~before, ~above & before


# vectorbt


def _signals(panel: str, later: int = 0, **more: Any) -> Any:
    come, go = _changes(_above(panel).shift(later, fill_value=False))
    money = {"fees": panels.FEE, "init_cash": panels.CAPITAL, "direction": "longonly", "freq": "1D"}
    return vectorbt.Portfolio.from_signals(_frame(panel), come, go, **money, **more).value()


def _signals_whole(panel: str) -> Any:
    return _signals(panel, size_granularity=1.0)


def _signals_next_open(panel: str) -> Any:
    """Filled one row after the close that was decided at, at that row's open."""
    return _signals(panel, 1, price=_frame(panel, "open"))


def _percent(panel: str, weights: Any, **more: Any) -> Any:
    """Cash fees: weights × value is bought, and the fee comes out of the cash beside it."""
    kind = {"size_type": "targetpercent", "group_by": True, "cash_sharing": True, "call_seq": "auto", "freq": "1D"}
    money = {"fees": panels.FEE, "init_cash": panels.CAPITAL}
    return vectorbt.Portfolio.from_orders(_frame(panel), size=weights, **money, **kind, **more).value()


def _at_month_ends(weights: Any, first: int) -> Any:
    """NaN on all other rows: nothing is ordered there."""
    kept = weights.copy() * panels.GROSS
    kept[~np.isin(np.arange(len(kept)), _month_ends(first))] = np.nan
    return kept


def _month_ends(first: int) -> list[int]:
    return [row for row in panels.month_end_rows().tolist() if row >= first]


def _best(panel: str) -> Any:
    close = _frame(panel)
    ranks = close.pct_change(panels.LOOKBACK).rank(axis=1, ascending=False)
    return (ranks <= panels.TOP) / panels.TOP


def _momentum(panel: str) -> Any:
    return _percent(panel, _at_month_ends(_best(panel), panels.LOOKBACK))


def _momentum_next_open(panel: str) -> Any:
    """Counted out at the open it is filled at: vectorbt values a group at its orders' prices."""
    weights = _at_month_ends(_best(panel), panels.LOOKBACK).shift(1)
    return _percent(panel, weights, price=_frame(panel, "open"))


def _equal(panel: str) -> Any:
    close = _frame(panel)
    return _percent(panel, _at_month_ends(close * 0 + 1 / close.shape[1], 0))


# bt


def _of_bt(panel: str, algos: list[Any], whole: bool = False) -> Any:
    strategy = bt.Strategy("x", algos)
    test = bt.Backtest(
        strategy,
        _frame(panel),
        initial_capital=panels.CAPITAL,
        commissions=lambda q, p: abs(q) * p * panels.FEE,
        integer_positions=whole,
        progress_bar=False,
    )
    test.run()
    return test.strategy.values.to_numpy()[1:]  # bt puts a row of its own in front


def _bt_signals(panel: str, whole: bool = False) -> Any:
    above = _above(panel).astype(float)
    return _of_bt(
        panel, [bt.algos.WeighTarget(above[(above != above.shift(1, fill_value=0.0)).any(axis=1)]), bt.algos.Rebalance()], whole
    )


def _bt_signals_whole(panel: str) -> Any:
    return _bt_signals(panel, whole=True)


def _on_month_ends(panel: str, first: int = panels.LOOKBACK) -> Any:
    return bt.algos.RunOnDate(*_frame(panel).index[_month_ends(first)])


def _bt_momentum(panel: str) -> Any:
    a = bt.algos
    back = pandas.DateOffset(days=84)
    picked = [_on_month_ends(panel), a.SelectAll(), a.SelectMomentum(panels.TOP, lookback=back, lag=pandas.DateOffset(days=0))]
    return _of_bt(panel, [*picked, a.WeighEqually(), a.ScaleWeights(panels.GROSS), a.Rebalance()])


def _bt_equal(panel: str) -> Any:
    a = bt.algos
    return _of_bt(panel, [_on_month_ends(panel, 0), a.SelectAll(), a.WeighEqually(), a.ScaleWeights(panels.GROSS), a.Rebalance()])


def _bt_target_volatility(panel: str) -> Any:
    return _of_bt(panel, [_on_month_ends(panel), bt.algos.SelectAll(), bt.algos.WeighEqually(), *_bt_aim()])


def _bt_inverse_and_target_volatility(panel: str) -> Any:
    """WeighInvVol leaves a Series, over which TargetVol goes as over a dict: KeyError. Made one here."""
    back, none = pandas.DateOffset(days=84), pandas.DateOffset(days=0)
    weigh = bt.algos.WeighInvVol(lookback=back, lag=none)
    return _of_bt(panel, [_on_month_ends(panel), bt.algos.SelectAll(), weigh, _as_dict, *_bt_aim()])


def _as_dict(target: Any) -> bool:
    target.temp["weights"] = dict(target.temp["weights"].items())
    return True


def _bt_aim() -> list[Any]:
    back, none = pandas.DateOffset(days=84), pandas.DateOffset(days=0)
    return [
        bt.algos.TargetVol(panels.VOLATILITY, lookback=back, lag=none, annualization_factor=252),
        _at_most_all,
        bt.algos.Rebalance(),
    ]


def _at_most_all(target: Any) -> bool:
    """TargetVol borrows where prices are calm; no case here may, or the two would mean different things."""
    assert sum(target.temp["weights"].values()) < 1, "this panel is too calm for the case"
    return True


# backtesting.py


def _of_backtesting(panel: str) -> Any:
    """Next open, whole units. Its first decision is one bar after the average is known; its last bar stays open."""
    window = REAL.get(panel, panels.WINDOW)
    if panel in REAL:
        data = getattr(shipped, panel)
    else:
        close, opened = _frame(panel)["S00"], _frame(panel, "open")["S00"]
        high, low = np.maximum(close, opened), np.minimum(close, opened)
        data = pandas.DataFrame({"Open": opened, "High": high, "Low": low, "Close": close, "Volume": 1.0})

    class Above(backtesting.Strategy):  # type: ignore[misc]
        def init(self) -> None:
            self.mean = self.I(lambda x: pandas.Series(x).rolling(window).mean(), self.data.Close)

        def next(self) -> None:
            if self.data.Close[-1] > self.mean[-1] and not self.position:
                self.buy()
            elif self.data.Close[-1] <= self.mean[-1] and self.position:
                self.position.close()

    capital = panels.CAPITAL
    test = backtesting.Backtest(data, Above, cash=capital, commission=panels.FEE, finalize_trades=False)
    return test.run()["_equity_curve"]["Equity"].to_numpy()


CASES: dict[str, dict[str, tuple[Curve, tuple[str, ...]]]] = {
    "vectorbt": {
        "average": (_signals, (*ONE, *REAL)),
        "average, whole shares": (_signals_whole, ONE),
        "average, next open": (_signals_next_open, (*ONE, *REAL)),
        "momentum": (_momentum, MANY),
        "momentum, next open": (_momentum_next_open, MANY),
        "equal weight": (_equal, ("five",)),
    },
    "bt": {
        "average": (_bt_signals, (*ONE, *REAL)),
        "average, whole shares": (_bt_signals_whole, ONE),
        "momentum": (_bt_momentum, MANY),
        "equal weight": (_bt_equal, ("five",)),
        "target volatility": (_bt_target_volatility, ("five", "twelve")),
        "inverse and target volatility": (_bt_inverse_and_target_volatility, ("five", "twelve")),
    },
    "backtesting": {"average, next open, whole shares": (_of_backtesting, (*ONE, *REAL))},
}


if __name__ == "__main__":
    main()
