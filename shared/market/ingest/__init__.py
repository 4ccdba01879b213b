"""The door of fetching: a chain of providers, what they give kept, and one sealed panel made of it."""

from shared.market.ingest.assembling import About, panel_of
from shared.market.ingest.carrying_over import Before
from shared.market.ingest.command import ingest_now, precache_now
from shared.market.ingest.fetching import Ingested, Means, ingest
from shared.market.ingest.found import Found
from shared.market.ingest.sources import Sources, Step, read_sources
from shared.market.ingest.wish import Wish

__all__ = [
    "About",
    "Before",
    "Found",
    "Ingested",
    "Means",
    "Sources",
    "Step",
    "Wish",
    "ingest",
    "ingest_now",
    "panel_of",
    "precache_now",
    "read_sources",
]
