"""What may be wrong with prices that are sealed, fetched or carried.

They exist so that an operator learns which of two machines to mend, while the prices in use stay what they were.
"""

from __future__ import annotations

from shared.errors import RelayError
from shared.outcome import OPERATIONAL, TRY_LATER


class PricesDamaged(RelayError):
    """Prices are not what their index says: they are not brought into use."""

    code = "E-PRICES-DAMAGED"


class PricesOlder(RelayError):
    """The side that fetches has older prices than the other: nothing is replaced."""

    code = "E-PRICES-OLDER"
    exit_code = OPERATIONAL


class PricesDisputed(RelayError):
    """The two sides do not agree on which of them fetches prices."""

    code = "E-PRICES-DISPUTED"
    exit_code = OPERATIONAL


class PricesNotOurs(RelayError):
    """This side does not fetch prices: the other does."""

    code = "E-PRICES-NOT-OURS"
    exit_code = OPERATIONAL


class PricesSynthetic(RelayError):
    """Made-up prices are neither sealed nor carried."""

    code = "E-PRICES-SYNTHETIC"


class PricesBusy(RelayError):
    """Somebody else is putting prices in place at this moment."""

    code = "E-PRICES-BUSY"
    exit_code = TRY_LATER
