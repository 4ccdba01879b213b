"""The shape of the rooms: small files, plain names, a first sentence that says what a module owns and one why."""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from pathlib import Path
from typing import Iterator, List, Tuple, Union

import pytest

from tests.harness.sources import PACKAGES, ROOT, files_of, place_of, tree_of

LONGEST_MODULE, LONGEST_TEST = 250, 400
LONGEST_FUNCTION, MOST_PARAMETERS, DEEPEST = 25, 4, 2
FORBIDDEN = re.compile(r"manager|helper|factor(y|ies)|plugin|consumer|enqueue|requeue")
FORBIDDEN_WORDS = {"util", "utils", "utility", "utilities", "common", "commons", "base", "bases"}
NOT_OURS = {"tmp_path_factory", "text_factory"}  # pytest's and sqlite3's own names

# The few that are clearer as they are, each with its reason.
GREEDY = {
    "inbox/liveness.py Incarnation.__init__": "whose start, where, how long it may be silent, by which clock, who it was before",
}
DEEP = {
    "pc/launchers/processes.py Slot._news": "what each child says, until one says nothing more",
    "shared/disk.py Disk._patiently": "trying again for a while is a loop around a try, and some errors are final",
}
HEIRS = {
    "pc/bench/peer_engines.py Above(engine.Strategy)": "backtesting.py takes a strategy only as a class of this kind",
    "pc/bench/watching.py Watching(Folders)": "the same folders, with a worker at work for as long as it is entered",
}
HEIRLOOMS = {"BaseModel", "NamedTuple", "Protocol", "Enum", "TypedDict"}  # what a value or a contract is made of; and errors
ODD = """
def odd(self, one, two, *, three=1, four=2, **five):
    'Says something.'
    if one:
        pass
    elif two:
        for each in two:
            with each:
                def inner():
                    if True:
                        pass
"""

SOURCES = files_of(*PACKAGES, "scripts")
EVERYTHING = files_of(*PACKAGES, "scripts", "tests")


def _functions(room: ast.AST, inside: str = "") -> Iterator[Tuple[str, ast.FunctionDef]]:
    """Each with its name: `Class.method` where it is one."""
    for node in ast.iter_child_nodes(room):
        if isinstance(node, ast.FunctionDef):
            yield f"{inside}{node.name}", node
        yield from _functions(node, f"{inside}{node.name}." if isinstance(node, ast.ClassDef) else inside)


def _names_given(file: Path) -> Iterator[Tuple[str, int]]:
    """Every name the file itself makes up: functions, classes, arguments, variables, attributes, keywords of its own."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, 0


def _is_forbidden(name: str) -> bool:
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    return bool(FORBIDDEN.search(name.lower())) or bool(FORBIDDEN_WORDS & set(words))


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    def lines(file: Path) -> int:
        return file.read_text(encoding="utf-8").count("\n")

    long = [f"{place_of(file)}: {lines(file)}" for file in SOURCES if lines(file) > LONGEST_MODULE]
    long += [f"{place_of(file)}: {lines(file)}" for file in files_of("tests") if lines(file) > LONGEST_TEST]
    assert not long, long


def test_no_function_is_longer_than_a_person_keeps_in_mind() -> None:
    """Its lines without signature and docstring."""
    long = [f"{name}: {size}" for name, one in _every_function() if (size := _size(one)) > LONGEST_FUNCTION]
    assert not long, long


def test_no_function_asks_for_more_than_four_things() -> None:
    """`self` is not asked for."""
    greedy = [
        f"{name}: {', '.join(asked)}"
        for name, one in _every_function()
        if len(asked := _parameters(one)) > MOST_PARAMETERS and name not in GREEDY
    ]
    assert not greedy, greedy


def test_no_function_is_nested_deeper_than_two_levels() -> None:
    """`if`, `for`, `while`, `with` and `try` are levels; an `elif` is none of its own."""
    deep = [f"{name}: {depth}" for name, one in _every_function() if (depth := _depth(one)) > DEEPEST and name not in DEEP]
    assert not deep, deep


def test_the_three_tests_above_would_notice() -> None:
    [odd] = [node for node in ast.parse(ODD).body if isinstance(node, ast.FunctionDef)]
    assert (_size(odd), len(_parameters(odd)), _depth(odd)) == (8, 5, 3)
    assert [name for name, _ in _functions(ast.parse(f"class Odd:\n{textwrap.indent(ODD, '    ')}"))] == ["Odd.odd", "Odd.inner"]


def test_every_exception_to_the_three_is_one() -> None:
    """Else it would excuse whoever takes that name next."""
    found = dict(_every_function())
    assert [name for name in GREEDY if name not in found or len(_parameters(found[name])) <= MOST_PARAMETERS] == []
    assert [name for name in DEEP if name not in found or _depth(found[name]) <= DEEPEST] == []


def _every_function() -> Iterator[Tuple[str, ast.FunctionDef]]:
    """By its file and its name."""
    yield from ((f"{place_of(file)} {name}", one) for file in SOURCES for name, one in _functions(tree_of(file)))


def _size(one: ast.FunctionDef) -> int:
    body = one.body[1:] if ast.get_docstring(one) else one.body
    return (one.end_lineno or one.lineno) - body[0].lineno + 1 if body else 0


def _parameters(one: ast.FunctionDef) -> List[str]:
    asked = one.args
    named = [*asked.posonlyargs, *asked.args, *asked.kwonlyargs, asked.vararg, asked.kwarg]
    return [each.arg for each in named if each and each.arg not in ("self", "cls")]


def _depth(node: ast.AST) -> int:
    """How many levels lie below; a function within counts for itself."""
    inner = [each for each in ast.iter_child_nodes(node) if not isinstance(each, (ast.FunctionDef, ast.ClassDef, ast.Lambda))]
    return max((_depth(each) + _is_level(node, each) for each in inner), default=0)


def _is_level(around: ast.AST, node: ast.AST) -> bool:
    is_elif = isinstance(around, ast.If) and isinstance(node, ast.If) and around.orelse == [node]
    return isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)) and not is_elif


def test_nothing_inherits_but_errors_values_and_contracts() -> None:
    """What a thing does stands in one place: whoever reads its class has read it."""
    heirs = [heir for file in SOURCES for heir in _heirs(tree_of(file), place_of(file))]
    assert sorted(heirs) == sorted(HEIRS)


def test_the_test_about_heirs_would_notice() -> None:
    text = """
        class Fault(OSError): ...
        class Late(Fault): ...
        class Value(pydantic.BaseModel): ...
        class More(Value): ...
        def make():
            class Kept(List[int], Protocol): ...
    """
    assert list(_heirs(ast.parse(textwrap.dedent(text)), "x.py")) == [
        "x.py More(Value)",
        "x.py Kept(List[int], Protocol)",
    ]


def _heirs(tree: ast.Module, place: str) -> Iterator[str]:
    """Its classes that inherit something else, each with what that is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            parents = [ast.unparse(parent) for parent in node.bases]
            if any(parent.rpartition(".")[2] not in HEIRLOOMS and not _is_error(parent, tree) for parent in parents):
                yield f"{place} {node.name}({', '.join(parents)})"


