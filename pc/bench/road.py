"""The road between the two machines: answers brought home, a sync that finds nothing new, and `doctor`.

It exists because cron calls these every minute, and each costs what the wire costs and not much more.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from pc.bench.measure import Goal, Measured, Scale, folder_on_disk, interleaved, medians, ratio
from pc.bench.two_sides import TwoSides, two_sides

_DOCTOR_SECONDS = 3.0


def answers_brought(scale: Scale, wanted: Path) -> Measured:
    """Fetched over ssh and verified, each time by a NAS that has none; in turn with rsync and sha256sum over the same."""
    with folder_on_disk(wanted) as root, two_sides(root) as sides:
        sides.seal(scale.answers)

        def ours() -> float:
            sides.fresh()
            seconds = sides.sync()
            assert sides.brought() == scale.answers, f"{sides.brought()} of {scale.answers} answers came"
            return seconds

        def bare() -> float:
            sides.fresh()
            return sides.rsync_and_hash()

        found = interleaved(scale.rounds, {"rsync and sha256sum": bare, "nas sync": ours})
    goals = [Goal("of rsync and sha256sum", ratio(found, "nas sync", "rsync and sha256sum"), 1.5)]
    return Measured(goals, {"answers": scale.answers, **_in_ms(medians(found))})


def nothing_new(scale: Scale, wanted: Path) -> Measured:
    """A NAS that has them all, in turn with rsync between trees that are the same."""
    with folder_on_disk(wanted) as root, two_sides(root) as sides:
        _bring_all(sides, scale.answers)
        found = interleaved(scale.starts, {"rsync": sides.rsync, "nas sync": sides.sync})
    goals = [Goal("of rsync", ratio(found, "nas sync", "rsync"), 1.3)]
    return Measured(goals, {"answers": scale.answers, **_in_ms(medians(found))})


def doctors(scale: Scale, wanted: Path) -> Measured:
    """Both, on a road that works and a NAS with all its answers."""
    with folder_on_disk(wanted) as root, two_sides(root) as sides:
        _bring_all(sides, scale.answers)
        ways: dict[str, Callable[[], float]] = {f"{side} doctor": functools.partial(sides.doctor, side) for side in ("nas", "pc")}
        found = medians(interleaved(scale.rounds, ways))
    return Measured(
        [Goal(name, seconds, _DOCTOR_SECONDS, unit=" s") for name, seconds in found.items()], {"answers": scale.answers}
    )


def _bring_all(sides: TwoSides, count: int) -> None:
    sides.seal(count)
    sides.fresh()
    sides.rsync()
    sides.sync()
    sides.sync()  # the first one told the PC what arrived


def _in_ms(found: dict[str, float]) -> dict[str, float]:
    return {f"{name}, ms": round(seconds * 1000, 1) for name, seconds in found.items()}
