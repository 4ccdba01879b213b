"""The closing line of a command: how it ended in one word, what it counted, how long it took; and JSON for programs.

It exists so that cron's mail reads alike whatever ran, and a program that reads standard output finds one document there.
"""

from __future__ import annotations

import json
import sys
from typing import Mapping, Optional

from shared.one_line import one_line

SKIPPED = "SKIPPED"  # another one of this machine is at it: that one is enough


def closing(word: str, facts: Mapping[str, object], seconds: float) -> str:
    """`OK sent=3 brought=5 elapsed=812ms`; a fact that is None is left out, one with blanks is quoted."""
    told = [f"{name}={_shown(value)}" for name, value in facts.items() if value is not None]
    return " ".join([word, *told, f"elapsed={int(seconds * 1000)}ms"])


def close(line: str, document: Optional[Mapping[str, object]] = None) -> None:
    """The line on standard output; where a program asked for a document, that is there and the line beside it."""
    if document is not None:
        print(json.dumps(dict(document), ensure_ascii=False))
    print(one_line(line), file=sys.stdout if document is None else sys.stderr)


def _shown(value: object) -> str:
    text = str(value)
    return f'"{text}"' if " " in text else text
