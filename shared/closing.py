"""How a command ends: one line, `OK sent=3 brought=5 elapsed=812ms` or the event of a wish, and for programs one document.

It exists so that cron's mail reads alike whatever ran, and a program that reads standard output finds one document there.
"""

from __future__ import annotations

import sys
from typing import Mapping, Optional

from shared.events import Log
from shared.one_line import json_line, one_line

SKIPPED = "SKIPPED"  # another one of this machine is at it: that one is enough


def close(word: str, facts: Mapping[str, object], seconds: float, document: Optional[Mapping[str, object]] = None) -> None:
    """The line on standard output; where a program asked for a document, that is there and the line beside it."""
    if document is not None:
        put(document)
    print(one_line(closing(word, facts, seconds)), file=sys.stdout if document is None else sys.stderr)


def acknowledge(event: str, facts: Mapping[str, object], document: Optional[Mapping[str, object]] = None) -> None:
    """The same of a command that leaves a wish or tells something: its line is its event, on standard error as all of them."""
    if document is not None:
        put(document)
    Log().info(event, **facts)


def put(document: Mapping[str, object]) -> None:
    """One line of JSON on standard output, where nothing else may be."""
    print(json_line(dict(document)))


def closing(word: str, facts: Mapping[str, object], seconds: float) -> str:
    """The line: how it ended in one word, what it counted, how long it took. A fact that is None is left out; `why` is a
    sentence, and stands in quotes."""
    told = [f"{name}={_quoted(value) if name == 'why' else value}" for name, value in facts.items() if value is not None]
    return " ".join([word, *told, f"elapsed={round(seconds * 1000)}ms"])


def _quoted(value: object) -> str:
    """One line without the letter that ends it, and without half letters, which no console shows."""
    text = str(value).replace('"', "'").encode("utf-8", "replace").decode()
    return f'"{" ".join(text.split())}"'
