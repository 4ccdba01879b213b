"""Everything a request file may wrongly be: by table, and by chance.

It exists so that the reader and the whole drain are tried with the same files.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List

from hypothesis import strategies as st

BROKEN: Dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n\t ",
    "half": b'{"strategy": "krx_',
    "ten megabytes of brackets": b"[" * 10_000_000,
    "a megabyte of brackets": b"[" * 999_999,
    "deep lists": b'{"strategy": "x", "params": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "deep objects": b'{"a":' * 500 + b"1" + b"}" * 500,
    "deep in a known field": b'{"strategy": ' + b"[" * 980 + b"]" * 980 + b"}",
    "zero bytes": b"\0" * 100,
    "zero byte inside": b'{"strategy": "a\0b"}',
    "not utf-8": b'{"strategy": "\xff\xfe"}',
    "utf-16 without a mark": '{"strategy": "x"}'.encode("utf-16-le"),
    "utf-32": '{"strategy": "x"}'.encode("utf-32"),
    "half a character": b'{"strategy": "\\ud800"}',
    "half a character as a key": b'{"strategy": "x", "labels": {"\\uDFFF": "x"}}',
    "half a character as an id": b'{"strategy": "x", "request_id": "\\ud800"}',
    "twice the same field": b'{"strategy": "a", "strategy": "b"}',
    "twice the same param": b'{"strategy": "a", "params": {"w": 1, "w": 2}}',
    "NaN": b'{"strategy": "a", "capital": NaN}',
    "Infinity": b'{"strategy": "a", "params": {"w": -Infinity}}',
    "1e999": b'{"strategy": "a", "params": {"w": 1e999}}',
    "five thousand digits": b'{"strategy": "a", "capital": ' + b"9" * 5000 + b"}",
    "an unquoted ticker": b'{"strategy": "a", "symbols": [000660]}',
    "null": b"null",
    "a list": b"[]",
    "a string": b'"krx_ma200"',
    "a number": b"7",
    "two objects": b'{"strategy": "a"}{"strategy": "b"}',
    "single quotes": b"{'strategy': 'a'}",
    "a trailing comma": b'{"strategy": "a",}',
    "yaml": b"strategy: krx_ma200\n",
    "a mark alone": b"\xef\xbb\xbf",
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "html": b"<!doctype html><title>502 Bad Gateway</title>",
}

WRONG: Dict[str, List[Any]] = {
    "schema": ["relay.request/2", 1, None],
    "request_id": [5, [], {}, True, "x" * 401],
    "strategy": [None, "", 5, [], {}, "x" * 81, True],
    "params": [None, [], "window=1", 5],
    "grid": [[], "x", {"window": 5}, {"window": [1, 2]}],
    "start": [
        20200101,
        "20200101",
        "2020-13-01",
        "2020-02-30",
        "2020-1-1",
        "1577836800",
        "2020-01-01T00:00:00",
        [],
        True,
        "１２３４-01-01",
    ],
    "end": [1.5, "yesterday", "9999-99-99", {}],
    "universe": [5, [], "", "x" * 81],
    "symbols": [432, [432], [660.0], [None], [""], ["x" * 81], {"a": 1}, ["a"] * 5001, [["a"]]],
    "benchmarks": [5, [5], ["x"] * 21, {"KOSPI": 1}],
    "required": [[0], 1, [" "]],
    "capital": [0, -1, 10**16, 1.5, "much", True, None, [], 10**400],
    "costs": [
        [],
        5,
        {"commission_bps": -1},
        {"commission_bps": "x"},
        {"commission_bps": True},
        {"comission_bps": 1},
        {"slippage_bps": 1e6},
    ],
    "rules": [[], {"lot": -1}, {"lot": True}, {"lots": 1}, {"lot": 1.5}],
    "execution": ["now", "next_open\n", 1, None],
    "charts": ["yes", 1, 0.0, None, "false", "ALL", ["all"]],
    "fresh": [0, "no"],
    "priority": [-1, 10, "high", 5.5, True, None],
    "not_before": [20260101, "20260101", "1700000000.5", "soon", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", [], "-1"],
    "expires_at": ["9999-12-31T23:59:59-12:00", 0, "0001-01-01", True],
    "requested_at": ["9999-12-31T23:59:59Z", 1.0, "10000-01-01T00:00:00Z", "now"],
    "timeout_seconds": [0, -1, 604_801, "inf", "nan", True, 10**400, []],
    "memory_mb": [0, 63, 1.5, 10**9, True, "all"],
    "max_attempts": [0, 101, True, None, "thrice"],
    "requested_by": [5, "x" * 201, []],
    "retry_of": [5, "x" * 401],
    "labels": [[], "a", {"a": 1}, {"a": None}, {str(n): "" for n in range(51)}],
    "strateg": ["krx_ma200"],
    "windows": [100],
    "": ["x"],
    "x" * 10_000: [1],
    "__class__": ["x"],
}

WEB = {
    "ticker": "000660.csv",
    "rule_type": "krx_ma200",
    "rule_id": 7,
    "params": {"window": 50},
    "start_date": "2020-01-01",
    "end_date": "2020-12-31",
    "initial_capital": 1_000_000,
    "fee_rate": 0.002,
    "slippage_bps": 3,
    "run_id": "web-1",
    "direction": "longonly",
    "timeframe": "1d",
    "size_type": "percent",
    "position_size": 100,
    "labels": {"team": "quant"},
}

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(alphabet=st.characters(codec=None), max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=10), inner, max_size=5)),
    max_leaves=20,
)
FIELD = st.one_of(st.sampled_from([*WRONG, *WEB]), st.text(alphabet=st.characters(codec=None), max_size=10))
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode()),
    st.dictionaries(FIELD, JSON, max_size=6).map(
        lambda content: json.dumps({"strategy": "no_such_strategy", **content}).encode()
    ),
    JSON.map(lambda content: json.dumps(content).encode()),
)
