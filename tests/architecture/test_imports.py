"""Who may import whom: the import table of docs/architecture.md, read from the source text."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Dict, List, Set

import pytest

from tests.harness.sources import PACKAGES, ROOT, Import, files_of, imports_of, module_of, place_of, tree_of

MAY_IMPORT: Dict[str, Set[str]] = {
    "shared": {"shared"},
    "inbox": {"inbox", "shared"},
    "outbox": {"outbox", "shared"},
    "pc": {"pc", "shared", "inbox", "outbox"},
    "nas": {"nas", "shared", "inbox", "outbox"},
}
LIBRARIES: Dict[str, Set[str]] = {
    "shared": {"pydantic", "pydantic_core", "yaml"},
    "inbox": {"pydantic"},
    "outbox": set(),
    "pc": {"pydantic", "numpy", "matplotlib", "psutil", "watchdog"},
    "nas": {"pydantic", "rich"},
}
MORE_LIBRARIES: Dict[str, Set[str]] = {
    "shared/market": {"numpy", "pyarrow"},
    "shared/strategies": {"numpy"},  # inside `decide` only: see the test below
    "shared/notices": {"slack_sdk"},
    "shared/lock.py": {"fasteners"},
    "shared/market/sessions.py": {"exchange_calendars"},  # inside the one function that tells US sessions
    "nas/calendar_others.py": {"holidays", "exchange_calendars"},  # to compare ours with, where they are installed
    "shared/machine.py": {"psutil"},  # where it is installed it tells a dead process at once; without it the lease does
}
DOORS = (
    "inbox",
    "nas.closes",
    "nas.old_files",
    "nas.reporting",
    "nas.running",
    "nas.scanning",
    "outbox",
    "shared.krx_calendar",
    "shared.market",
    "shared.market.asking",
    "shared.market.cache",
    "shared.market.indicators",
    "shared.market.ingest",
    "shared.market.picking",
    "shared.notices",
    "shared.strategies",
)
CATALOGS = (
    "shared/strategies",
    "shared/market/providers",
    "shared/carriers",
    "shared/notices/notifiers",
    "pc/launchers",
    "nas/jobs",
)


def _own(import_: Import) -> bool:
    return import_.module.split(".")[0] in PACKAGES


def _package(file: Path) -> str:
    return file.relative_to(ROOT).parts[0]


def _libraries_of(file: Path) -> Set[str]:
    place = place_of(file)
    more = [names for prefix, names in MORE_LIBRARIES.items() if place == prefix or place.startswith(prefix + "/")]
    return LIBRARIES[_package(file)].union(*more)


def _parts(catalog: str) -> List[Path]:
    return sorted((ROOT / catalog).glob("[!_]*.py"))


ALL_FILES = files_of(*PACKAGES)


def test_every_package_imports_only_the_packages_it_may() -> None:
    wrong = [
        f"{place_of(file, one.line)} imports {one.module}"
        for file in ALL_FILES
        for one in imports_of(file)
        if _own(one) and one.module.split(".")[0] not in MAY_IMPORT[_package(file)]
    ]
    assert not wrong, wrong


def test_no_package_imports_a_library_that_is_not_its_own() -> None:
    wrong = []
    for file in ALL_FILES:
        allowed = _libraries_of(file)
        for one in imports_of(file):
            top = one.module.split(".")[0]
            standard = top in sys.stdlib_module_names or top in PACKAGES
            if not standard and not one.for_types and top not in allowed:
                wrong.append(f"{place_of(file, one.line)} imports {one.module}")
    assert not wrong, wrong


def test_nobody_imports_relatively() -> None:
    assert not [place_of(file) for file in ALL_FILES if any(not one.module for one in imports_of(file))]


@pytest.mark.parametrize("door", DOORS)
def test_other_packages_come_in_by_the_door(door: str) -> None:
    """`from inbox import take`, never `from inbox.claim import take`. A part of a catalog is named by its file."""
    room = ROOT.joinpath(*door.split("."))
    doors = {*DOORS, *(catalog.replace("/", ".") for catalog in CATALOGS)}
    handed_out = {name for one in imports_of(room / "__init__.py") for name in one.names}
    wrong = []
    for file in ALL_FILES:
        for one in imports_of(file):
            inside = room in file.parents
            if not inside and one.module.startswith(door + ".") and one.module not in doors:
                wrong.append(f"{place_of(file, one.line)} imports {one.module}, not {door}")
            elif not inside and one.module == door and not set(one.names) <= handed_out | _parts_named(room):
                wrong.append(f"{place_of(file, one.line)} takes out of {door} what it does not hand out: {one.names}")
    assert not wrong, wrong


def test_only_the_two_rooms_touch_their_files() -> None:
    """The rooms' disk is theirs: whoever wants something done to a request or an answer asks at the door."""
    rooms = [ROOT / "inbox", ROOT / "outbox", ROOT / "shared"]
    wrong = [
        f"{place_of(file, node.lineno)}: {ast.unparse(node)}"
        for file in ALL_FILES
        if not any(room in file.parents for room in rooms)
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute) and node.attr == "disk"
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("catalog", CATALOGS)
def test_no_part_of_a_catalog_imports_another(catalog: str) -> None:
    package = catalog.replace("/", ".")
    names = {file.stem for file in _parts(catalog)}
    assert names, f"{catalog} has no part"
    wrong = []
    for file in _parts(catalog):
        for one in imports_of(file):
            taken = {one.module[len(package) + 1 :]} if one.module.startswith(package + ".") else set()
            taken |= set(one.names) if one.module == package else set()
            if taken & names:
                wrong.append(f"{place_of(file, one.line)} imports the part {taken & names}")
    assert not wrong, wrong


def test_a_strategy_imports_only_pydantic_at_its_top() -> None:
    """It must load on the NAS, whose Python is 3.8 and has no numpy."""
    wrong = []
    for file in _parts("shared/strategies"):
        for one in imports_of(file):
            top = one.module.split(".")[0]
            light = top == "pydantic" or top in sys.stdlib_module_names or one.module == "shared.strategies"
            if one.at_top and not one.for_types and not light:
                wrong.append(f"{place_of(file, one.line)} imports {one.module}")
    assert not wrong, wrong


def _parts_named(room: Path) -> Set[str]:
    return {file.stem for file in room.glob("[!_]*.py")} if place_of(room) in CATALOGS else set()


def test_what_is_shared_is_used_on_both_machines() -> None:
    """What only one machine reaches belongs to that machine's room; prices and the parts of catalogs are shared by rule."""
    graph = {module_of(file): {name for one in imports_of(file) for name in _targets(one)} for file in ALL_FILES}
    exempt = ("shared.market", "shared.strategies.", "shared.carriers.", "shared.notices.notifiers")
    lonely = []
    for file in files_of("shared"):
        module = module_of(file)
        users = {machine for machine in ("pc", "nas") if _reaches(graph, machine, module)}
        if users != {"pc", "nas"} and not module.startswith(exempt) and module != "shared":
            lonely.append(f"{module} is reached by {users or 'nobody'}")
    assert not lonely, lonely


def _targets(one: Import) -> List[str]:
    return [one.module, *(f"{one.module}.{name}" for name in one.names)]


def _reaches(graph: Dict[str, Set[str]], machine: str, module: str) -> bool:
    seen: Set[str] = set()
    todo = [name for name in graph if name.split(".")[0] == machine]
    while todo:
        name = todo.pop()
        if name == module:
            return True
        if name not in seen:
            seen.add(name)
            todo += [target for target in graph.get(name, ()) if target in graph]
    return False
