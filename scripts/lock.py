"""Make requirements/*.txt again from pyproject.toml: the newest versions that fit, pinned and hashed.

It exists so that a new pin is one command; docs/adr/0001 says why one file serves every Python and system.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What the bench measures us against, in an environment of its own: never in ours, some of it by its licence.
PEERS = ("dirq", "huey", "matplotlib", "pandas", "persist-queue", "pyarrow", "vectorbt==1.2.0", "bt==1.4.1", "backtesting==0.6.6")
FILES = {"nas": (), "pc": ("backtest",), "market": ("market",), "dev": ("backtest", "market", "fdr", "dev")}
# No registry's address and no local folder gets into the files; Python 3.8 need not be installed here.
OPTIONS = (
    *("--universal", "--no-python-downloads", "--upgrade", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
)


def main() -> int:
    """Pin the largest set first; the smaller ones are held to its versions."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder, "Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        pinned = ROOT / "requirements" / "dev.txt"
        for name in ("dev", "pc", "market", "nas"):
            held = () if name == "dev" else ("--constraints", str(pinned))
            extras = [word for extra in FILES[name] for word in ("--extra", extra)]
            target = str(ROOT / "requirements" / f"{name}.txt")
            _pin(programs, "3.8", [*held, *extras, "pyproject.toml", "-o", target])
        _pin(programs, "3.11", ["-", "-o", str(ROOT / "requirements" / "peers.txt")], "\n".join(PEERS))
    return 0


def _pin(programs: Path, oldest: str, rest: list[str], said: str = "") -> None:
    """Written to the file that is named last."""
    command = [str(programs / "uv"), "pip", "compile", *OPTIONS, "--python-version", oldest, *rest]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, input=said, text=True)
    print(f"pinned {rest[-1]}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
