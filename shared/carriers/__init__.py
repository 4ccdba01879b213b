"""The door to the carriers: they move named files between two roots and know nothing of requests.

A part has `reach`, `names`, `unsent`, `send`, `bring`, `landing` and `carries`, and says by `PACE` and `EVERY` how many seconds
apart what is of no lasting worth is sent, and news are looked for. It raises one of the failures here."""

from shared.carriers._failures import FAILURES, CarryBroken, CarryPartial, CarryRefused, ThereAway
from shared.carriers._there import DEEPEST, PASSWORD, Carrier, There, open_carrier

__all__ = [
    "DEEPEST",
    "FAILURES",
    "PASSWORD",
    "Carrier",
    "CarryBroken",
    "CarryPartial",
    "CarryRefused",
    "There",
    "ThereAway",
    "open_carrier",
]
