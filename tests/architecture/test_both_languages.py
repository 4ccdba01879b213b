"""Whatever is said in Korean is said in English too, with the same facts; one place knows which language is asked for."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import Iterator, List, Set, Tuple

from tests.harness.sources import PACKAGES, files_of, place_of, tree_of

KNOWS_THE_LANGUAGE = "shared/text.py"
HANGUL = re.compile("[가-힣]")
LANGUAGES = {"ko", "en"}


def _texts(node: "ast.expr | None") -> List[str]:
    """The texts of a pair, as it stands in a table; none where it is no pair of texts."""
    found = [one.value for one in getattr(node, "elts", []) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return found if isinstance(node, ast.Tuple) and len(found) == len(node.elts) else []


def _entries() -> Iterator[Tuple[str, str, List[str]]]:
    """Of every table: where it stands, the key, and what is said."""
    for file in files_of(*PACKAGES):
        for table in (node for node in ast.walk(tree_of(file)) if isinstance(node, ast.Dict)):
            said = {ast.unparse(key): _texts(pair) for key, pair in zip(table.keys, table.values) if key and _texts(pair)}
            if any(HANGUL.search(text) for texts in said.values() for text in texts):
                yield from ((place_of(file), key, texts) for key, texts in said.items())


def _gaps(text: str) -> Set[str]:
    """The names of its gaps; those without one by their numbers."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return {name or str(number) for number, name in enumerate(names)}


ENTRIES = list(_entries())


def test_the_tables_are_found() -> None:
    """Else what follows would look at nothing."""
    places = {place for place, _, _ in ENTRIES}
    assert {"shared/sentences.py", "shared/notices/words.py", "nas/labels.py", "pc/keeper.py", "pc/report/labels.py"} <= places
    assert len(ENTRIES) > 300


def test_every_entry_is_said_in_both_languages_with_the_same_facts_in_it() -> None:
    wrong = [
        f"{place}: {key}"
        for place, key, texts in ENTRIES
        if len(texts) != 2 or not all(texts) or _gaps(texts[0]) != _gaps(texts[1])
    ]
    assert not wrong


def test_one_place_knows_which_language_is_asked_for() -> None:
    """Each place of its own would have a rule of its own for who asks for neither."""
    wrong = [
        f"{place_of(file, node.lineno)}: {ast.unparse(node)}"
        for file in files_of(*PACKAGES)
        if place_of(file) != KNOWS_THE_LANGUAGE
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Compare) and _names_a_language(node)
    ]
    assert not wrong, f"let {KNOWS_THE_LANGUAGE} choose"


def _names_a_language(node: ast.Compare) -> bool:
    return any(isinstance(one, ast.Constant) and one.value in LANGUAGES for one in (node.left, *node.comparators))


# Elsewhere they are no figure: the marks of fills on a chart, the unit of an axis.
NO_FIGURES = ("pc/report/charts.py", "pc/report/labels.py")
FIGURE = re.compile("[▲▼]|만원|억원|[}]원")


def test_money_and_arrows_are_written_by_one_formatter() -> None:
    """Two of them would round otherwise, or put the sign elsewhere."""
    wrong = []
    for file in files_of(*PACKAGES):
        tree = tree_of(file)
        owners = [node for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))]
        said = {id(node.body[0].value) for node in owners if node.body and isinstance(node.body[0], ast.Expr)}
        for node in (one for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in said):
            if isinstance(node.value, str) and FIGURE.search(node.value):
                wrong.append(place_of(file, node.lineno))
    assert {place.partition(":")[0] for place in wrong} - {*NO_FIGURES} == {"shared/figures.py"}
