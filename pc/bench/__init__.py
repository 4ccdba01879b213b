"""The bench: what the queue costs on this machine, as ratios measured in one run over the ordinary road."""

from pc.bench.table import run_table

__all__ = ["run_table"]
