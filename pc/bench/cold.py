"""The commands people type, from a cold start: `nas submit` and `nas status`.

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


def cold_commands(scale: Scale, wanted: Path) -> Measured:
    """Each a new process, in turn with one that imports pydantic and yaml and builds one model."""
    with folder_on_disk(wanted) as root:
        env = environment_of(settings_in(root))
        seconds_of_program(python("-m", "nas", "init"), env)
        programs = {
            "reference": python("-c", _REFERENCE),
            "nas submit": python("-m", "nas", "submit", "krx_ma200", "--start", "2020-01-01", "--set", "window=100"),
            "nas status": python("-m", "nas", "status"),
            "python alone": python("-c", "pass"),
        }
        ways = {name: lambda program=program: seconds_of_program(program, env) for name, program in programs.items()}
        found = interleaved(scale.starts, ways)
    goals = [Goal(f"{name} of the reference", ratio(found, name, "reference"), 1.4) for name in ("nas submit", "nas status")]
    return Measured(goals, {f"{name}, ms": round(seconds * 1000, 1) for name, seconds in medians(found).items()})
