"""The documents, read as tables under headings: what the tests that hold docs and code together look at.

It exists so that each of them compares two sets of names.
"""

from __future__ import annotations

import re
from typing import Dict, List

from tests.harness.sources import ROOT

_CODE = re.compile(r"`([^`\n]+)`")
_FENCED = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)


def text_of(page: str) -> str:
    """A page of docs/."""
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def part(page: str, heading: str) -> str:
    """What stands under a heading, up to the next of its rank or a higher one."""
    text = text_of(page)
    match = re.search(rf"^(#+) {re.escape(heading)}[^\n]*\n", text, re.MULTILINE)
    assert match, f"docs/{page} has no heading {heading!r}"
    rest = text[match.end() :]
    end = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> List[List[str]]:
    """The cells of every table row, headings left out; a `\\|` stays inside its cell."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    heads = {number - 1 for number, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for number, row in enumerate(cells) if number not in heads and number - 1 not in heads]


def named(text: str) -> Dict[str, List[str]]:
    """The rows by the first `code` of their first cell."""
    found = {}
    for row in rows(text):
        code = _CODE.search(row[0])
        assert code, f"a row names nothing: {row}"
        assert code[1] not in found, f"{code[1]} stands there twice"
        found[code[1]] = row
    return found


def codes(text: str) -> "set[str]":
    """Every `code` in a text, fenced blocks left out."""
    return set(_CODE.findall(_FENCED.sub("", text)))
