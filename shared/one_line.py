"""Text that others wrote, made fit to be printed: a line of ours, or a text with its lines.

It exists because a folder's name, a worker's word or a report from elsewhere may hold line breaks and codes that move a
terminal's cursor: printed as they are, they would be lines that we never said.
"""

from __future__ import annotations

import json


def one_line(text: str) -> str:
    """The same on one line: what is white is a space, and what nobody can see is shown as a mark."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in text)


def clean_lines(text: str) -> str:
    """The same with its line ends and tabs as they are: by no text does a terminal do more than write."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(one_line, line.split("\t"))) for line in lines)


def json_line(document: object) -> str:
    """One line of JSON that moves no cursor either: what cannot be printed is escaped, and reads the same."""
    text = json.dumps(document, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)
