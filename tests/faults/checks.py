"""What must hold on the disk whenever a story was interrupted, and after everything was drained.

It exists so that killing and failing are judged by the same rules, and so that equal folders are judged once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List

import inbox
import outbox
from inbox.submit import waiting_files
from shared.errors import RelayError
from tests.faults.publishing import half_shown
from tests.faults.scenarios import Expected, Place, Scenario

_CHANCE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "RUN"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "NONCE"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+"), "MOMENT"),
    (re.compile(r"\b\d{8}t\d{9}~"), "STAMP~"),
    (re.compile(r'"(pid|start)": ?[\d.]+'), "PROCESS"),
    (re.compile(r"\.s[0-9a-f]{8,16}\.json"), ".sTOKEN.json"),
    (re.compile(r"~[0-9a-f]{6}\.json"), "~TOKEN.json"),
    (re.compile(r"\.[0-9a-f]{8}\.(tmp|back\.json|json)"), r".TOKEN.\1"),
)
_INCARNATION = re.compile(r"tester~[0-9a-f]{8}")

Answers = Dict[str, str]  # id: the run_id of its one answer, wherever the answer lies


def fingerprint(place: Place) -> str:
    """The folder without chance and time: two folders of one fingerprint have the same future."""
    lines = [str(place.runs())]
    for path in sorted(place.road.root.rglob("*")):
        relative = path.relative_to(place.road.root)
        lines.append(f"{relative} {_content(path, relative.parts[0])}")
    lines += [str(path.relative_to(place.home)) for path in sorted((place.home / "archive").glob("*/*/*"))]
    text = "\n".join(lines).replace(str(place.home), "BASE")
    for pattern, word in _CHANCE:
        text = pattern.sub(word, text)
    for number, name in enumerate(dict.fromkeys(_INCARNATION.findall(text))):
        text = text.replace(name, f"WORKER{number}")
    return hashlib.sha256("\n".join(sorted(text.splitlines())).encode()).hexdigest()


def after_the_fault(scenario: Scenario, place: Place, expected: Expected) -> List[str]:
    """What is wrong right now, before anybody cleaned up."""
    wrong, there = _answers_there(place, expected)
    wrong += half_shown(place)
    waiting = Counter(asked.digest for asked in _waiting(place))
    for request_id in expected if scenario.acknowledged else ():
        if request_id not in there and not waiting:
            wrong.append(f"{request_id} is lost: neither its request nor its answer is anywhere")
    return wrong + _wrong_runs(place, 99)


def at_the_end(place: Place, expected: Expected, before: Answers, faults: int) -> List[str]:
    """What is wrong after a last clean drain."""
    wrong, there = _answers_there(place, expected)
    wrong += [f"{name} was answered by {run}, now by {there.get(name)}" for name, run in before.items() if there.get(name) != run]
    wrong += [f"{name} has no answer" for name in sorted(expected.keys() - there.keys())]
    for name in there:
        status = status_of(place, name)
        if status not in expected.get(name, status).split(" or "):
            wrong.append(f"{name} is {status}, not {expected[name]}")
    wrong += [f"{name} is left" for name in place.road.left()]
    return wrong + _wrong_runs(place, faults + 1)


def is_asked(place: Place) -> bool:
    """Whether any request lies there whole, acknowledged or not."""
    return bool(_waiting(place))


def answers(place: Place) -> Answers:
    """Every answer's run_id, in done or in the archive."""
    there = {}
    for folder, pattern in ((place.road.outbox.done, "[!.]*/manifest.json"), (place.home / "archive", "*/[!.]*/manifest.json")):
        for manifest in folder.glob(pattern):
            there[manifest.parent.name] = str(json.loads(manifest.read_bytes())["run_id"])
    return there


def status_of(place: Place, request_id: str) -> str:
    """Of an answer, wherever it lies."""
    answer = outbox.answer_of(place.road.outbox, request_id)
    return answer.status if answer else "nothing"


def _answers_there(place: Place, expected: Expected) -> "tuple[List[str], Answers]":
    wrong = []
    out = place.road.outbox
    for name in outbox.answers(out):
        try:
            outbox.verify(out, name)
        except RelayError as error:
            wrong.append(str(error))
    there = answers(place) if not wrong else {}
    wrong += [f"{name} is in done, and another one in the archive" for name in _in_both(place)]
    wrong += [f"nobody asked for an answer to {name}" for name in sorted(there.keys() - expected.keys())]
    stones = {path.name for path in out.answered.glob("*/*") if not path.name.startswith(".")}
    return wrong + [f"{name} has a tombstone and no answer" for name in sorted(stones - there.keys())], there


def _in_both(place: Place) -> List[str]:
    """Onto another disk an answer is copied: for a moment it lies in both, the same."""
    archived = {path.parent.name: path.read_bytes() for path in (place.home / "archive").glob("*/[!.]*/manifest.json")}
    here = {path.parent.name: path.read_bytes() for path in place.road.outbox.done.glob("[!.]*/manifest.json")}
    return [name for name in sorted(here.keys() & archived.keys()) if here[name] != archived[name]]


def _waiting(place: Place) -> List[inbox.Asked]:
    found = [inbox.read_asked(place.road.inbox, path, known) for path, known in waiting_files(place.road.inbox)]
    return [asked for asked in found if asked]


def _wrong_runs(place: Place, most: int) -> List[str]:
    runs = place.runs()
    wrong = [f"a run of {name} began after its answer was visible" for name, when in runs if when == "LATE"]
    return wrong + [f"{name} ran {times} times" for name, times in Counter(name for name, _ in runs).items() if times > most]


def _content(path: Path, room: str) -> Any:
    """As much as anybody ever reads of it: of a draft that it is there, of an answer what its manifest says."""
    if path.is_dir():
        return "folder"
    data = path.read_bytes()
    if path.name == "alive":
        return _parses(data)
    if room in ("building", "done"):
        is_sealed = path.name == "manifest.json" and room == "done" and path.parent.name[0] != "."
        return json.loads(data)["status"] if is_sealed else "file"
    return data.decode("utf-8", "replace")


def _parses(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True
