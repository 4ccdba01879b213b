"""From a table a library gave to bars: its columns and days held to what they must be, zeros and gaps left out.

It exists so that every library's table passes one door, and a column that is not there is told and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from shared.market.bars import Bars, bars_from
from shared.market.outage import ExternalDataUnavailable
from shared.market.prices import Floats

KOREAN = {"open": "시가", "high": "고가", "low": "저가", "close": "종가", "volume": "거래량"}
ENGLISH = {"open": "Open", "high": "High", "low": "Low", "close": "Close", "volume": "Volume"}


def bars_in(frame: Any, symbol: str, columns: Mapping[str, str], doing: str) -> Bars:
    """Bars of a pandas table with a day per row; a day without a close is none. The table itself is kept as `raw`."""
    if not len(frame):
        return bars_from(symbol, [])
    days = getattr(frame.index, "date", None)
    missing = [name for name in columns.values() if name not in frame.columns]
    if days is None or missing:
        why = f"its table has no {', '.join(missing) or 'days'}, but {', '.join(map(str, frame.columns))[:200]}"
        raise ExternalDataUnavailable(doing, why, "schema_drift")
    numbers = {ours: _numbers(frame[theirs], theirs, doing) for ours, theirs in columns.items()}
    known = np.flatnonzero(~np.isnan(numbers["close"]))
    rows = [{"date": days[row], **{name: array[row] for name, array in numbers.items()}} for row in known]
    return bars_from(symbol, rows, raw={f"{symbol}.csv": frame.to_csv().encode("utf-8")})


def _numbers(column: Any, name: str, doing: str) -> Floats:
    try:
        found: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ExternalDataUnavailable(doing, f"{name} are no numbers ({error})"[:200], "schema_drift") from None
    return found
