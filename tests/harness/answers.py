"""Sealed answers made by hand: real ones to publish, without a run, so that they exist on every Python.

It exists so that a test of what comes after an answer says only what is special about it.
"""

from __future__ import annotations

import json
from typing import Any, Dict

from outbox import Draft
from tests.harness.road import Road

FINISHED = "2026-11-20T18:12:03.120+09:00"
GROWTH = (0.99, 1.02, 1.08, 1.05, 1.1, 1.2, 1.14)
DAYS = ("2026-11-12", "2026-11-13", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20")
METRICS: Dict[str, Any] = {
    "strategy": "krx_ma200",
    "period": {"start": DAYS[0], "end": DAYS[-1], "n_days": 1244},
    "Final_Return": 0.14,
    "CAGR_like": 0.124,
    "MDD": -0.182,
    "volatility": 0.142,
    "Sharpe": 0.91,
    "win_rate": 0.4,
    "closed_trades": 206,
    "trades": 1412,
    "turnover": 4.2,
    "costs": {"commission": 26000.0, "slippage": 42000.0, "total": 68000.0},
    "capital": 10_000_000.0,
    "final_equity": 11_400_000.0,
    "reasons": {},
    "benchmarks": {"KOSPI": 0.42},
}
GOOD: Dict[str, Any] = {
    "schema": "relay.manifest/1",
    "status": "SUCCEEDED",
    "request_sha256": "d",
    "worker": "PC-1",
    "strategy": "krx_ma200",
    "degraded": [],
    "params": {"window": 200},
    "period": {"asked": {"start": "2020-01-01", "end": None}, "used": METRICS["period"]},
    "terms": {"capital": 10_000_000, "commission_bps": 3.0, "slippage_bps": 5.0, "lot": 1, "execution": "next_open"},
    "universe": {"name": None, "from": "request", "symbols": ["069500"]},
    "benchmarks": {"used": ["KOSPI"], "skipped": {}},
    "data": {
        "synthetic": False,
        "provider": "by hand",
        "fingerprint": "f",
        "symbols": {"069500": {"first": "2016-01-04", "last": "2026-11-20", "rows": 2485}},
    },
    "metrics": METRICS,
    "attempts": [{"attempt": 1, "worker": "PC-1~00000000", "host": "pc", "ended": "answered"}],
    "timings": {"submitted": FINISHED, "finished": FINISHED, "wait_ms": 6_000, "run_ms": 41_200},
}
BAD: Dict[str, Any] = {
    **{name: GOOD[name] for name in ("schema", "request_sha256", "worker", "strategy", "attempts", "timings")},
    "status": "FAILED",
    "error": {
        "code": "E-STRATEGY-FAILED",
        "what": "running strategy 'krx_ma200'",
        "why": "KeyError: '069500'",
        "fix": "decide() in krx_ma200.py, line 40",
    },
}


def files_of_good() -> Dict[str, bytes]:
    """The files of a run that drew its picture."""
    return {
        "equity_curve.csv": _table(GROWTH),
        "daily_returns.csv": _table([now / then - 1 for now, then in zip(GROWTH, (1.0, *GROWTH))]),
        "trades.csv": b"\xef\xbb\xbfdate,symbol,name,side,shares,price,amount,commission,slippage\n",
        "metrics.json": json.dumps(METRICS, indent=2).encode(),
        "equity_curve.png": b"\x89PNG of a test",
        "report.txt": "백테스트 보고서: krx_ma200\n".encode(),
        "run.log": b"first\nsecond\nthird\nfourth\n",
    }


def seal(road: Road, request_id: str, finished: str = FINISHED, without: str = "", **changes: Any) -> str:
    """A good answer, sealed as a worker does it; of its manifest what is named is changed, one file may be left out. `asked`
    changes its request, `submitted` when that came, `files` what lies there."""
    contents = {**files_of_good(), **changes.pop("files", {})}
    files = {name: data for name, data in contents.items() if name != without}
    submitted = changes.pop("submitted", FINISHED)
    facts = {**GOOD, **changes, "timings": {**GOOD["timings"], "submitted": submitted, "finished": finished}}
    return _sealed(road, request_id, facts, files)


def seal_bad(road: Road, request_id: str, status: str = "FAILED", finished: str = FINISHED, **changes: Any) -> str:
    """One without results."""
    facts = {**BAD, "status": status, **changes, "timings": {**BAD["timings"], "finished": finished}}
    return _sealed(road, request_id, facts, {"report.txt": b"bad news\n", "run.log": files_of_good()["run.log"]})


def on_day(day: int, second: int = 3) -> str:
    """A moment of November 2026, at which an answer was finished."""
    return f"2026-11-{day:02d}T18:12:{second:02d}.120+09:00"


def _sealed(road: Road, request_id: str, facts: Dict[str, Any], files: Dict[str, bytes]) -> str:
    draft = Draft(road.outbox, request_id, 1)
    for name, data in files.items():
        draft.write(name, data)
    asked = facts.pop("asked", {})
    draft.write("request.json", json.dumps({"strategy": "krx_ma200", "requested_by": "nas/eod", **asked}).encode())
    assert draft.seal(facts, lambda: True)
    return request_id


def _table(column: Any) -> bytes:
    rows = [f"{day},{value!r},{value!r}" for day, value in zip(DAYS, column)]
    return "\n".join(["date,STRAT,KOSPI", *rows, ""]).encode("utf-8-sig")
