"""`python -m nas`, as people and cron type it: what is printed, what is put into the folder, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from nas.__main__ import EXAMPLES as NAS
from pc.__main__ import EXAMPLES as PC
from tests.harness.processes import LOG_LINE, Done, Machine


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test."""
    with Machine(tmp_path, synthetic_data) as running:
        yield running


def the_request(machine: Machine) -> Dict[str, Any]:
    """The one request that waits."""
    [file] = (machine.reports / "pending").glob("*.json")
    content: Dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def small(machine: Machine, *options: str) -> str:
    """A quick request, by the command; its id."""
    words = ("submit", "krx_ma200", "--start", "2024-01-01", "--end", "2024-06-30", "--no-charts", *options)
    return machine.run("nas", *words).out.strip()


def is_refusal(done: Done, rc: int, *words: str) -> bool:
    """Whether it ended so, with these words on standard error, nothing on standard output and no traceback."""
    return (done.rc, done.out) == (rc, "") and "Traceback" not in done.err and all(word in done.err for word in words)


# ---- submit ----


def test_submit_prints_the_id_and_nothing_else(machine: Machine) -> None:
    done = machine.run("nas", "submit", "krx_ma200", "--start", "2020-01-01", "--end", "2024-12-31", "--set", "window=100")

    assert done.rc == 0
    assert done.out == the_request(machine)["request_id"] + "\n"
    line = LOG_LINE.fullmatch(done.err.strip())
    assert line
    assert line["event"] == "REQUEST_SUBMITTED"


@pytest.mark.parametrize("later", [(), ("--not-before", "2099-01-01")])
def test_another_request_under_an_id_that_waits_is_refused(machine: Machine, later: Tuple[str, ...]) -> None:
    """Else one of the two would be rejected hours later; the same once more is a duplicate, and harmless."""
    assert small(machine, "--id", "twin", "--set", "window=50", *later) == "twin"
    other = machine.run("nas", "submit", "krx_ma200", "--id", "twin", "--set", "window=60")
    assert is_refusal(other, 1, "E-REQUEST-CONFLICT", "already asked for", "--id")
    assert small(machine, "--id", "twin", "--set", "window=50", *later) == "twin"


OPTIONS: List[str] = [
    *("--start", "2020-01-01", "--end", "2024-12-31", "--set", "window=100", "--symbols", "990010,9900Y0"),
    *("--benchmarks", "KOSPI,S&P500", "--required", "KOSPI", "--capital", "50000000"),
    *(
        "--execution",
        "next_close",
        "--priority",
        "8",
        "--not-before",
        "2026-11-20T18:00",
        "--expires-at",
        "2099-01-01T00:00+00:00",
    ),
    *("--cost", "commission_bps=1.5", "--rule", "stop_loss=0.1", "--rule", "lot=10", "--fresh"),
    *("--timeout-seconds", "30", "--memory-mb", "512", "--max-attempts", "2", "--label", "desk=kim", "--label", "n=007"),
    *("--no-charts", "--id", "my-request"),
]


def test_every_option_of_submit_reaches_the_request(machine: Machine) -> None:
    from inbox import request_from

    done = machine.run("nas", "submit", "krx_ma200", *OPTIONS)
    content = the_request(machine)
    request = request_from(content)

    assert done.out == "my-request\n", done.err
    assert (str(request.start), str(request.end), request.params) == ("2020-01-01", "2024-12-31", {"window": 100})
    assert (request.symbols, request.required) == (["990010", "9900Y0"], ["KOSPI"])
    assert (request.benchmarks, request.capital, request.execution) == (["KOSPI", "S&P500"], 50_000_000, "next_close")
    assert (request.timeout_seconds, request.memory_mb, request.max_attempts, request.priority) == (30, 512, 2, 8)
    assert request.not_before is not None
    assert request.not_before.isoformat() == "2026-11-20T18:00:00+09:00"
    assert (request.labels, request.charts, request.request_id) == ({"desk": "kim", "n": "007"}, False, "my-request")
    assert (request.costs.commission_bps, request.rules.stop_loss, request.rules.lot) == (1.5, 0.1, 10)
    assert request.fresh
    assert "@" in (request.requested_by or "")


