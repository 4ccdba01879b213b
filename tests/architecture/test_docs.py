"""The documents say what the code does, all of it and nothing else: every name is compared in both directions."""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import textwrap
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Set, Tuple

import pytest
from env_example import OUTSIDE

import nas.__main__
import pc.__main__
from inbox import Costs, Request, Rules, request_from
from shared import config
from shared.errors import RelayError
from shared.outcome import STATUSES
from tests.harness.documents import codes, named, part, rows, text_of
from tests.harness.road import Road
from tests.harness.sources import PACKAGES, ROOT, files_of, place_of, tree_of

EVENT = re.compile(r"[A-Z]+(_[A-Z]+)+")
LEVELS = {"info", "warning", "error"}
OPEN_FIELDS = {"params", "metrics"}  # a strategy's own words, and those of metrics.json
SAID_OTHERWISE = {"environment": {"numpy", "matplotlib", "pydantic"}}  # "the versions of"
BY_ABOUT = {"request", "run", "attempt"}  # said once for all lines of a run, by `Log.about`
TELLERS = {"tell", "line", "_done", "_ended", "acknowledge"}  # functions and names that pass an event on to one of them


# ---- commands ----


def _commands(parser: argparse.ArgumentParser, prog: str) -> Iterator[Tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from ((f"python -m {prog} {name}", one) for name, one in action.choices.items())


ALL_COMMANDS = {**dict(_commands(nas.__main__.parser(), "nas")), **dict(_commands(pc.__main__.parser(), "pc"))}


def test_every_command_is_documented_and_no_other() -> None:
    wanted = {*ALL_COMMANDS, "python -m pc.worker"}
    found = set(re.findall(r"^### `(python -m [^`]+)`", text_of("commands.md"), re.MULTILINE))
    assert found == wanted


@pytest.mark.parametrize("command", sorted(ALL_COMMANDS))
def test_every_option_of_a_command_is_documented_and_no_other(command: str) -> None:
    actions = [one for one in ALL_COMMANDS[command]._actions if not isinstance(one, argparse._HelpAction)]
    wanted = {one.option_strings[0] if one.option_strings else one.dest for one in actions}
    assert set(named(part("commands.md", f"`{command}`"))) == wanted


def test_every_option_of_the_worker_is_documented_and_no_other() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pc.worker", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    wanted = set(re.findall(r"^  (--\w[\w-]*)", done.stdout, re.MULTILINE))
    assert set(named(part("commands.md", "`python -m pc.worker`"))) == wanted


@pytest.mark.parametrize("command", sorted(ALL_COMMANDS))
def test_the_help_of_every_command_starts_with_examples_of_it(command: str) -> None:
    shown = re.sub(r"\Ausage: .*(\n +.*)*\n\n", "", ALL_COMMANDS[command].format_help())
    assert re.match(rf"examples:\n +{re.escape(command)}\b", shown), shown


@pytest.mark.parametrize("command", sorted(ALL_COMMANDS))
def test_every_command_speaks_json_when_asked(command: str) -> None:
    """And the worker's, as the test above compares its options with the document."""
    assert "--json" in ALL_COMMANDS[command]._option_string_actions
    assert "--json" in named(part("commands.md", "`python -m pc.worker`"))


# ---- settings ----


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    found = named(part("commands.md", "Settings"))
    assert set(found) == {*config.Settings.model_fields, config.CONFIG_VARIABLE}
    for name, field in config.Settings.model_fields.items():
        default = "" if field.default in (None, "") else str(field.default)
        assert found[name][1] == f"`{config.variables()[name]}`"
        assert found[name][2].strip("`") == default, name


def test_every_variable_outside_the_settings_is_documented_with_its_default_and_no_other() -> None:
    found = named(part("commands.md", "Variables that are no settings"))
    assert {name: cells[1].strip("`") for name, cells in found.items()} == {name: default for name, default, _ in OUTSIDE}


# ---- events ----


def _logged() -> Iterator[Tuple[str, str, Set[str], str]]:
    """Event, level ("" where it depends), names of its facts, place."""
    for file in files_of(*PACKAGES):
        for call in [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)]:
            level = call.func.attr.upper() if isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS else ""
            facts = {key.arg or "**" for key in call.keywords} - {"rc", "elapsed_ms"}
            for event in _events_in(call):
                yield event, level, facts, place_of(file, call.lineno)


def _events_in(call: ast.Call) -> Iterator[str]:
    named_by = getattr(call.func, "attr", getattr(call.func, "id", ""))
    for argument in call.args if named_by in LEVELS | TELLERS else ():
        for node in ast.walk(argument) if isinstance(argument, (ast.IfExp, ast.Constant)) else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and EVENT.fullmatch(node.value):
                yield node.value


def test_every_event_is_documented_and_no_other() -> None:
    assert set(named(text_of("events.md"))) == {event for event, *_ in _logged()}


