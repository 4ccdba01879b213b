"""Writes `.env.example` from the settings.

It exists so that the list of variables is made from the code, and a test can hold the two together.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from shared.config import CONFIG_VARIABLE, Settings, variables  # noqa: E402 - found only after the line above


def text() -> str:
    """The whole file."""
    lines = [
        "# Every variable krx-relay reads, with its default. A variable wins over configs/relay.yaml;",
        "# `python -m nas config` shows what is in force. Secrets never stand in a file that is committed.",
        "",
        "# the settings file (default: configs/relay.yaml of the checkout)",
        f"#{CONFIG_VARIABLE}=",
    ]
    for name, variable in variables().items():
        field = Settings.model_fields[name]
        default = "" if field.default is None else str(field.default)
        lines += ["", f"# {field.description}", f"#{variable}={default}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(text(), encoding="utf-8")
