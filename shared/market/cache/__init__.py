"""The door of the cache of prices: what providers were asked for is kept, and extended by the days that are missing."""

from shared.market.cache.cache import Cache, Verified, open_cache
from shared.market.cache.names import symbol_in
from shared.market.cache.raw import RAW_DAYS
from shared.market.cache.series import Change, Part, Revision, Series, Span, is_fresh, what_to_ask
from shared.market.cache.shelves import CacheBusy

__all__ = [
    "RAW_DAYS",
    "Cache",
    "CacheBusy",
    "Change",
    "Part",
    "Revision",
    "Series",
    "Span",
    "Verified",
    "is_fresh",
    "open_cache",
    "symbol_in",
    "what_to_ask",
]
