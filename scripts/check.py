"""Everything a change must pass: format, lint, types, tests. `--fast` leaves the fault tests out.

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


def main(arguments: "list[str]") -> int:
    """Run the steps in turn; the first that fails ends the check."""
    if set(arguments) - {"--fast"}:
        print(__doc__, file=sys.stdout if set(arguments) <= {"-h", "--help"} else sys.stderr)
        return 0 if set(arguments) <= {"-h", "--help"} else WRONG_USAGE
    python = ensure()
    for name, command in STEPS:
        say(f"--- {name}: {' '.join(command)}")
        rest = ["--ignore=tests/faults"] if name == "tests" and "--fast" in arguments else []
        done = subprocess.run([str(python), "-m", *command, *rest], cwd=ROOT, env=surroundings(), check=False)
        if done.returncode != 0:
            say(f"check failed at {name} (see above); again: {python} -m {' '.join(command)}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
