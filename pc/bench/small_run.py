"""One small request from drop to sealed answer, in a warm worker, with and without its picture.

It exists because the five systems before this one started Python, pandas and matplotlib for every request.
"""

from __future__ import annotations

from pathlib import Path

from pc.bench.measure import Goal, Measured, Scale, folder_on_disk, interleaved, medians, ratio, seconds_of_program, settings_in
from pc.bench.peers import PeersMissing, peers_python
from pc.bench.watching import Watching

_CONTENT = {"strategy": "krx_ma200", "start": "2020-01-01", "end": "2024-12-31", "fresh": True}
_IMPORTS = "import pandas, matplotlib.pyplot"


def small_run(scale: Scale, wanted: Path) -> Measured:
    """Five years of ten symbols, durable; in turn with importing what others import first."""
    with folder_on_disk(wanted) as root, Watching(settings_in(root, slots=2)) as ours:
        ours.warm({**_CONTENT, "charts": True})

        def answered(charts: bool) -> float:
            request_id, began = ours.drop({**_CONTENT, "charts": charts})
            return (ours.wait_for(request_id) - began) / 1e9

        ways = {"with PNG": lambda: answered(True), "without PNG": lambda: answered(False)}
        try:
            command, why_not = [peers_python(), "-c", _IMPORTS], ""
            ways["the imports"] = lambda: seconds_of_program(command)
        except PeersMissing as error:
            why_not = str(error)
        found = interleaved(scale.runs, ways)
    goals = []
    for name, limit in (("with PNG", 0.6), ("without PNG", 0.1)):
        value = None if why_not else ratio(found, name, "the imports")
        goals.append(Goal(f"{name} of the imports", value, limit, why=why_not))
    return Measured(goals, {f"{name}, ms": round(seconds * 1000, 1) for name, seconds in medians(found).items()})
