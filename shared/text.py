"""A sentence in both languages, and how one is taken out of a table of them.

It exists so that every table is read in the same way, and so that who asks for neither language gets Korean everywhere.
"""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence, Tuple

Table = Mapping[str, Tuple[str, str]]  # by key: Korean, English


class Text(NamedTuple):
    """One sentence in both languages; both empty: nothing to say."""

    ko: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        """As that reader reads it."""
        return self.en if language == "en" else self.ko


def same(text: object) -> Text:
    """What is said alike in both: a code, a path, another program's words."""
    return Text(str(text), str(text))


def wording(table: Table, key: str, *values: object, **facts: object) -> Text:
    """What the table says for that key, its gaps filled; as it stands there where nothing is given to fill them. What fills one
    may be a sentence in both languages itself."""
    if not values and not facts:
        return Text(*table[key])
    return Text(*(_filled(said, number, values, facts) for number, said in enumerate(table[key])))


def _filled(said: str, language: int, values: Sequence[object], facts: Mapping[str, object]) -> str:
    def of(value: object) -> object:
        return value[language] if isinstance(value, Text) else value

    return said.format(*map(of, values), **{name: of(fact) for name, fact in facts.items()})


def few_of(names: Sequence[str], most: int = 5) -> str:
    """The first of these names, and of how many; names are nobody's language."""
    return ", ".join(names[:most]) + (f" … ({len(names)})" if len(names) > most else "")


def columns(text: str) -> int:
    """How many columns of a terminal it takes: a letter of Hangul is two wide."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
