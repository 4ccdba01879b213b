"""Whatever lies in pending ends as an answer or a clear refusal; nothing raises, nothing sticks, nothing leaves the folders."""

from __future__ import annotations

import json
import os
import socket
import sys
import unicodedata
from pathlib import Path
from typing import Any, Dict, List

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import inbox
import outbox
from inbox import asked_from, is_id, read_asked
from tests.harness.road import SMALL, Road

NOW = 1_780_000_000.0
LINUX = sys.platform == "linux"
GOOD = {"strategy": "no_such_strategy"}


def _text(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


BROKEN: Dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n\t ",
    "half": b'{"strategy": "krx_',
    "ten megabytes of brackets": b"[" * 10_000_000,
    "a megabyte of brackets": b"[" * 999_999,
    "deep lists": b'{"strategy": "x", "params": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "deep objects": b'{"a":' * 500 + b"1" + b"}" * 500,
    "deep in a known field": b'{"strategy": ' + b"[" * 980 + b"]" * 980 + b"}",
    "zero bytes": b"\0" * 100,
    "zero byte inside": b'{"strategy": "a\0b"}',
    "not utf-8": b'{"strategy": "\xff\xfe"}',
    "utf-16 without a mark": '{"strategy": "x"}'.encode("utf-16-le"),
    "utf-32": '{"strategy": "x"}'.encode("utf-32"),
    "half a character": b'{"strategy": "\\ud800"}',
    "half a character as a key": b'{"strategy": "x", "labels": {"\\uDFFF": "x"}}',
    "half a character as an id": b'{"strategy": "x", "request_id": "\\ud800"}',
    "twice the same field": b'{"strategy": "a", "strategy": "b"}',
    "twice the same param": b'{"strategy": "a", "params": {"w": 1, "w": 2}}',
    "NaN": b'{"strategy": "a", "capital": NaN}',
    "Infinity": b'{"strategy": "a", "params": {"w": -Infinity}}',
    "1e999": b'{"strategy": "a", "params": {"w": 1e999}}',
    "five thousand digits": b'{"strategy": "a", "capital": ' + b"9" * 5000 + b"}",
    "an unquoted ticker": b'{"strategy": "a", "symbols": [000660]}',
    "null": b"null",
    "a list": b"[]",
    "a string": b'"krx_ma200"',
    "a number": b"7",
    "two objects": b'{"strategy": "a"}{"strategy": "b"}',
    "single quotes": b"{'strategy': 'a'}",
    "a trailing comma": b'{"strategy": "a",}',
    "yaml": b"strategy: krx_ma200\n",
    "a mark alone": b"\xef\xbb\xbf",
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "html": b"<!doctype html><title>502 Bad Gateway</title>",
}

WRONG: Dict[str, List[Any]] = {
    "schema": ["relay.request/2", 1, None],
    "request_id": [5, [], {}, True, "x" * 401],
    "strategy": [None, "", 5, [], {}, "x" * 81, True],
    "params": [None, [], "window=1", 5],
    "grid": [[], "x", {"window": 5}, {"window": [1, 2]}],
    "start": [20200101, "20200101", "2020-13-01", "2020-02-30", "2020-1-1", "1577836800", "2020-01-01T00:00:00", [], True, "１２３４-01-01"],
    "end": [1.5, "yesterday", "9999-99-99", {}],
    "universe": [5, [], "", "x" * 81],
    "symbols": [432, [432], [660.0], [None], [""], ["x" * 81], {"a": 1}, ["a"] * 5001, [["a"]]],
    "benchmarks": [5, [5], ["x"] * 21, {"KOSPI": 1}],
    "required": [[0], 1, [" "]],
    "capital": [0, -1, 10**16, 1.5, "much", True, None, [], 10**400],
    "costs": [[], 5, {"commission_bps": -1}, {"commission_bps": "x"}, {"commission_bps": True}, {"comission_bps": 1}, {"slippage_bps": 1e6}],
    "rules": [[], {"lot": -1}, {"lot": True}, {"lots": 1}, {"lot": 1.5}],
    "execution": ["now", "next_open\n", 1, None],
    "charts": ["yes", 1, None, "false"],
    "fresh": [0, "no"],
    "priority": [-1, 10, "high", 5.5, True, None],
    "not_before": [20260101, "20260101", "1700000000.5", "soon", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", [], "-1"],
    "expires_at": ["9999-12-31T23:59:59-12:00", 0, "0001-01-01", True],
    "requested_at": ["9999-12-31T23:59:59Z", 1.0, "10000-01-01T00:00:00Z", "now"],
    "timeout_seconds": [0, -1, 604_801, "inf", "nan", True, 10**400, []],
    "memory_mb": [0, 63, 1.5, 10**9, True, "all"],
    "max_attempts": [0, 101, True, None, "thrice"],
    "requested_by": [5, "x" * 201, []],
    "retry_of": [5, "x" * 401],
    "labels": [[], "a", {"a": 1}, {"a": None}, {str(n): "" for n in range(51)}],
    "strateg": ["krx_ma200"],
    "windows": [100],
    "": ["x"],
    "x" * 10_000: [1],
    "__class__": ["x"],
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_json_object_is_refused_in_one_clear_sentence(data: bytes) -> None:
    asked = asked_from(data, NOW, "some file")
    assert not asked.parsed
    assert asked.refusal is not None
    assert asked.refusal.code == "E-REQUEST-SCHEMA"
    assert len(str(asked.refusal)) < 700
    str(asked.refusal).encode()
    assert is_id(asked.request_id)
    assert asked.whole == (len(data) <= 1_000_000)


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values], ids=lambda each: f"{each!r:.30}")
def test_a_wrong_value_is_refused_by_the_name_of_its_field(field: str, value: Any) -> None:
    asked = asked_from(_text({"strategy": "a", field: value}), NOW, "x")
    assert asked.request is None
    assert asked.refusal is not None
    assert field[:60] in str(asked.refusal)
    assert len(str(asked.refusal)) < 1500
    assert is_id(asked.request_id)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("strategey", "strategy"), ("benchmark", "benchmarks"), ("symbol", "symbols"), ("max_attempt", "max_attempts"), ("timeout", "timeout_seconds")],
)
def test_an_unknown_field_is_refused_with_the_nearest_known_one(wrong: str, meant: str) -> None:
    asked = asked_from(_text({"strategy": "a", wrong: 1}), NOW, "x")
    assert f"did you mean {meant!r}?" in str(asked.refusal)


