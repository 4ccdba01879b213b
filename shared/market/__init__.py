"""The door of the market room: prices and the symbols a name stands for (Python 3.11 and numpy from here on)."""

from shared.market.bars import Bars
from shared.market.earlier import Revised, revised_values
from shared.market.in_use import prices_for, prices_in_use, read_by
from shared.market.looking import bars_of, what_changed
from shared.market.membership import chosen
from shared.market.panel import fingerprint_of, write_prices
from shared.market.prices import FIELDS, NUMBERS, Days, Flags, Floats, Prices, last_known
from shared.market.quality import examined, sentence, stale_as_a_whole, write_quality
from shared.market.rules import RULES, is_double, kind_of, price_limit_percent, rates_by_row, sales_tax_bps
from shared.market.sealed import open_prices, seal_prices
from shared.market.sessions import first_unverified, last_final_day, month_ends, us_sessions, week_ends
from shared.market.unavailable import why_unavailable
from shared.market.universe import Universe, symbols_of, universe_of

__all__ = [
    "FIELDS",
    "NUMBERS",
    "RULES",
    "Bars",
    "Days",
    "Flags",
    "Floats",
    "Prices",
    "Revised",
    "Universe",
    "bars_of",
    "chosen",
    "examined",
    "fingerprint_of",
    "first_unverified",
    "is_double",
    "kind_of",
    "last_final_day",
    "last_known",
    "month_ends",
    "open_prices",
    "price_limit_percent",
    "prices_for",
    "prices_in_use",
    "rates_by_row",
    "read_by",
    "revised_values",
    "sales_tax_bps",
    "seal_prices",
    "sentence",
    "stale_as_a_whole",
    "symbols_of",
    "universe_of",
    "us_sessions",
    "week_ends",
    "what_changed",
    "why_unavailable",
    "write_prices",
    "write_quality",
]
