"""The request shape of the old web system (ticker, rule_type, …), put into our words.

It exists because those clients keep sending it; every field is honoured or refused by name, none ignored.
"""

from __future__ import annotations

from typing import Any, Dict

from shared.errors import RequestInvalid, RequestUnsupported, nearest
from shared.old_names import current_name

_RENAMED = {
    "rule_type": "strategy",
    "start_date": "start",
    "end_date": "end",
    "initial_capital": "capital",
    "run_id": "request_id",
}
_KEPT = frozenset(("strategy", "params", "labels", "request_id", "requested_by", "requested_at"))
_ONLY = {"direction": "longonly", "timeframe": "1d", "size_type": "percent", "position_size": 100}
_OWN = frozenset(("ticker", "rule_id", "fee_rate", "slippage_bps"))


def is_web_contract(content: Dict[str, Any]) -> bool:
    """Whether these are that system's words."""
    return "ticker" in content or "rule_type" in content


def translated(content: Dict[str, Any]) -> Dict[str, Any]:
    """The same request in our words; raises where it asks for what we would not do."""
    ours: Dict[str, Any] = {}
    for name, value in content.items():
        if name in _ONLY:
            _same(name, value)
        elif name in _RENAMED or name in _KEPT:
            _put(ours, _RENAMED.get(name, name), value)
        elif name not in _OWN:
            raise RequestInvalid("reading the web request", f"unknown field {name[:80]!r}", nearest(name[:80], _known()))
    ours["symbols"] = [_symbol(content.get("ticker"))]
    ours["costs"] = _costs(content)
    if content.get("rule_id") is not None:
        ours["labels"] = _labels(content.get("labels") or {}, content["rule_id"])
    return ours


def _put(ours: Dict[str, Any], name: str, value: object) -> None:
    """Once: `strategy` and `rule_type` are one field, and so are `request_id` and `run_id`."""
    value = current_name(value) if name == "strategy" and isinstance(value, str) else value
    if name in ours and ours[name] != value:
        raise RequestInvalid("reading the web request", f"{name} stands there under two names", "say it once")
    ours[name] = value


def _labels(labels: object, rule_id: object) -> object:
    """Anything but an object is left as it is, for the request itself to refuse."""
    return {**labels, "rule_id": str(rule_id)} if isinstance(labels, dict) else labels


def _known() -> "frozenset[str]":
    return frozenset(_RENAMED) | _KEPT | frozenset(_ONLY) | _OWN


def _same(name: str, value: object) -> None:
    if value is not None and value != _ONLY[name]:
        raise RequestUnsupported(
            "reading the web request", f"{name}={value!r:.80}", f"only {_ONLY[name]!r} can be honoured; leave it out or say so"
        )


def _symbol(ticker: object) -> str:
    if not isinstance(ticker, str) or not ticker:
        raise RequestInvalid(
            "reading the web request", f"ticker: found {ticker!r:.80}", 'write it as a string, like "AAPL.csv" or "000660"'
        )
    return ticker[:-4] if ticker.lower().endswith(".csv") else ticker


def _costs(content: Dict[str, Any]) -> Dict[str, float]:
    fee, slippage = content.get("fee_rate", 0.001), content.get("slippage_bps", 0)
    if isinstance(fee, bool) or not isinstance(fee, (int, float)):
        raise RequestInvalid("reading the web request", f"fee_rate: found {fee!r:.80}", "write a fraction, like 0.001")
    return {"commission_bps": fee * 10_000, "slippage_bps": slippage}