@pytest.mark.parametrize(
    "written",
    [
        b"\xef\xbb\xbf" + _text(GOOD),
        _text(GOOD).replace(b"{", b"{\r\n").replace(b"}", b"\r\n}\r\n"),
        b"\xff\xfe" + _text(GOOD).decode().encode("utf-16-le"),
        b"\xfe\xff" + _text(GOOD).decode().encode("utf-16-be"),
        b'{"strategy": "no_such\\u005fstrategy"}',
        b'  {"requested_by":"someone","strategy":"no_such_strategy"}  ',
    ],
)
def test_one_request_in_any_writing_is_the_same_request(written: bytes) -> None:
    asked, plain = asked_from(written, NOW, "x"), asked_from(_text(GOOD), NOW, "x")
    assert asked.digest == plain.digest
    assert asked.request is not None
    assert asked.request.strategy == "no_such_strategy"


def test_numbers_of_four_hundred_digits_are_refused_and_not_understood_as_something_else() -> None:
    asked = asked_from(b'{"strategy": "a", "capital": ' + b"7" * 400 + b"}", NOW, "x")
    assert "capital" in str(asked.refusal)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(day: str) -> None:
    asked = asked_from(_text({"strategy": "a", "start": day, "end": day}), NOW, "x")
    assert asked.refusal is None


@pytest.mark.parametrize("mtime", [-1e18, -1.0, 0.0, 4e9, 1e12, 1e18])
def test_a_file_from_any_year_has_an_id(mtime: float) -> None:
    assert is_id(asked_from(b"{", mtime, "x").request_id)


def test_the_old_one_line_request_is_understood() -> None:
    asked = asked_from(b'{"start": "2020-01-01", "end": "2020-12-31", "strategy": "krx_ma200", "universe": "SYNTHETIC_ETF"}', NOW, "old")
    assert asked.request is not None
    assert (asked.request.universe, str(asked.request.end)) == ("SYNTHETIC_ETF", "2020-12-31")


