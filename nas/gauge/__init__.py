"""The door of the gauge: what is measured now and was noted today, and how Prometheus reads it."""

from nas.gauge.exposition import Family, Sample, exposition
from nas.gauge.noted import noted_today
from nas.gauge.now import measured

__all__ = ["Family", "Sample", "exposition", "measured", "noted_today"]
