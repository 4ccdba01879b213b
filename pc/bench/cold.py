"""The commands people and cron type, from a cold start: `nas submit`, `nas status`, and a job whose guard is closed.

It exists because a command that takes half a second is one that people stop using, and cron starts it from nothing every time.
"""

from __future__ import annotations

from pathlib import Path

from pc.bench.measure import (
    Goal,
    Measured,
    Scale,
    environment_of,
    folder_on_disk,
    interleaved,
    medians,
    python,
    ratio,
    seconds_of_program,
    settings_in,
)

_REFERENCE = "import pydantic, yaml\nclass Model(pydantic.BaseModel):\n    name: str\n    size: int = 1\nModel(name='x')"


_LIMIT = 1.4


def cold_commands(scale: Scale, wanted: Path) -> Measured:
    """Each a new process, in turn with one that imports pydantic and yaml and builds one model."""
    submit = ("submit", "krx_ma200", "--start", "2020-01-01", "--set", "window=100")
    return _beside_the_reference(scale, wanted, {"nas submit": submit, "nas status": ("status",)})


def guarded_out(scale: Scale, wanted: Path) -> Measured:
    """A job whose guard is closed, as cron starts it on a Saturday: lock, guard, log, and the note of it."""
    return _beside_the_reference(scale, wanted, {"nas run, guarded out": ("run", "report_eod", "--at", "2026-11-21T18:10")})


def _beside_the_reference(scale: Scale, wanted: Path, commands: dict[str, tuple[str, ...]]) -> Measured:
    with folder_on_disk(wanted) as root:
        env = environment_of(settings_in(root))
        seconds_of_program(python("-m", "nas", "init"), env)
        programs = {"reference": python("-c", _REFERENCE), "python alone": python("-c", "pass")}
        programs |= {name: python("-m", "nas", *words) for name, words in commands.items()}
        ways = {name: lambda program=program: seconds_of_program(program, env) for name, program in programs.items()}
        found = interleaved(scale.starts, ways)
    goals = [Goal(f"{name} of the reference", ratio(found, name, "reference"), _LIMIT) for name in commands]
    return Measured(goals, {f"{name}, ms": round(seconds * 1000, 1) for name, seconds in medians(found).items()})
