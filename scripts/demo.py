"""The whole road in one command: four requests, one of them broken and one sent twice, drained and shown.

It exists so that a newcomer sees what the project does before reading anything; the prices are made up.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

from environment import ROOT, ensure, say, stop, surroundings

DEMO = ROOT / "demo"
_OURS = DEMO / "made-by-the-demo"  # only a folder that carries it is ever deleted
REPORTS = DEMO / "reports"
PERIOD = ["--start", "2020-01-01", "--end", "2024-12-31"]


def main() -> int:
    """Make the environment, submit, drain, show."""
    python = ensure()
    _start_afresh()
    _relay(python, "nas", "init")
    say("submitting four requests …")
    _relay(python, "nas", "submit", "krx_ma200", *PERIOD, "--set", "window=100")
    _relay(python, "nas", "submit", "krx_ma200", *PERIOD, "--benchmarks", "KOSPI,S&P500", "--priority", "8")
    _drop("typo.json", {"strategy": "krx_ma20", "start": "2020-01-01"})
    twice = {"request_id": "asked-twice", "strategy": "krx_ma200", "symbols": ["990010", "9900Y0"], "start": "2021-01-01"}
    _drop("asked-twice.json", twice)
    _drop("asked-twice (conflicted copy).json", twice)
    say("draining the inbox …")
    _relay(python, "pc.worker", "--once", allowed=(0, 1))
    _show(python)
    return 0


def _start_afresh() -> None:
    if DEMO.exists() and not _OURS.exists():
        stop(f"{DEMO} is there and was not made by the demo; move it away")
    shutil.rmtree(REPORTS, ignore_errors=True)
    DEMO.mkdir(exist_ok=True)
    _OURS.touch()


def _drop(name: str, content: Dict[str, Any]) -> None:
    """A file dropped by hand, as any program may do it: written under another name, then renamed."""
    pending = REPORTS / "pending"
    draft = pending / f"{name}.tmp"
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(pending / name)


def _relay(python: Path, module: str, *words: str, allowed: "tuple[int, ...]" = (0,)) -> str:
    """One of the commands people type."""
    settings = {"RELAY_REPORTS": str(REPORTS), "RELAY_DATA": str(DEMO / "data"), "RELAY_LOGS": str(DEMO / "logs")}
    environment = {**surroundings(), **settings, "RELAY_PRICES": "synthetic"}
    done = subprocess.run(
        [str(python), "-m", module, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    if done.returncode not in allowed:
        stop(f"`python -m {module} {' '.join(words)}` ended with exit code {done.returncode}; its words stand above")
    return done.stdout


def _show(python: Path) -> None:
    latest: List[Dict[str, Any]] = json.loads(_relay(python, "nas", "status", "--json"))["latest"]
    answers = sorted(latest, key=lambda answer: str(answer["request_id"]))
    print("※ 합성(가짜) 가격 · SYNTHETIC prices: every number below is made up\n")
    print(f"{'request':<44} {'status':<10} {'CAGR':>8} {'max DD':>8}  why")
    for answer in answers:
        reason = "; ".join(filter(None, [answer["why"], answer["fix"], *answer["degraded"]])).partition(" there are: ")[0]
        print(f"{answer['request_id']:<44} {answer['status']:<10} {_percent(answer['cagr'])} {_percent(answer['mdd'])}  {reason}")
    shown = next(answer["request_id"] for answer in reversed(answers) if answer["status"] == "SUCCEEDED")
    folder = REPORTS / "done" / shown
    print("\nlook at")
    for path in (folder / "report.txt", folder / "equity_curve.png", folder / "manifest.json", REPORTS):
        print(f"  {os.path.relpath(path)}")


def _percent(value: Any) -> str:
    return f"{value * 100:>7.2f}%" if value is not None else f"{'-':>8}"


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
