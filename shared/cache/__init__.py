"""The door of the price cache: sealed on the one side that fetches, carried, verified, and read by its index (core)."""

from shared.cache.closes import CLOSES, DAY_FACTS, EOD, closes_file
from shared.cache.failures import PricesBusy, PricesDamaged, PricesDisputed, PricesNotOurs, PricesOlder, PricesSynthetic
from shared.cache.index import INDEX, Index
from shared.cache.looking import Looked, look
from shared.cache.origin import may_fetch, say_side
from shared.cache.road import Road
from shared.cache.round import carry_prices
from shared.cache.shelf import DRAFT, Made, Shelf, is_sound, read_index, seal, shelf_of
from shared.cache.standing import PricesSeen, prices_check, prices_seen, too_old

__all__ = [
    "CLOSES",
    "DAY_FACTS",
    "DRAFT",
    "EOD",
    "INDEX",
    "Index",
    "Looked",
    "Made",
    "PricesBusy",
    "PricesDamaged",
    "PricesDisputed",
    "PricesNotOurs",
    "PricesOlder",
    "PricesSeen",
    "PricesSynthetic",
    "Road",
    "Shelf",
    "carry_prices",
    "closes_file",
    "is_sound",
    "look",
    "may_fetch",
    "prices_check",
    "prices_seen",
    "read_index",
    "say_side",
    "seal",
    "shelf_of",
    "too_old",
]
