"""Lines of eighty columns: titles, rows, cells and what does not fit into one line.

It exists because Hangul takes two columns of a terminal, and a table that forgets it is no table.
"""

from __future__ import annotations

from collections.abc import Sequence

from pc.report.labels import label, reason
from shared.figures import day
from shared.text import columns

WIDTH, LEFT = 80, 22  # of a line; where the value of a row begins


def section(key: str, language: str, lines: list[str]) -> list[str]:
    """Its title, its lines, an empty one."""
    return [f"[{label(key, language)}]", *(lines or [f"  {label('none', language)}"]), ""]


def row(key: str, value: str, language: str) -> list[str]:
    """A label and its value, which goes on below itself."""
    return wrapped(value, padded(f"  {label(key, language)}", LEFT), LEFT)


def wrapped(text: str, begin: str, indent: int) -> list[str]:
    """`text` after `begin`, broken between words, the rest below with so many blanks before it; a long word stays whole."""
    lines, line, is_new = list[str](), begin, True
    for word in text.split():
        if not is_new and columns(line) + 1 + columns(word) > WIDTH:
            lines.append(line)
            line, is_new = " " * indent, True
        line += word if is_new else f" {word}"
        is_new = False
    return [*lines, line]


def padded(text: str, width: int) -> str:
    """At the left of so many columns, with one blank after it at least."""
    return text + " " * max(1, width - columns(text))


def aligned(cells: Sequence[str], width: int) -> str:
    """Each at the right of so many columns, with one blank before it at least."""
    return "".join(" " * max(1, width - columns(cell)) + cell for cell in cells)


def cut(text: str, width: int) -> str:
    """No wider than that; what was cut off is shown by an ellipsis."""
    if columns(text) <= width:
        return text
    while columns(text) >= width:
        text = text[:-1]
    return f"{text}…"


def percent(value: float | None, digits: int = 2) -> str:
    """`-18.20%`; a dash where there is none, and never a zero with a minus."""
    return "-" if value is None else f"{value * 100:z,.{digits}f}%"


def points(difference: float | None, digits: int = 1) -> str:
    """`+5.1%p`."""
    return "-" if difference is None else f"{difference * 100:+z,.{digits}f}%p"


def ratio(value: float | None) -> str:
    """`0.91`."""
    return "-" if value is None else f"{value:z,.2f}"


def on_day(found: str | None, language: str) -> str:
    """The day with its weekday; where there is none, that it is open."""
    return label("any", language) if found is None else day(found, language)


def why_missing(reasons: dict[str, str], name: str, language: str) -> str:
    """Why that figure is a dash."""
    return reason(reasons.get(name, ""), language)
