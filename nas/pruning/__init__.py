"""The door of pruning: what has had its time, decided by names and days; and what is done to it."""

from nas.pruning.due import Due, due_in
from nas.pruning.shrinking import Pruned, prune

__all__ = ["Due", "Pruned", "due_in", "prune"]