def test_every_event_is_documented_with_its_level_and_its_facts() -> None:
    found = named(text_of("events.md"))
    told: Dict[str, Set[str]] = {}
    for event, level, facts, place in _logged():
        assert not level or level in found[event][1], f"{place}: docs/events.md does not say that {event} may be {level}"
        told.setdefault(event, set()).update(facts or {"**"} if not level else facts)
    for event, facts in told.items():
        said = codes(found[event][3])
        unsaid, untold = facts - {"**"} - said, said - facts - BY_ABOUT if "**" not in facts else set()
        assert not unsaid, f"{event} tells {unsaid}, docs/events.md does not"
        assert not untold, f"docs/events.md says {event} tells {untold}, it does not"


def test_every_log_call_names_its_event_where_it_stands() -> None:
    """Otherwise nobody could find it, and the two tests above would see nothing."""
    known = {place for *_, place in _logged()}
    nameless = []
    for file in files_of("inbox", "outbox", "pc", "nas"):
        for call in [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)]:
            logs = isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS
            passed_on = any(isinstance(one, ast.Name) and one.id == "event" for one in call.args)
            if logs and not passed_on and place_of(file, call.lineno) not in known:
                nameless.append(place_of(file, call.lineno))
    assert not nameless, nameless


# ---- files ----


def test_the_strategy_of_the_how_to_works(new_road: Callable[..., Road], tmp_path: Path) -> None:
    shown = re.search(r"```python\n(.*?)```", text_of("how-to/add-a-strategy.md"), re.DOTALL)
    assert shown
    (tmp_path / "my_idea.py").write_text(textwrap.dedent("   " + shown[1].lstrip(" ")))
    road = new_road(strategies_path=tmp_path)
    road.submit(request_id="mine", strategy="my_idea", params={"days": 60})
    assert road.drain() == 0
    assert road.manifest("mine")["metrics"]["trades"] > 0


@pytest.mark.parametrize(("heading", "model"), [("Request", Request), ("costs", Costs), ("rules", Rules)])
def test_every_request_field_is_documented_with_its_default_and_no_other(heading: str, model: Any) -> None:
    found = named(re.split(r"^###? ", part("files.md", heading), maxsplit=1, flags=re.MULTILINE)[0])
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    assert set(found) == set(fields)
    for name, field in fields.items():
        if field.is_required():
            assert found[name][2] == "required"
            continue
        default = field.get_default(call_default_factory=True)
        shown = "{}" if name in ("costs", "rules") else json.dumps(default, ensure_ascii=False)
        assert found[name][2].strip("`") == shown, name


@pytest.mark.parametrize("row", rows(part("files.md", "Request")), ids=lambda row: row[0].strip("`"))
def test_every_example_of_a_request_field_is_a_good_one(row: "list[str]") -> None:
    name, example = row[0].strip("`"), row[4].strip("`").replace("\\|", "|")
    if name == "grid":
        return  # documented as refused; the test of the reader shows it
    nested = "costs" if name in Costs.model_fields else "rules" if name in Rules.model_fields else None
    value = {name: json.loads(example)}
    assert request_from({"strategy": "krx_ma200", **({nested: value} if nested else value)})


def test_every_field_of_the_web_contract_is_documented_and_no_other() -> None:
    with pytest.raises(RelayError) as refused:
        request_from({"ticker": "000660", "rule_type": "krx_ma200", "nonsense": 1})
    known = refused.value.fix.split("there are: ")[1].split(", ")
    assert set(named(part("files.md", "The web contract"))) == set(known)


def test_a_web_request_that_says_one_thing_twice_is_refused() -> None:
    """Otherwise one of the two would be ignored."""
    for twice in ({"strategy": "momentum"}, {"run_id": "one", "request_id": "two"}):
        with pytest.raises(RelayError, match="under two names"):
            request_from({"ticker": "000660", "rule_type": "krx_ma200", **twice})
    assert request_from({"ticker": "000660", "rule_type": "krx_ma200", "strategy": "krx_ma200"}).strategy == "krx_ma200"


def test_the_old_one_line_request_is_read() -> None:
    lines = [line for line in part("files.md", "The old one-line request").splitlines() if line.startswith("{")]
    assert lines
    assert all(request_from(json.loads(line)) for line in lines)


def test_every_manifest_field_is_documented_and_no_other(new_road: Callable[..., Road]) -> None:
    found = named(part("files.md", "Manifest"))
    for status, manifest in _manifests(new_road).items():
        marks = ("", "run") if status == "SUCCEEDED" else ("", "bad")
        assert {field for field, row in found.items() if row[1] in marks} == set(manifest), status


def test_every_word_within_a_manifest_field_is_documented_and_no_other(new_road: Callable[..., Road]) -> None:
    """Programs read these too."""
    told: Dict[str, Set[str]] = {}
    for manifest in _manifests(new_road).values():
        for field in set(manifest) - OPEN_FIELDS:
            told.setdefault(field, set()).update(_words_in(manifest[field]))
    rows_found = named(part("files.md", "Manifest"))
    said = {field: set(re.findall(r"`([a-z]\w*)`", rows_found[field][2])) for field in told}
    untold = {field: said[field] - words for field, words in told.items() if words}
    unsaid = {field: words - said[field] - SAID_OTHERWISE.get(field, set()) for field, words in told.items()}
    assert {field: words for field, words in [*untold.items(), *unsaid.items()] if words} == {}


