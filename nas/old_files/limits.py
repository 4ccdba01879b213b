"""How many movers a report shows, and from which change on: `report.top_n` and `report.min_abs_ret` of an old config.yaml.

It exists so that the file of the earlier systems goes on deciding it, and a slip in it is refused instead of guessed.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any, NamedTuple, Optional

from nas.old_files.places import Places, found
from shared.errors import SettingInvalid
from shared.settings_file import words_in

_PLACES = Places(("KRX_CONFIG", "ALERTOR_CONFIG"), ("config.yaml", "config.local.yaml"))


class Limits(NamedTuple):
    """As the earlier systems had them where nobody says otherwise."""

    top_n: int = 5
    min_abs_ret: float = 0.003


def limits_from(said: Optional[Path]) -> Limits:
    """What the file in force says; everything else in it is another program's."""
    file = found(said, _PLACES, os.environ)
    content = words_in(file, "reading") if file else None
    report = content.get("report") if isinstance(content, dict) else None
    if file is None or not isinstance(report, dict):
        return Limits()
    top_n = _number(file, report, "top_n", Limits().top_n)
    if top_n != int(top_n) or not 1 <= top_n <= 50:
        raise SettingInvalid(f"reading {file}", f"report.top_n is {top_n:g}", "write a whole number from 1 to 50")
    least = _number(file, report, "min_abs_ret", Limits().min_abs_ret)
    if not 0 <= least < 1:
        raise SettingInvalid(f"reading {file}", f"report.min_abs_ret is {least:g}", "write a rate: 0.003 is 0.3 %")
    return Limits(int(top_n), least)


def _number(file: Path, report: Any, name: str, otherwise: float) -> float:
    said = report.get(name, "")
    try:
        value = otherwise if said == "" else float(said)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise SettingInvalid(f"reading {file}", f"report.{name} is no number", "write one, or take the line out")
    return value
