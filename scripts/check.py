"""Everything a change must pass: format, lint, types, tests, and the tests that break things on purpose.

`--fast` leaves these last out. `--thorough` takes far longer: every fault at every operation, where the everyday check
kills at every operation of the queue, strikes one in three elsewhere with some faults in turn, recoveries under fire
with a spread of them, and tells one in three of the stories of many programs: what is left out, other code meets.

It exists so that a person and the continuous integration run the same command, on every system.
"""

import subprocess
import sys

from environment import ROOT, ensure, say, surroundings

_SHARED_OUT = ("--numprocesses=4", "--dist=worksteal")  # on two cores: many tests wait
STEPS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("tests", ("pytest", *_SHARED_OUT, "--ignore=tests/faults")),
    ("faults", ("pytest", *_SHARED_OUT, "tests/faults")),  # apart: they fork, and a process that has loaded less forks quicker
)
WRONG_USAGE = 64


def main(arguments: "list[str]") -> int:
    """Run the steps in turn; the first that fails ends the check."""
    if set(arguments) - {"--fast", "--thorough"}:
        print(__doc__, file=sys.stdout if set(arguments) <= {"-h", "--help"} else sys.stderr)
        return 0 if set(arguments) <= {"-h", "--help"} else WRONG_USAGE
    python, around = ensure(), {**surroundings(), "KRX_RELAY_THOROUGH": str(int("--thorough" in arguments))}
    for name, command in STEPS:
        say(f"--- {name}: {' '.join(command)}")
        if name == "faults" and "--fast" in arguments:
            continue
        more = ["--timeout=3600"] if name == "faults" and "--thorough" in arguments else []
        done = subprocess.run([str(python), "-m", *command, *more], cwd=ROOT, env=around, check=False)
        if done.returncode != 0:
            say(f"check failed at {name} (see above); again: {python} -m {' '.join(command)}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