WEB = {
    "ticker": "000660.csv",
    "rule_type": "krx_ma200",
    "rule_id": 7,
    "params": {"window": 50},
    "start_date": "2020-01-01",
    "end_date": "2020-12-31",
    "initial_capital": 1_000_000,
    "fee_rate": 0.002,
    "slippage_bps": 3,
    "run_id": "web-1",
    "direction": "longonly",
    "timeframe": "1d",
    "size_type": "percent",
    "position_size": 100,
    "labels": {"team": "quant"},
}


def test_the_web_contract_is_understood_in_all_its_fields() -> None:
    asked = asked_from(_text(WEB), NOW, "x")
    request = asked.request
    assert request is not None, asked.refusal
    assert (asked.request_id, request.symbols, request.strategy) == ("web-1", ["000660"], "krx_ma200")
    assert (request.costs.commission_bps, request.costs.slippage_bps, request.capital) == (20.0, 3.0, 1_000_000)
    assert (request.labels, request.params) == ({"team": "quant", "rule_id": "7"}, {"window": 50})


@pytest.mark.parametrize(
    ("field", "value"),
    [("direction", "both"), ("timeframe", "1h"), ("size_type", "amount"), ("position_size", 50), ("fee_rate", "x"), ("fee_rate", True)]
    + [("fee_rate", 10**400), ("fee_rate", -1), ("ticker", 660), ("ticker", ""), ("labels", "a"), ("labels", [[1]]), ("labels", {"a": 1})]
    + [("tickers", "a"), ("stop_loss", 5), ("initial_capital", "x"), ("start_date", 5), ("rule_type", 5), ("direction", ["x"] * 5000)],
)
def test_what_the_web_contract_asks_and_we_would_not_do_is_refused_by_name(field: str, value: Any) -> None:
    asked = asked_from(_text({**WEB, field: value}), NOW, "x")
    named = {"initial_capital": "capital", "start_date": "start", "rule_type": "strategy", "fee_rate": ""}.get(field, field)
    assert asked.request is None
    assert named in str(asked.refusal)
    assert len(str(asked.refusal)) < 800


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(alphabet=st.characters(codec=None), max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=10), inner, max_size=5)),
    max_leaves=20,
)
FIELD = st.one_of(st.sampled_from([*WRONG, *WEB]), st.text(alphabet=st.characters(codec=None), max_size=10))
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode()),
    st.dictionaries(FIELD, JSON, max_size=6).map(lambda content: json.dumps({"strategy": "no_such_strategy", **content}).encode()),
    JSON.map(lambda content: json.dumps(content).encode()),
)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(CONTENT, st.one_of(st.just(NOW), st.floats(allow_nan=False)), st.text(alphabet=st.characters(codec=None), max_size=300))
def test_no_bytes_under_no_name_make_the_reader_raise(data: bytes, mtime: float, stem: str) -> None:
    asked = asked_from(data, mtime, stem)
    assert is_id(asked.request_id)
    assert (asked.request is None) != (asked.refusal is None)
    str(asked.refusal).encode()
    again = asked_from(data, mtime, stem)
    assert (again.request_id, again.digest, again.parsed, str(again.refusal)) == (asked.request_id, asked.digest, asked.parsed, str(asked.refusal))


def _around(root: Path) -> Dict[str, bytes]:
    """Everything beside the reports folder."""
    return {str(path): path.read_bytes() for path in root.parent.rglob("*") if root not in path.parents and path.is_file() and not path.is_symlink()}


def _drained(road: Road) -> List[str]:
    """The statuses after a drain that must end by itself and change nothing outside."""
    (road.root.parent / "precious.json").write_bytes(b"do not touch")
    before = _around(road.root)
    assert road.drain() in (0, 1)
    assert _around(road.root) == before
    assert {path.name for path in road.root.iterdir()} <= {"pending", "claims", "running", "building", "done", "answered", "aside"}
    return list(road.answers().values())