def _manifests(new_road: Callable[..., Road]) -> Dict[str, Dict[str, Any]]:
    """One of each status; the good one has skipped a benchmark."""
    road = new_road(strategies_path=ROOT / "tests" / "strategies_outside")
    road.submit(request_id="succeeded", universe="SYNTHETIC_ETF", benchmarks=["KOSPI", "S&P500"])
    road.submit(request_id="failed", strategy="raises")
    road.submit(request_id="rejected", strategy="krx_ma20")
    road.submit(request_id="skipped", required=["S&P500"])
    road.submit(request_id="expired", expires_at="2020-01-01T00:00:00+09:00")
    road.submit(request_id="cancelled")
    road.drop("cancelled.cancel", b"no longer needed")
    road.drain()
    assert road.answers() == {status.lower(): status for status in sorted(STATUSES)}
    return {status: road.manifest(status.lower()) for status in STATUSES}


def _words_in(value: Any) -> Set[str]:
    """The names a field of a manifest uses, on every level; a symbol, a phase and a benchmark are named by data."""
    if isinstance(value, list):
        return {word for one in value for word in _words_in(one)}
    if not isinstance(value, dict):
        return set()
    within = [each for name, one in value.items() for each in (one.values() if _is_by_data(name, one) else [one])]
    return {*value, *(word for one in within for word in _words_in(one))}


def _is_by_data(name: str, value: Any) -> bool:
    return isinstance(value, dict) and name in ("symbols", "phases", "skipped")


def test_every_folder_and_mark_under_reports_is_documented(road: Road) -> None:
    shown = part("files.md", "Folders")
    for folder in (road.inbox.pending, road.inbox.claims, road.inbox.running):
        assert f"{folder.name}/" in shown
    for folder in (road.outbox.building, road.outbox.done, road.outbox.answered, road.outbox.aside):
        assert f"{folder.name}/" in shown
    assert {"alive", "PAUSED"} <= set(re.findall(r"\w+", shown))


def test_the_request_schema_is_the_codes_own() -> None:
    """Made again by: python scripts/schema.py"""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import schema
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), "call: python scripts/schema.py"


# ---- promises and links ----


def test_every_promise_has_its_number_once_and_something_that_shows_it() -> None:
    found = rows(text_of("promises.md"))
    for letter in {number.rstrip("0123456789") for number, *_ in found}:
        numbers = [number for number, *_ in found if number.rstrip("0123456789") == letter]
        assert numbers == [f"{letter}{number}" for number in range(1, len(numbers) + 1)]
    assert len({promise for _, promise, _ in found}) == len(found)
    assert not [number for number, _, shown in found if not shown]


def test_every_proof_a_promise_names_exists() -> None:
    """`tests/...py::name` is a function or a class of that file; `docs/...` and `scripts/...` are files."""
    missing = []
    for proof in sorted(codes(text_of("promises.md"))):
        file, _, name = proof.partition("::")
        if re.fullmatch(r"(tests|docs|scripts)/[\w./-]+\.\w+", file):
            there = ROOT / file
            if not there.is_file() or (name and name.split("[")[0].split("::")[-1] not in _defined_in(there)):
                missing.append(proof)
    assert not missing, missing


@lru_cache(maxsize=None)
def _defined_in(file: Any) -> Set[str]:
    tree = tree_of(file)
    defined = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assigned = [one for node in tree.body if isinstance(node, ast.Assign) for one in node.targets]
    return defined | {one.id for one in assigned if isinstance(one, ast.Name)}


def test_every_link_between_the_documents_leads_somewhere() -> None:
    dead = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)} → {target}")
    assert not dead, dead


def test_every_file_and_function_the_documents_name_is_there() -> None:
    """`pc/take.py` exists; `consider()` in `pc/take.py` is written as `pc/take.py:consider`."""
    missing = []
    for page in sorted((ROOT / "docs").rglob("*.md")):
        if page.name == "promises.md":
            continue
        for word in codes(page.read_text(encoding="utf-8")):
            file, _, name = word.partition(":")
            if re.fullmatch(r"(inbox|outbox|pc|nas|shared|scripts|tests|configs)/[\w/]+\.(py|yaml)", file):
                there = ROOT / file
                defined = _defined_in(there) if there.is_file() and name else {name}
                if not there.is_file() or not set(name.split(".")) <= defined:
                    missing.append(f"{page.relative_to(ROOT)}: {word}")
    assert not missing, missing


def test_a_decision_is_one_sentence_and_fits_a_page() -> None:
    for number, page in enumerate(sorted((ROOT / "docs" / "adr").glob("*.md")), 1):
        text = page.read_text(encoding="utf-8")
        assert page.name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number:04d} ")
        assert text.count("\n") <= 40, page.name
