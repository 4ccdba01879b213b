"""The door to the carriers: they move named files between two roots and know nothing of requests.

A part is one file with `reach`, `names`, `send`, `bring`, `landing` and `carries`; it raises one of the failures here."""

from shared.carriers._failures import FAILURES, CarryBroken, CarryPartial, CarryRefused, ThereAway
from shared.carriers._there import Carrier, There, open_carrier

__all__ = ["FAILURES", "Carrier", "CarryBroken", "CarryPartial", "CarryRefused", "There", "ThereAway", "open_carrier"]
