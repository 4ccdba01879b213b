"""Measurements: noted only where somebody wants them, and a page that Prometheus can read whatever stands in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

from nas.gauge import Family, Sample, exposition
from shared import clock, metrics
from tests.harness.documents import named, text_of
from tests.harness.processes import Machine
from tests.harness.typed import SATURDAY, Typed

_NAME, _LABEL = r"[a-zA-Z_:][a-zA-Z0-9_:]*", r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({_NAME})(?:\{{({_LABEL}(?:,{_LABEL})*)\}})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)")
HELP, TYPE = re.compile(rf"# HELP ({_NAME}) \S.*"), re.compile(rf"# TYPE ({_NAME}) (gauge|counter|summary)")


def checked(page: str) -> Dict[str, List[str]]:
    """The page by family; each begins with its help and its type, has samples of its name, and comes once."""
    assert page.endswith("\n")
    families: Dict[str, List[str]] = {}
    name = kind = ""
    lines = iter(page.splitlines())
    for line in lines:
        if line.startswith("# HELP"):
            helped, typed = HELP.fullmatch(line), TYPE.fullmatch(next(lines))
            assert helped, line
            assert typed, line
            assert helped[1] == typed[1], line
            name, kind = typed[1], typed[2]
            assert name not in families
            assert name.endswith("_total") == (kind == "counter")
            families[name] = []
            continue
        found = SAMPLE.fullmatch(line)
        assert found, line
        assert found[1] in ([f"{name}_sum", f"{name}_count"] if kind == "summary" else [name]), line
        families[name].append(line)
    assert all(families.values()), "a family without samples says nothing"
    samples = [line.rpartition(" ")[0] for lines in families.values() for line in lines]
    assert len(samples) == len(set(samples)), "a sample stands there twice"
    return families


def noted(root: Path) -> List[Dict[str, Any]]:
    file = root / "logs" / "metrics" / f"metrics_{clock.now():%Y-%m-%d}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_each_job_that_is_over_is_one_object_in_the_file_of_its_day(tmp_path: Path) -> None:
    typed = Typed(tmp_path, METRICS_ENABLED="1")
    typed("run", "--log", "mine", "--", "true")
    typed("run", "--log", "mine", "--", "sh", "-c", "exit 7")
    typed("run", "--log", "mine", "--guard", "td", "--at", SATURDAY, "--", "true")
    found = noted(tmp_path)
    assert [(one["name"], one["labels"]) for one in found] == [
        ("job_seconds", {"job": "mine", "outcome": outcome, "rc": rc})
        for outcome, rc in (("OK", "0"), ("FAILED", "7"), ("SKIPPED", "0"))
    ]
    assert all(clock.moment_in(one["at"]) and one["value"] >= 0 for one in found)
    families = checked(typed("metrics").stdout)
    assert families["relay_jobs_total"] == [
        f'relay_jobs_total{{job="mine",outcome="{outcome}"}} 1' for outcome in ("FAILED", "OK", "SKIPPED")
    ]
    assert families["relay_job_seconds"][1] == 'relay_job_seconds_count{job="mine"} 2', "a skip took no time"


def test_off_as_it_is_by_default_nothing_is_noted_and_nothing_is_loaded(tmp_path: Path) -> None:
    for said in ({}, {"METRICS_ENABLED": "0"}, {"METRICS_ENABLED": ""}):
        Typed(tmp_path, **said)("run", "--log", "mine", "--", "true")
    assert not (tmp_path / "logs" / "metrics").exists()
    code = "import sys; from pathlib import Path; before = set(sys.modules); from shared.metrics import note\n"
    ours = "{'__future__', 'shared', 'shared.metrics'}"
    code += f"note(Path('x'), 'job_seconds', 1.0, job='mine'); print(sorted(set(sys.modules) - before - {ours}))"
    told = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout == "[]\n"


def test_a_full_disk_or_a_file_in_its_place_stops_no_job(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "metrics").write_text("a file", encoding="utf-8")
    done = Typed(tmp_path, METRICS_ENABLED="1")("run", "--log", "mine", "--", "true")
    assert done.returncode == 0
    assert "cannot be written" in done.stderr


def test_the_page_says_what_is_measured_now(tmp_path: Path) -> None:
    typed = Typed(tmp_path)
    typed("init")
    typed("submit", "krx_ma200")
    typed("run", "publish_results")
    done = typed("metrics")
    families = checked(done.stdout)
    assert families["relay_requests"] == ['relay_requests{state="pending"} 1', 'relay_requests{state="running"} 0']
    assert families["relay_job_last_rc"] == ['relay_job_last_rc{job="publish_results",outcome="OK"} 0']
    assert families["relay_share_up"] == ["relay_share_up 1"]
    assert "relay_jobs_total" not in families, "nothing is noted"
    assert re.match(r"OK families=\d+ elapsed=", done.stderr)
    told = json.loads(typed("metrics", "--json").stdout)
    assert told["relay_requests"]["samples"][0] == {"value": 1, "labels": {"state": "pending"}, "ending": ""}


def test_a_share_that_is_away_is_told_and_no_failure(tmp_path: Path) -> None:
    done = Typed(tmp_path)("metrics")
    assert done.returncode == 0
    families = checked(done.stdout)
    assert families["relay_share_up"] == ["relay_share_up 0"]
    assert "relay_requests" not in families


def test_no_label_breaks_the_page() -> None:
    odd = 'a "quoted"\nback\\slash, 한글 {x="y"}'
    page = exposition([Family("relay_x", "gauge", f"Help of {odd}", [Sample(1e-9, {"job": odd}), Sample(2, {"job": "b"})])])
    assert len(checked(page)["relay_x"]) == 2


def test_what_somebody_else_wrote_into_the_file_is_left_out(tmp_path: Path) -> None:
    typed = Typed(tmp_path, METRICS_ENABLED="1")
    typed("run", "--log", "mine", "--", "true")
    file = tmp_path / "logs" / "metrics" / f"metrics_{clock.now():%Y-%m-%d}.jsonl"
    with open(file, "ab") as lines:
        lines.write(b'torn\n[]\n{"name": 1}\n{"name": "job_seconds", "value": "x", "labels": {}}\n')
        lines.write(b'{"name": "job_seconds", "value": 1, "labels": {"job": 5}}\n\xff\n')
    assert checked(typed("metrics").stdout)["relay_jobs_total"] == ['relay_jobs_total{job="mine",outcome="OK"} 1']


def test_every_family_is_documented_and_no_other(tmp_path: Path) -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(metrics.__file__).parents[1].glob("nas/gauge/*.py"))
    assert {name for name in named(text_of("metrics.md")) if name.startswith("relay_")} == set(
        re.findall(r'"(relay_\w+)"', sources)
    )


@pytest.mark.skipif(sys.version_info < (3, 11), reason="runs are the PC's, which has Python 3.11 or newer")
def test_each_run_that_is_over_is_one_object_of_the_pc(
    tmp_path: Path, synthetic_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_ENABLED", "1")
    with Machine(tmp_path, synthetic_data) as machine:
        machine.road.submit()
        assert machine.run("pc", "drain").rc == 0
        [told] = noted(tmp_path)
        assert (told["name"], told["labels"], 0 < told["value"] < 60) == ("run_seconds", {"status": "SUCCEEDED"}, True)
        page = machine.run("nas", "metrics").out
    assert checked(page)["relay_run_seconds"][1] == 'relay_run_seconds_count{status="SUCCEEDED"} 1'
