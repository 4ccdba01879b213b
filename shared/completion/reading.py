"""Reading a manifest of anybody's: an object, a number, a line, and never a surprise.

It exists because an answer may be old, foreign or half empty, and what is told of it must not fail over that.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence


class Told(NamedTuple):
    """An answer to tell of: its manifest, its files as far as they are there, where it is shown, and what came
    before."""

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]
    where: str
    picture: str = ""
    previous: Optional[Mapping[str, Any]] = None
    over: Sequence[str] = ()  # the incidents of failures that end with it


def object_in(document: Mapping[str, Any], name: str) -> Dict[str, Any]:
    """What stands there, if it is an object; else an empty one."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def figure_in(document: Mapping[str, Any], name: str) -> Optional[float]:
    """A number one can show, None where there is none."""
    found = document.get(name)
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not abs(found) < 1e300:
        return None
    return float(found)


def growth_a_year(metrics: Mapping[str, Any]) -> Optional[float]:
    """CAGR by the calendar; an answer from before it was counted so has only the one of 252 sessions a year."""
    return figure_in(metrics, "CAGR" if "CAGR" in metrics else "CAGR_like")


def one_line(text: object) -> str:
    """Whatever it is, as one line of text."""
    return " ".join(str(text or "").split())


def data_until(manifest: Mapping[str, Any]) -> Optional[str]:
    """The last day of which its prices know anything."""
    symbols = object_in(object_in(manifest, "data"), "symbols").values()
    days = [one.get("last") for one in symbols if isinstance(one, dict)]
    return max((day for day in days if isinstance(day, str)), default=None)


def odd_prices(manifest: Mapping[str, Any]) -> Dict[str, str]:
    """By symbol what was odd about its prices: old, another one's, revised, not there to compare with; `prices` are all of them.
    What is only good to know is left out."""
    told: Dict[str, List[str]] = {}
    quality = object_in(manifest, "data").get("quality")
    for one in quality if isinstance(quality, list) else ():
        if isinstance(one, dict) and one.get("severity") != "INFO":
            told.setdefault(str(one.get("symbol") or "prices"), []).append(one_line(one.get("text")))
    for symbol, why in object_in(object_in(manifest, "benchmarks"), "skipped").items():
        told.setdefault(symbol, []).append(one_line(f"unavailable: {why}"))
    return {symbol: "; ".join(texts) for symbol, texts in told.items()}


def is_real(manifest: Mapping[str, Any]) -> bool:
    """Whether its numbers come from prices that are said not to be made up; bad news has no numbers."""
    return manifest.get("status") != "SUCCEEDED" or object_in(manifest, "data").get("synthetic") is False
