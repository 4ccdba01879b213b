"""Whether a close is above its own average, as it stands at the decisions.

It exists so that a symbol's trend and the market's regime mean the same thing.
"""

from __future__ import annotations

import numpy as np

from shared.market.indicators import sma
from shared.market.picking.sight import Sight
from shared.market.prices import Flags, Floats, last_known

_ABOVE, _NOT_ABOVE = 2.0, 1.0


def above_average(sight: Sight, window: int, among: Flags) -> Flags:
    """Who of these has a last close strictly above the mean of its last `window` ones, that one included; nobody with fewer."""
    columns = np.flatnonzero(among.any(axis=0))
    few = sight.narrow(columns)
    closes = np.where(few.prices.tradable, few.prices.close, np.nan)
    above = np.zeros(among.shape, dtype=bool)
    above[:, columns] = few.at(_verdicts(closes, window)) == _ABOVE
    return above & among


def above_average_of(sight: Sight, symbol: str, window: int) -> tuple[Flags, Flags]:
    """The same of one symbol; and where it has so many closes."""
    column = sight.prices.column(symbol)
    close, able = sight.prices.close[:, [column]], sight.prices.tradable[:, [column]]
    verdicts = _verdicts(np.where(able, close, np.nan), window)[sight.rows, 0]
    return verdicts == _ABOVE, ~np.isnan(verdicts)


def _verdicts(closes: Floats, window: int) -> Floats:
    """Of every row; on a day without a trade the last verdict stands. NaN while there are too few closes."""
    mean = sma(closes, window) if len(closes) >= window else np.full(closes.shape, np.nan)
    verdicts = np.where(closes > mean, _ABOVE, _NOT_ABOVE)
    return last_known(np.where(np.isnan(mean), np.nan, verdicts))
