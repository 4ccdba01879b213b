"""What is said of errors is what they are: each code, its Korean name, the status or exit code it gives, and what to do."""

from __future__ import annotations

import ast
import re
import textwrap
from typing import Dict, Iterator

from shared.error_names import name_of, named_first
from shared.errors import RelayError
from shared.outcome import STATUSES
from shared.text import Text
from tests.harness.documents import named, text_of
from tests.harness.road import Road
from tests.harness.sources import PACKAGES, files_of, place_of, tree_of


def _error_codes() -> Dict[str, str]:
    found = {}
    for file in [one for one in files_of(*PACKAGES) if one.name != "error_names.py"]:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"E(-[A-Z]+)+", node.value):
                found[node.value] = place_of(file, node.lineno)
    return found


def test_every_error_code_is_documented_and_no_other() -> None:
    found = named(text_of("errors.md"))
    assert set(found) == set(_error_codes())
    assert all(all(cell for cell in row) for row in found.values()), "a code without a meaning or a remedy"


def test_every_error_has_a_korean_name_which_is_the_documented_one() -> None:
    named_in_docs = {code: row[1] for code, row in named(text_of("errors.md")).items()}
    assert {code: name_of(code).ko for code in _error_codes()} == named_in_docs
    assert named_first("E-OF-A-NEWER-VERSION", "it went wrong") == Text("it went wrong", "it went wrong")
    assert len(set(named_in_docs.values())) == len(named_in_docs), "two errors are called the same"


def test_the_status_an_error_gives_is_the_documented_one() -> None:
    found = named(text_of("errors.md"))
    for error in _all_errors(RelayError):
        said = found[error.code][2].strip("`")
        wanted = error.status if said in STATUSES else f"exit {error.exit_code}"
        assert said == wanted, f"{error.code}: docs/errors.md says {said}, the code {wanted}"
        assert said in STATUSES or error.status == RelayError.status, (
            f"{error.code} has a status of its own, docs/errors.md does not say it"
        )


def test_every_error_of_a_run_says_what_to_do() -> None:
    """What was being done, what was found, what to do: the third is what people forget to write."""
    errors = {error.__name__ for error in _all_errors(RelayError)}
    silent = []
    for file in files_of("pc", "shared"):
        for call in [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)]:
            told = len(call.args) + len(call.keywords) >= 3 or any(isinstance(one, ast.Starred) for one in call.args)
            says = told or any(key.arg == "fix" for key in call.keywords)
            if getattr(call.func, "attr", getattr(call.func, "id", "")) in errors and not says:
                silent.append(place_of(file, call.lineno))
    assert not silent, silent


def _all_errors(error: "type[RelayError]") -> Iterator["type[RelayError]"]:
    yield error
    for one in error.__subclasses__():
        if one.__module__.split(".")[0] in PACKAGES:
            yield from _all_errors(one)


def test_the_refusal_of_the_how_to_is_what_a_report_says(road: Road) -> None:
    shown = re.search(r"```\n(.*?) *```", text_of("how-to/understand-a-refused-request.md"), re.DOTALL)
    assert shown
    road.drop("typo.json", {"strategy": "krx_ma20", "start": "2020-01-01"})
    road.drain()
    [request_id] = road.answers()
    told = (road.outbox.done / request_id / "report.txt").read_text(encoding="utf-8")
    told = re.sub(r"there are: \w.*", "there are: …", told)  # every strategy: the page would change with each new one
    day = r"~\d{4}-\d\d-\d\d~"
    assert re.sub(day, "~", textwrap.dedent("   " + shown[1].lstrip(" "))) == re.sub(day, "~", told)
