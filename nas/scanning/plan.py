"""What the scanner looks at: strategy, universe and parameters, from configs/scan.yaml, this machine's own file and the options.

It exists so that the day's signals are always those of one plan, and whoever only tries something out changes none of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Dict, NamedTuple

from nas.pairs import pairs, value_in
from shared.config import Settings
from shared.errors import SettingInvalid, nearest
from shared.settings_file import values_in
from shared.shipped import shipped

_DOING = "reading what to scan from"
_SHIPPED = shipped("scan.yaml", __file__)


class Plan(NamedTuple):
    """`is_tried`: somebody asked for something else than what is set: it is shown, and neither kept nor told."""

    strategy: str
    universe: str
    params: Dict[str, Any]
    is_tried: bool = False


def plan_of(settings: Settings, options: argparse.Namespace) -> Plan:
    """What is set, this machine's own `<data>/scan.yaml` over it, and what was said now over that."""
    own = settings.data / "scan.yaml"
    said = _read(_SHIPPED)
    over = _read(own) if own.is_file() else {}
    if "strategy" in over:
        said["params"] = {}  # those were another one's
    for word, value in over.items():
        said[word] = {**(said.get("params") or {}), **value} if word == "params" else value
    plan = Plan(said["strategy"], said["universe"], said.get("params") or {})
    return _tried(plan, options)


def _tried(plan: Plan, options: argparse.Namespace) -> Plan:
    given = pairs(options.set, read=value_in)
    is_other = bool(options.strategy) and options.strategy != plan.strategy
    params = {**({} if is_other else plan.params), **given}
    is_tried = bool(options.strategy or options.universe or given or options.date)
    return Plan(options.strategy or plan.strategy, options.universe or plan.universe, params, is_tried)


def _read(file: Path) -> Dict[str, Any]:
    said: Dict[str, Any] = values_in(file, _DOING)
    known = {"strategy": str, "universe": str, "params": dict}
    for word, value in said.items():
        if word not in known:
            raise SettingInvalid(f"{_DOING} {file}", f"no word {word!r}", nearest(str(word), known))
        if not isinstance(value, known[word]):
            raise SettingInvalid(f"{_DOING} {file}", f"{word} is {value!r}", "docs/jobs.md has every word of it")
    return said