def test_a_universe_by_name_reaches_the_request_too(machine: Machine) -> None:
    machine.run("nas", "submit", "krx_ma200", "--universe", "SYNTHETIC_ETF")
    assert the_request(machine)["universe"] == "SYNTHETIC_ETF"


def test_all_charts_are_asked_for_and_never_together_with_none(machine: Machine) -> None:
    machine.run("nas", "submit", "krx_ma200", "--all-charts")
    assert the_request(machine)["charts"] == "all"
    assert "not allowed with" in machine.run("nas", "submit", "krx_ma200", "--all-charts", "--no-charts").err


def test_submit_as_json_is_one_object(machine: Machine) -> None:
    done = machine.run("nas", "submit", "krx_ma200", "--json")

    assert json.loads(done.out) == {"request_id": the_request(machine)["request_id"]}


@pytest.mark.parametrize(
    ("words", "rc", "told"),
    [
        (["--set", "window=1"], 1, ["window=1", "2"]),
        (["--set", "window=many"], 1, ["window='many'"]),
        (["--set", "windw=100"], 1, ["windw", "did you mean 'window'"]),
        (["--set", "window"], 64, ["'window'", "NAME=VALUE"]),
        (["--label", "=x"], 64, ["'=x'", "NAME=VALUE"]),
        (["--start", "2024-13-01"], 1, ["start", "2024-13-01"]),
        (["--start", "20240101"], 1, ["start", "2024-12-31"]),
        (["--start", "2024-06-30", "--end", "2024-01-01"], 1, ["2024-06-30", "after"]),
        (["--not-before", "2099-01-02T00:00", "--expires-at", "2099-01-01T00:00"], 1, ["2099-01-01", "before it may run"]),
        (["--universe", "SYNTHETIC_ETF", "--symbols", "990010"], 1, ["SYNTHETIC_ETF", "name one"]),
        (["--priority", "10"], 1, ["priority", "10"]),
        (["--capital", "0"], 1, ["capital"]),
        (["--capital", "lots"], 64, ["--capital", "lots"]),
        (["--not-before", "tomorrow"], 1, ["not_before", "tomorrow"]),
        (["--execution", "yesterday"], 1, ["execution", "yesterday"]),
        (["--nonsense"], 64, ["--nonsense"]),
        (["--timeout", "5"], 64, ["--timeout", "--wait", "--timeout-seconds"]),
        (["--expires-at", "2020-01-01T18:00"], 1, ["--expires-at", "2020-01-01 18:00:00 KST is over", "a later moment"]),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_option_is_refused_by_its_name_and_nothing_is_submitted(
    machine: Machine, words: List[str], rc: int, told: List[str]
) -> None:
    assert is_refusal(machine.run("nas", "submit", "krx_ma200", *words), rc, *told)
    assert list((machine.reports / "pending").iterdir()) == []


def test_an_unknown_strategy_is_refused_with_the_nearest_one(machine: Machine) -> None:
    refused = machine.run("nas", "submit", "krx_ma20")

    assert is_refusal(refused, 1, "E-STRATEGY-UNKNOWN", "'krx_ma20'", "did you mean 'krx_ma200'?", "--unchecked")


def test_a_strategy_that_only_the_pc_has_is_submitted_unchecked(machine: Machine) -> None:
    done = machine.run("nas", "submit", "secret_sauce", "--set", "heat=9", "--unchecked")

    assert done.rc == 0
    assert the_request(machine)["params"] == {"heat": 9}


def test_an_id_of_ones_own_submitted_twice_asks_once(machine: Machine) -> None:
    assert [small(machine, "--id", "nightly-1") for _ in range(2)] == ["nightly-1", "nightly-1"]

    assert machine.road.drain() == 0
    assert small(machine, "--id", "nightly-1") == "nightly-1"
    assert machine.road.drain() == 0
    assert machine.road.answers() == {"nightly-1": "SUCCEEDED"}
    assert machine.road.left() == []


def test_the_refusal_of_a_command_asked_for_json_is_json(machine: Machine) -> None:
    done = machine.run("nas", "submit", "krx_ma20", "--json")

    assert done.rc == 1
    assert json.loads(done.out)["error"]["code"] == "E-STRATEGY-UNKNOWN"


# ---- retry, cancel, pause, resume ----


def test_retry_is_a_new_request_that_names_the_old_one(machine: Machine) -> None:
    old = small(machine, "--set", "window=50")
    machine.road.drain()

    new = machine.run("nas", "retry", "@latest")
    content = the_request(machine)

    assert new.rc == 0
    assert new.out.strip() == content["request_id"] != old
    assert (content["retry_of"], content["params"]) == (old, {"window": 50})
    assert machine.road.drain() == 0
    assert machine.road.manifest(new.out.strip())["status"] == "SUCCEEDED"


def test_retry_of_what_is_not_answered_says_so(machine: Machine) -> None:
    waiting = small(machine)

    assert is_refusal(machine.run("nas", "retry", waiting), 1, waiting)
    assert is_refusal(machine.run("nas", "retry", "nothing-of-the-kind"), 1, "nothing-of-the-kind")


def test_cancel_takes_the_whole_id_and_no_neighbour(machine: Machine) -> None:
    request_id = small(machine, "--id", "nightly-42")
    assert is_refusal(machine.run("nas", "cancel", "nightly-4"), 1, "exactly that id", "did you mean 'nightly-42'")
    done = machine.run("nas", "cancel", "nightly-42", "--reason", "typo", "--json")
    machine.road.drain()

    assert json.loads(done.out)["request_id"] == request_id
    assert machine.road.answers() == {request_id: "CANCELLED"}
    assert machine.road.manifest(request_id)["error"]["why"] == "typo"


def test_cancel_of_an_answered_request_says_where_its_answer_is(machine: Machine) -> None:
    request_id = small(machine)
    machine.road.drain()
    done = machine.run("nas", "cancel", request_id, "--json")

    assert done.rc == 0
    assert Path(json.loads(done.out)["answer"]).is_file()
    assert machine.road.answers() == {request_id: "SUCCEEDED"}
    assert list((machine.reports / "pending").iterdir()) == []


def test_pause_and_resume(machine: Machine) -> None:
    paused = machine.run("nas", "pause", "서버실 정전", "--json")
    status = machine.run("nas", "status")
    resumed = machine.run("nas", "resume")

    assert (paused.rc, json.loads(paused.out)) == (0, {"reason": "서버실 정전"})
    assert "일시 정지: 서버실 정전" in status.out
    assert resumed.rc == 0
    assert not (machine.reports / "PAUSED").exists()


def test_a_second_pause_says_whose_reason_it_replaced(machine: Machine) -> None:
    """Whoever paused first would look for it in vain."""
    machine.run("nas", "pause", "서버실 정전")
    second = machine.run("nas", "pause", "PC 점검", "--json")

    assert json.loads(second.out) == {"reason": "PC 점검", "replaced": "서버실 정전"}
    assert "replaced=서버실 정전" in second.err


def test_resuming_what_is_not_paused_says_so_and_is_no_failure(machine: Machine) -> None:
    machine.run("nas", "pause", "night")
    first, second = (machine.run("nas", "resume", "--json") for _ in range(2))

    assert (first.rc, json.loads(first.out)) == (0, {"reason": "night"})
    assert (second.rc, json.loads(second.out)) == (0, {"why": "nothing was paused"})


# ---- list, config, help ----


def test_list_strategies_names_ours_and_ones_own(machine: Machine) -> None:
    done = machine.run("nas", "list", "strategies", "--json")

    listed = json.loads(done.out)
    assert Path(listed["krx_ma200"]).is_file()
    assert Path(listed["does_not_load"]).is_file()  # a list imports nothing


def test_a_list_says_of_each_what_it_does_and_where_ones_own_is(machine: Machine) -> None:
    strategies = machine.run("nas", "list", "strategies").out.splitlines()
    universes = machine.run("nas", "list", "universes").out
    own = Path(json.loads(machine.run("nas", "list", "strategies", "--json").out)["does_not_load"]).parent

    assert any(line.startswith("krx_ma200 ") and "above its moving average" in line for line in strategies)
    assert any(line.startswith("does_not_load ") and line.endswith(f"({own})") for line in strategies)
    assert "SYNTHETIC_ETF" in universes
    assert "made-up" in universes


def test_config_shows_every_setting_with_its_origin(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "configs" / "mine.yaml"
    file.parent.mkdir()
    file.write_text("lease_seconds: 77\nlanguage: en\n", encoding="utf-8")
    done = machine.run("nas", "config", "--json", config=file, language="ko", strategies_path="")
    shown = json.loads(done.out)

    assert shown["lease_seconds"] == {"value": "77.0", "origin": str(file)}
    assert shown["language"] == {"value": "ko", "origin": "RELAY_LANGUAGE"}
    assert shown["heartbeat_seconds"]["origin"] == "default"
    assert shown["strategies_path"] == {"value": None, "origin": "default"}
    assert shown["reports"] == {"value": str(machine.reports), "origin": "RELAY_REPORTS"}
    assert f"({file})" in machine.run("nas", "config", config=file).out


def test_a_misspelt_setting_is_refused_by_name_by_every_command(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("leese_seconds: 77\n", encoding="utf-8")

    for words in (["config"], ["status"], ["submit", "krx_ma200"]):
        refused = machine.run("nas", *words, config=tmp_path / "bad.yaml")
        assert is_refusal(refused, 64, "'leese_seconds'", "did you mean 'lease_seconds'", "bad.yaml")


@pytest.mark.parametrize("program", ["nas", "pc"])
def test_help_says_how_it_is_used_and_gives_examples(machine: Machine, program: str) -> None:
    done = machine.run(program, "--help")

    assert done.rc == 0
    assert done.out.startswith(f"usage: python -m {program}")
    assert "examples:\n" in done.out
    assert done.out.count(f"  python -m {program} ") >= 5


HELPED = [["nas", name] for name in (*NAS, "")] + [["pc", name] for name in (*PC, "")] + [["pc.worker", ""]]


@pytest.mark.parametrize("words", HELPED, ids=" ".join)
def test_the_help_of_every_command_starts_with_its_own_examples(machine: Machine, words: List[str]) -> None:
    program, name = words
    done = machine.run(program, *([name] if name else []), "--help")

    first = done.out.split("\n\n")[1].splitlines()
    assert first[0] == "examples:"
    assert first[1].startswith(f"  python -m {program} {name}".rstrip())


@pytest.mark.parametrize("words", [(), ("status", "now"), ("show",), ("list", "horses")])
def test_wrong_usage_exits_with_64(machine: Machine, words: "tuple[str, ...]") -> None:
    refused = machine.run("nas", *words)

    assert is_refusal(refused, 64, "usage: python -m nas", "examples:\n  python -m nas ")


def test_a_command_that_is_not_there_is_one_line_with_the_one_that_was_meant(machine: Machine) -> None:
    refused = machine.run("nas", "stauts", "--follow")

    assert is_refusal(
        refused,
        64,
        "[E-USAGE] 잘못된 명령: reading the command: there is no 'stauts'; did you mean 'status'? there are: archive, ",
    )
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("ko", "[E-REQUEST-NOT-FOUND] 요청이나 답을 찾을 수 없음: "),
        ("en", "[E-REQUEST-NOT-FOUND] looking for "),
        ("xx", "[E-SETTING] 잘못된 설정: reading the settings from RELAY_LANGUAGE: "),
    ],
)
def test_a_refusal_begins_with_what_it_is_called(machine: Machine, language: str, begins: str) -> None:
    """In Korean, also where the settings that say so are what is wrong."""
    refused = machine.run("nas", "show", "nix", language=language)

    assert refused.err.startswith(begins)
    assert refused.rc != 0


def test_wrong_usage_of_one_command_shows_how_that_one_is_used(machine: Machine) -> None:
    nas, worker = machine.run("nas", "show"), machine.run("pc.worker", "--twice")

    assert is_refusal(nas, 64, "examples:\n  python -m nas show @latest")
    assert "submit" not in nas.err
    assert is_refusal(worker, 64, "--once", "examples:\n  python -m pc.worker ")


def test_wrong_usage_asked_for_json_is_json(machine: Machine) -> None:
    """A program that reads standard output must not find it empty."""
    for words, why, fix in (
        (["show"], "required: id", "for example: python -m nas "),
        (["status", "--jason"], "--jason", "for example: python -m nas "),
        (["frobnicate"], "frobnicate", "there are: archive, "),
    ):
        refused = machine.run("nas", *words, "--json")
        error = json.loads(refused.out)["error"]
        assert (refused.rc, error["code"]) == (64, "E-USAGE")
        assert why in error["why"]
        assert error["fix"].startswith(fix)
        assert refused.err.startswith(("usage: ", "[E-USAGE] "))
