"""Text that others wrote, made fit for a line of ours.

It exists because a folder's name or a worker's word may hold line breaks and codes that move a terminal's cursor: printed as
they are, they would be lines that we never said.
"""

from __future__ import annotations


def one_line(text: str) -> str:
    """The same on one line: what is white is a space, and what nobody can see is shown as a mark."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in text)
