"""A whole request over 500 symbols and ten years, and the cold command for one symbol, against what others import first.

It exists because what people wait for is the answer and not the simulation.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pc.bench.engine_cases import AVERAGE, MOMENTUM, panel_of, symbols_of
from pc.bench.measure import (
    Goal,
    Measured,
    Scale,
    environment_of,
    folder_on_disk,
    interleaved,
    medians,
    python,
    ratio,
    seconds_of_program,
    settings_in,
)
from pc.bench.peers import PeersMissing, peers_python
from pc.bench.watching import Watching
from shared.config import Settings

_PICTURES, _TABLES = "import pandas, matplotlib.pyplot", "import pandas"


def whole_request(scale: Scale, wanted: Path) -> Measured:
    """Drop to sealed answer in a warm worker, with and without its picture, computed anew each time."""
    rows, width = scale.panel or (2_520, 500)
    params = {**MOMENTUM["params"], "sell_rank": 20 / width}
    content = {**MOMENTUM, "params": params, "symbols": list(symbols_of(width)), "fresh": True}
    with folder_on_disk(wanted) as root:
        settings = _with_prices(settings_in(root, slots=2, prices="local"), rows, width)
        with Watching(settings) as ours:
            ours.warm({**content, "charts": True})

            def answered(charts: bool) -> float:
                request_id, began = ours.drop({**content, "charts": charts})
                seconds = (ours.wait_for(request_id) - began) / 1e9
                manifest = json.loads((ours.done / request_id / "manifest.json").read_text(encoding="utf-8"))
                assert manifest["status"] == "SUCCEEDED", manifest["error"]
                return seconds

            ways = {"with PNG": lambda: answered(True), "without PNG": lambda: answered(False)}
            return _against(ways, {"with PNG": 1.0, "without PNG": 0.2}, _PICTURES, scale.runs)


def cold_run(scale: Scale, wanted: Path) -> Measured:
    """`python -m pc run FILE` from nothing: one symbol, twenty years, no picture."""
    rows = scale.panel[0] if scale.panel else 5_040
    with folder_on_disk(wanted) as root:
        settings = _with_prices(settings_in(root, prices="local"), rows, 1)
        file = root / "asked.json"
        file.write_text(json.dumps({**AVERAGE, "symbols": list(symbols_of(1)), "charts": False, "fresh": True}))
        command, env = python("-m", "pc", "run", str(file), "--out", str(root / "out")), environment_of(settings)
        ways = {"pc run": lambda: seconds_of_program(command, env)}
        return _against(ways, {"pc run": 1.0}, _TABLES, scale.runs)


def _with_prices(settings: Settings, rows: int, width: int) -> Settings:
    from shared.market import write_prices

    write_prices(settings.data / "prices" / "local", panel_of(rows, width))
    return settings


def _against(ways: dict[str, Any], limits: dict[str, float], imports: str, rounds: int) -> Measured:
    """In turn with a Python of the peers that only imports."""
    why_not = ""
    try:
        command = [peers_python(), "-c", imports]
        ways["the imports"] = lambda: seconds_of_program(command)
    except PeersMissing as error:
        why_not = str(error)
    found = interleaved(rounds, ways)
    values = {name: None if why_not else ratio(found, name, "the imports") for name in limits}
    goals = [Goal(f"{name} of `{imports}`", values[name], limit, why=why_not) for name, limit in limits.items()]
    return Measured(goals, {f"{name}, ms": round(seconds * 1000, 1) for name, seconds in medians(found).items()})
