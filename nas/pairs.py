"""What is typed as NAME=VALUE: parameters, costs, rules, labels.

It exists so that `--set` means the same wherever it may be said.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List

from shared.errors import UsageWrong

_DEEPEST = 60  # a worker reads 64, and parameters lie some levels down


def pairs(given: List[str], read: Any) -> Dict[str, Any]:
    """Each name with its value as `read` reads it; UsageWrong where one is none, or is given twice."""
    found = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageWrong(
                "reading the options", f"{pair!r} is not NAME=VALUE", "write for example --set window=100 or --label desk=etf"
            )
        if name in found:
            raise UsageWrong("reading the options", f"{name!r} is given twice", "give it once")
        found[name] = read(value)
    return found


def value_in(text: str) -> Any:
    """A number, true, a list; what is not JSON is a string, and so is a number with a leading zero: it is a ticker."""
    try:
        value = json.loads(text)
        if _levels(value) <= _DEEPEST:
            return value
    except ValueError:
        return text
    except RecursionError:
        pass
    raise UsageWrong("reading the options", f"{text[:20]!r}… is nested deeper than {_DEEPEST} levels", "no parameter needs that")


def _levels(value: Any) -> int:
    levels, layer = 0, [value]
    while layer:
        boxes = [one.values() if isinstance(one, dict) else one for one in layer if isinstance(one, (dict, list))]
        levels, layer = levels + 1, [inner for box in boxes for inner in box]
    return levels
