"""The door of fetching: a chain of providers, what they give kept, and one sealed panel made of it."""

from shared.market.ingest.command import ingest_now, precache_now
from shared.market.ingest.fetching import Ingested, Means, ingest
from shared.market.ingest.sources import Sources, read_sources
from shared.market.ingest.wish import Wish

__all__ = ["Ingested", "Means", "Sources", "Wish", "ingest", "ingest_now", "precache_now", "read_sources"]
