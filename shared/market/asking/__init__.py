"""The door of asking: any provider by its name, in a process of its own, politely, and not at all once it has refused."""

from shared.market.asking.askers import Askers, Manners
from shared.market.asking.breaker import LONGEST, MOST, WAITS, Breaker, Failed, Pace, failed_today
from shared.market.asking.nature import Nature, nature_of
from shared.market.asking.provider import Provider, ProviderFaulty

__all__ = [
    "LONGEST",
    "MOST",
    "WAITS",
    "Askers",
    "Breaker",
    "Failed",
    "Manners",
    "Nature",
    "Pace",
    "Provider",
    "ProviderFaulty",
    "failed_today",
    "nature_of",
]