def _is_error(name: str, tree: ast.Module) -> bool:
    """An exception of Python's, our own, or one made of these in the same module."""
    found = getattr(builtins, name, None)
    if name == "RelayError" or (isinstance(found, type) and issubclass(found, BaseException)):
        return True
    made_of = [node.bases for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == name]
    return any(_is_error(ast.unparse(parent), tree) for parents in made_of for parent in parents)


def test_nothing_has_a_name_that_says_nothing() -> None:
    wrong = [
        f"{place_of(file, line)} {name}"
        for file in EVERYTHING
        for name, line in [*_names_given(file), (file.stem, 0), (file.parent.name, 0)]
        if _is_forbidden(name) and name not in NOT_OURS
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("name", ["RunManager", "path_utils", "BaseLauncher", "requeue", "common", "row_helper"])
def test_the_test_about_names_would_notice(name: str) -> None:
    assert _is_forbidden(name)
    assert not _is_forbidden("database")
    assert not _is_forbidden("committed")
    assert not _is_forbidden("based_on")


def test_every_module_says_what_it_owns_and_why_it_exists() -> None:
    """Two sentences; a door or a part of a catalog with a contract may say only what it is."""
    silent = []
    for file in SOURCES:
        text = ast.get_docstring(tree_of(file)) or ""
        empty = not file.read_text(encoding="utf-8").strip()
        door = file.name == "__init__.py"
        says_why = bool(re.search(r"\b(It|They) exists?\b", text))
        if not empty and (not text or (not says_why and not door)):
            silent.append(place_of(file))
    assert not silent, silent


def test_a_door_only_hands_out_what_lies_behind_it() -> None:
    """`__init__.py` holds a docstring, imports and `__all__`."""
    wrong: List[str] = []
    for file in files_of(*PACKAGES):
        if file.name != "__init__.py":
            continue
        for node in tree_of(file).body:
            text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            handed = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            if not (text or handed or isinstance(node, (ast.Import, ast.ImportFrom))):
                wrong.append(place_of(file, node.lineno))
    assert not wrong, wrong


def test_every_public_function_promises_something() -> None:
    """A docstring is a function's promise."""
    silent = [
        f"{place_of(file, node.lineno)} {node.name}"
        for file in files_of(*PACKAGES)
        for node in _public(tree_of(file))
        if not ast.get_docstring(node)
    ]
    assert not silent, silent


def _public(room: Union[ast.Module, ast.ClassDef]) -> Iterator[Union[ast.FunctionDef, ast.ClassDef]]:
    """The functions and classes of a module that others may use, and the methods of those classes."""
    for node in room.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_the_rooms_are_the_designs_and_none_is_empty() -> None:
    """What programs write into a checkout (.gitignore) is no room; nor are pinned versions."""
    ignored = re.findall(r"^/?([\w.-]+)/$", (ROOT / ".gitignore").read_text(encoding="utf-8"), re.MULTILINE)
    found = [path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "." and path.name not in ignored]
    rooms = {*PACKAGES, "configs", "scripts", "tests", "docs"}
    assert {path.name for path in found} == {*rooms, "requirements"}
    empty = [place_of(path) for path in found if not any(one.is_file() and one.stat().st_size for one in path.rglob("*"))]
    assert not empty, empty


def test_the_story_is_told_in_fewer_than_sixty_lines() -> None:
    assert (ROOT / "tests" / "test_story.py").read_text(encoding="utf-8").count("\n") < 60