@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(CONTENT, st.text(alphabet=st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=40)), min_size=50, max_size=50))
def test_fifty_files_of_anything_are_answered_in_one_drain(new_road: Any, files: List[Any]) -> None:
    road = new_road()
    digests = set()
    for number, (data, name) in enumerate(files):
        path = road.drop(f"f{number} {name}.json"[-60:].lstrip(".~"), data)
        asked = read_asked(road.disk, path)
        if asked and inbox.names.is_request(path.name) and not (asked.request and asked.request.not_before):
            digests.add(asked.digest)
    _drained(road)
    sealed = {outbox.answer_of(road.outbox, name).digest for name in outbox.answers(road.outbox)}  # type: ignore[union-attr]
    assert digests <= sealed
    assert [name for name in road.left() if not name.startswith("pending/")] == []
    for room in road.root.iterdir():
        for path in room.iterdir():
            (outbox_tree := road.disk).remove_tree(path) if path.is_dir() else outbox_tree.remove(path)


def test_every_broken_file_is_answered_rejected_and_what_was_too_large_is_kept_aside(road: Road) -> None:
    for number, data in enumerate(BROKEN.values()):
        road.drop(f"broken {number}.json", data)
    assert _drained(road) == ["REJECTED"] * len(set(BROKEN.values()))
    kept = {path.stat().st_size for path in road.outbox.aside.iterdir()}
    assert kept == {10_000_000}
    assert road.left() == []


def test_every_wrong_value_is_answered_rejected(road: Road) -> None:
    wrong = [(field, value) for field, values in WRONG.items() for value in values if field != "request_id"]
    for number, (field, value) in enumerate(wrong):
        road.drop(f"wrong {number}.json", {**SMALL, field: value})
    assert set(_drained(road)) == {"REJECTED"}
    assert road.left() == []


@pytest.mark.parametrize("request_id", ["../../precious", "/etc/passwd", "a/b", "..", ".", "a\0b", "…", "con", "CON.txt", "aux.json", "nul", "😀", "x" * 300, "가" * 100, " ", "a\nb", "~", "-rf", "*", "C:\\x", "done", "manifest.json"])
def test_no_request_id_reaches_outside_its_folder(road: Road, request_id: str) -> None:
    road.drop("x.json", {**SMALL, "request_id": request_id})
    assert _drained(road) == ["SUCCEEDED"]
    (name,) = outbox.answers(road.outbox)
    assert is_id(name)
    assert road.left() == []


NAMES = ["가" * 83 + ".json", "x" * 250 + ".json", "CON.json", "aux.x.json", "a b.json", "a\nb.json", 'a"b.json', "😀.json", "X.JSON", "..json", "-.json", "...json.json", "%s%n.json", "a\\b.json", "$(reboot).json", "~.json~.json", unicodedata.normalize("NFD", "모멘텀") + ".json"]


@pytest.mark.skipif(not LINUX, reason="these names exist only on Linux")
def test_a_request_under_any_name_is_answered(road: Road) -> None:
    dropped = 0
    for number, name in enumerate(NAMES):
        if inbox.names.is_request(name):
            road.drop(name, {**SMALL, "capital": 10_000_000 + number})
            dropped += 1
    Path(os.fsdecode(os.fsencode(road.inbox.pending) + b"/\xff\xfe.json")).write_bytes(_text({**SMALL, "capital": 1_000_000}))
    Path(os.fsdecode(os.fsencode(road.inbox.pending) + b"/\xff\xfe.cancel")).write_bytes(b"why not")
    statuses = _drained(road)
    assert (statuses.count("SUCCEEDED"), statuses.count("CANCELLED")) == (dropped + 1, 1)
    assert [name for name in road.left() if not name.startswith(("pending/.", "pending/~"))] == []


@pytest.mark.parametrize("name", ["x" * 240, "ABC", "a b", "CON", "모멘텀", "..x", unicodedata.normalize("NFD", "모멘텀")])
def test_a_cancel_under_any_name_is_carried_out_under_an_id(road: Road, name: str) -> None:
    road.drop(f"{name}.cancel", b"never mind")
    statuses = _drained(road)
    assert statuses == ([] if name[0] == "." else ["CANCELLED"])
    assert all(is_id(answer) for answer in outbox.answers(road.outbox))


def test_a_folder_that_looks_like_a_request_or_a_cancel_blocks_nobody(road: Road) -> None:
    for name in ("x.json", "0-0-y.json", "z.cancel"):
        (road.inbox.pending / name).mkdir()
        (road.inbox.pending / name / "inside").write_bytes(b"kept")
    good, unwanted = road.submit(), road.submit(request_id="unwanted")
    inbox.cancel(road.inbox, unwanted, "no")
    assert sorted(_drained(road)) == ["CANCELLED", "SUCCEEDED"]
    assert road.manifest(good)["status"] == "SUCCEEDED"
    assert sorted(road.left()) == [f"pending/{name}" for name in ("0-0-y.json", "0-0-y.json/inside", "x.json", "x.json/inside", "z.cancel", "z.cancel/inside")]


