"""Everything a change must pass: format, lint, types, tests.

`--fast` leaves the fault tests out. `--thorough` takes an hour or more: every fault at every operation, where the everyday check
strikes every operation with some faults in turn, and recoveries under fire with a spread of them.

It exists so that a person and the continuous integration run the same command, on every system.
"""

import subprocess
import sys

from environment import ROOT, ensure, say, surroundings

STEPS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("tests", ("pytest", "--numprocesses=3", "--dist=worksteal")),  # many of them wait, few of them count
)
WRONG_USAGE = 64
_MORE = {"--fast": "--ignore=tests/faults", "--thorough": "--timeout=3600"}


def main(arguments: "list[str]") -> int:
    """Run the steps in turn; the first that fails ends the check."""
    if set(arguments) - _MORE.keys():
        print(__doc__, file=sys.stdout if set(arguments) <= {"-h", "--help"} else sys.stderr)
        return 0 if set(arguments) <= {"-h", "--help"} else WRONG_USAGE
    python, around = ensure(), {**surroundings(), "KRX_RELAY_THOROUGH": str(int("--thorough" in arguments))}
    for name, command in STEPS:
        say(f"--- {name}: {' '.join(command)}")
        more = [word for said, word in _MORE.items() if said in arguments and name == "tests"]
        done = subprocess.run([str(python), "-m", *command, *more], cwd=ROOT, env=around, check=False)
        if done.returncode != 0:
            say(f"check failed at {name} (see above); again: {python} -m {' '.join(command)}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
