"""Run by the peers' Python, not by ours: one of their engines runs a case as often as it is told, and says how long it took.

It exists so that each peer is measured in a process of its own, in the same rounds as ours; it imports nothing of ours.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

FEE, BEST, YEAR, WINDOW = 0.0025, 20, 252, 200
CAPITAL = 1_000_000_000.0


def main(folder: str, peer: str, case: str) -> None:
    """Say "ready", then for each line the seconds of one run; at the end the MB this process took at most."""
    warnings.simplefilter("ignore")
    pandas: Any = importlib.import_module("pandas")
    numpy: Any = importlib.import_module("numpy")
    engine = importlib.import_module(peer)
    days = pandas.DatetimeIndex(numpy.load(f"{folder}/dates.npy"))
    close = numpy.load(f"{folder}/close.npy")
    frame = pandas.DataFrame(close, days, [f"S{place:04}" for place in range(close.shape[1])])
    run = WAYS[peer][case](engine, frame)
    print(json.dumps("ready"), flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        assert len(run()) >= len(frame)
        print(json.dumps(time.perf_counter() - began), flush=True)
    print(json.dumps(most_mb()), flush=True)


def most_mb() -> float:
    """Of memory this process had at any time, mapped files included; NaN on systems that do not say.

    Not getrusage: it begins with what the process that started this one had."""
    try:
        with open("/proc/self/status", encoding="ascii") as told:
            return float(next(line for line in told if line.startswith("VmHWM")).split()[1]) / 1024
    except OSError:
        return float("nan")


def _average_of_vectorbt(engine: Any, frame: Any) -> Callable[[], Any]:
    def run() -> Any:
        mean = frame.rolling(WINDOW).mean()
        above = frame > mean
        before = above.shift(1, fill_value=False)
        money = {"fees": 0.0008, "init_cash": CAPITAL, "direction": "longonly", "freq": "1D"}
        return engine.Portfolio.from_signals(frame, above & ~before, ~above & before, **money).value()

    return run


def _average_of_backtesting(engine: Any, frame: Any) -> Callable[[], Any]:
    close = frame.iloc[:, 0]
    bars = {"Open": close, "High": close, "Low": close, "Close": close, "Volume": 1.0}
    data = importlib.import_module("pandas").DataFrame(bars)

    class Above(engine.Strategy):  # type: ignore[misc]
        def init(self) -> None:
            self.mean = self.I(lambda x: data.Close.rolling(WINDOW).mean().to_numpy(), self.data.Close)

        def next(self) -> None:
            if self.data.Close[-1] > self.mean[-1]:
                if not self.position:
                    self.buy()
            elif self.position:
                self.position.close()

    importlib.import_module("backtesting.backtesting").__dict__["_tqdm"] = lambda rows, **_: rows
    return lambda: engine.Backtest(data, Above, cash=CAPITAL, commission=0.0008).run()["_equity_curve"]


def _momentum_of_vectorbt(engine: Any, frame: Any) -> Callable[[], Any]:
    """Ranked at month ends only, targets told as NaN on every other row."""
    numpy: Any = importlib.import_module("numpy")

    def run() -> Any:
        rows = _month_ends(frame)
        changes = frame.iloc[rows].to_numpy() / frame.iloc[rows - YEAR].to_numpy() - 1
        ranks = (-changes).argsort(axis=1).argsort(axis=1)
        size = numpy.full(frame.shape, numpy.nan)
        size[rows] = numpy.where(ranks < BEST, 0.99 / BEST, 0.0)
        kind = {"size_type": "targetpercent", "group_by": True, "cash_sharing": True, "call_seq": "auto", "freq": "1D"}
        return engine.Portfolio.from_orders(frame, size=size, fees=FEE, init_cash=CAPITAL, **kind).value()

    return run


def _momentum_of_bt(engine: Any, frame: Any) -> Callable[[], Any]:
    pandas: Any = importlib.import_module("pandas")

    def run() -> Any:
        a = engine.algos
        dates = frame.index[_month_ends(frame)]
        best = a.SelectMomentum(BEST, lookback=pandas.DateOffset(years=1), lag=pandas.DateOffset(days=0))
        algos = [a.RunOnDate(*dates), a.SelectAll(), best, a.WeighEqually(), a.Rebalance()]
        fee = {"commissions": lambda q, p: abs(q) * p * FEE, "integer_positions": True}
        test = engine.Backtest(engine.Strategy("x", algos), frame, initial_capital=CAPITAL, progress_bar=False, **fee)
        test.run()
        return test.strategy.values

    return run


def _month_ends(frame: Any) -> Any:
    numpy: Any = importlib.import_module("numpy")
    months = frame.index.to_numpy().astype("datetime64[M]")
    ends = numpy.flatnonzero(months[1:] != months[:-1])
    return ends[ends >= YEAR]


WAYS: dict[str, dict[str, Callable[[Any, Any], Callable[[], Any]]]] = {
    "vectorbt": {"average": _average_of_vectorbt, "momentum": _momentum_of_vectorbt},
    "backtesting": {"average": _average_of_backtesting},
    "bt": {"momentum": _momentum_of_bt},
}

if __name__ == "__main__":
    main(*sys.argv[1:])
