"""Make requirements/*.txt again from pyproject.toml: the newest versions that fit, pinned and hashed.

It exists so that a new pin is one command; docs/adr/0001 says why one file serves every Python and system.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {"nas": (), "pc": ("backtest",), "dev": ("backtest", "dev")}
# No registry's address and no local folder gets into the files; Python 3.8 need not be installed here.
OPTIONS = (
    *("--universal", "--python-version", "3.8", "--no-python-downloads", "--upgrade", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
)


def main() -> int:
    """Pin the largest set first; the smaller ones are held to its versions."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder, "Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        pinned = ROOT / "requirements" / "dev.txt"
        for name in ("dev", "pc", "nas"):
            held = () if name == "dev" else ("--constraints", str(pinned))
            extras = [word for extra in FILES[name] for word in ("--extra", extra)]
            target = str(ROOT / "requirements" / f"{name}.txt")
            command = [programs / "uv", "pip", "compile", *OPTIONS, *held, *extras, "pyproject.toml", "-o", target]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            print(f"pinned {target}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
