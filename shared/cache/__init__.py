"""The door of the price cache: sealed on the one side that fetches, carried, verified, and read by its index (core)."""

from shared.cache.arrival import Landing, admit
from shared.cache.failures import PricesBusy, PricesDamaged, PricesDisputed, PricesNotOurs, PricesOlder, PricesSynthetic
from shared.cache.index import INDEX, Index, Shard
from shared.cache.origin import may_fetch, say_side
from shared.cache.road import carry_prices
from shared.cache.shelf import DRAFT, PROVIDER, Made, Shelf, is_sound, read_index, seal, shelf_of
from shared.cache.standing import PricesSeen, prices_check, prices_seen
from shared.cache.way import Road

__all__ = [
    "DRAFT",
    "INDEX",
    "PROVIDER",
    "Index",
    "Landing",
    "Made",
    "PricesBusy",
    "PricesDamaged",
    "PricesDisputed",
    "PricesNotOurs",
    "PricesOlder",
    "PricesSeen",
    "PricesSynthetic",
    "Road",
    "Shard",
    "Shelf",
    "admit",
    "carry_prices",
    "is_sound",
    "may_fetch",
    "prices_check",
    "prices_seen",
    "read_index",
    "say_side",
    "seal",
    "shelf_of",
]
