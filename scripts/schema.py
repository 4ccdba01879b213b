"""Write docs/request.schema.json again, from the code that reads requests: `python scripts/schema.py`.

It exists so that people and editors can check a request before it is sent, against the very fields the code knows.
"""

import json
import sys
from pathlib import Path
from typing import Any, Dict

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "request.schema.json"


def schema() -> "Dict[str, Any]":
    """The schema of `relay.request/1`, as the model in inbox/request.py has it."""
    sys.path.insert(0, str(ROOT))
    from inbox import SCHEMA, Request

    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    return {**about, **Request.model_json_schema(by_alias=True)}


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"wrote {FILE}", file=sys.stderr)