def test_what_systems_and_strangers_leave_in_running_blocks_nobody(road: Road) -> None:
    dead = road.inbox.running / "gone~0123abcd"
    for folder in (dead, dead / "@eaDir", dead / "folder.json", road.inbox.running / "@eaDir"):
        folder.mkdir()
    (road.inbox.running / "foo~1.json").write_bytes(b"{}")
    (dead / "stranger.json").write_bytes(_text(SMALL))
    os.utime(dead, (0, 0))
    good = road.submit()
    assert _drained(road) == ["SUCCEEDED", "SUCCEEDED"]
    assert road.manifest(good)["status"] == "SUCCEEDED"


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"pid": 1e400, "lease": NaN}', b'{"pid": ' + b"9" * 400 + b', "start": Infinity}', b"\xff", b"null", b""])
def test_a_damaged_sign_of_life_or_claim_is_only_a_dead_one(new_road: Any, content: bytes) -> None:
    road = new_road(lease_seconds=0.001)
    dead = road.inbox.running / "gone~0123abcd"
    dead.mkdir()
    (dead / "alive").write_bytes(content)
    (dead / "r.1.json").write_bytes(_text({**SMALL, "request_id": "r"}))
    (road.inbox.claims / "r.1.json").write_bytes(content)
    for path in (dead / "alive", road.inbox.claims / "r.1.json"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert _drained(road) == ["SUCCEEDED"]
    assert [attempt["ended"] for attempt in road.manifest("r")["attempts"]] == ["died", "answered"]
    assert road.left() == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_sockets_and_links_are_refused_and_nothing_behind_them_is_read(road: Road) -> None:
    secret = road.root.parent / "secret.json"
    secret.write_bytes(_text(SMALL))
    pending = road.inbox.pending
    for name, target in (("passwd", "/etc/passwd"), ("secret", str(secret)), ("dangling", "/nowhere"), ("circle", "circle.json"), ("folder", str(road.root))):
        os.symlink(target, pending / f"{name}.json")
    os.mkfifo(pending / "pipe.json")
    os.mkfifo(pending / "held.json")
    writer = os.open(pending / "held.json", os.O_RDWR | os.O_NONBLOCK)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(pending / "socket.json"))
        assert _drained(road) == ["REJECTED"] * 8
    os.close(writer)
    sealed = b"".join(path.read_bytes() for path in road.outbox.done.rglob("*") if path.is_file())
    assert b"root:" not in sealed
    assert secret.read_bytes() == _text(SMALL)
    kept = [path for path in road.outbox.aside.iterdir() if path.is_symlink()]
    assert len(kept) == 5
    assert road.left() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_file_nobody_may_read_is_refused_and_kept(road: Road) -> None:
    forbidden = road.drop("forbidden.json", SMALL)
    forbidden.chmod(0)
    good = road.submit()
    if os.getuid() == 0:
        _as_nobody(road)
    else:
        road.drain()
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED"]
    assert road.manifest(good)["status"] == "SUCCEEDED"
    assert [path.stat().st_size for path in road.outbox.aside.iterdir()] == [len(_text(SMALL))]
    assert road.left() == []


def _as_nobody(road: Road) -> None:
    """Drain as a user without rights of its own."""
    for path in (road.root.parent, road.settings.data, road.settings.data.parent, road.settings.data.parent.parent):
        path.chmod(0o755)
    for path in (road.root, *road.root.iterdir()):
        os.chown(path, 65534, 65534)
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            road.drain()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def test_a_file_where_an_answer_should_be_hinders_no_other(road: Road) -> None:
    (road.outbox.done / "taken").write_bytes(b"not an answer")
    road.submit(request_id="taken")
    other = road.submit()
    road.drain()
    assert road.manifest(other)["status"] == "SUCCEEDED"
    assert road.manifest("taken")["status"] == "SUCCEEDED"
    assert [path.read_bytes() for path in road.outbox.aside.iterdir()] == [b"not an answer"]
