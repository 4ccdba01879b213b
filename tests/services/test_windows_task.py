"""The tasks of Windows: their XML as the Task Scheduler reads it, and the scripts as far as they can be read without PowerShell.

None of it was run on Windows; docs/how-to/install-the-worker-as-a-service.md says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List
from xml.etree import ElementTree

import pytest

import pc.__main__
from shared.config import HOME
from tests.harness.documents import text_of

TASKS = sorted((HOME / "configs" / "windows").glob("*.xml"))
SCRIPTS = sorted((HOME / "scripts" / "windows").glob("*.ps1"))
SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# What the schema of version 1.4 knows, in the order Windows itself writes it.
ORDER = {
    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Data", "Actions"],
    "LogonTrigger": ["Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "UserId", "Delay"],
    "BootTrigger": ["Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "Delay"],
    "Repetition": ["Interval", "Duration", "StopAtDurationEnd"],
    "Principal": ["UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"],
    "Settings": [
        "MultipleInstancesPolicy",
        "DisallowStartIfOnBatteries",
        "StopIfGoingOnBatteries",
        "AllowHardTerminate",
        "StartWhenAvailable",
        "RunOnlyIfNetworkAvailable",
        "IdleSettings",
        "AllowStartOnDemand",
        "Enabled",
        "Hidden",
        "RunOnlyIfIdle",
        "DisallowStartOnRemoteAppSession",
        "UseUnifiedSchedulingEngine",
        "WakeToRun",
        "ExecutionTimeLimit",
        "Priority",
        "RestartOnFailure",
    ],
    "RestartOnFailure": ["Interval", "Count"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
}
# Cmdlets and the parameters of each that are used; PowerShell 5.1 has them all.
CMDLETS: Dict[str, List[str]] = {
    "Get-Content": ["LiteralPath", "Raw", "Encoding"],
    "Get-ScheduledTask": ["TaskName"],
    "Join-Path": ["Path", "ChildPath"],
    "Out-Null": [],
    "Register-ScheduledTask": ["TaskName", "Xml", "Force"],
    "Resolve-Path": ["LiteralPath"],
    "Set-Location": ["LiteralPath"],
    "Start-ScheduledTask": ["TaskName"],
    "Stop-ScheduledTask": ["TaskName"],
    "Test-Path": ["LiteralPath"],
    "Unregister-ScheduledTask": ["TaskName", "Confirm"],
}
GIVEN = {"PSScriptRoot", "LASTEXITCODE", "ErrorActionPreference", "false", "true", "null"}
TOKEN = re.compile(r"""(?P<text>'[^'\n]*'|"[^"\n]*")|(?P<comment>\#.*)|(?P<mark>[(){}\[\]])|(?P<word>[^\s(){}\[\]'"\#]+)""")
PAIRS = {")": "(", "}": "{", "]": "["}


def _name(one: ElementTree.Element) -> str:
    assert one.tag.startswith(SPACE), one.tag
    return one.tag[len(SPACE) :]


def _value(task: ElementTree.Element, path: str) -> str:
    found = task.find("/".join(f"{SPACE}{name}" for name in path.split("/")))
    assert found is not None, path
    return found.text or ""


@pytest.fixture(params=TASKS, ids=[file.stem for file in TASKS])
def file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def task(file: Path) -> ElementTree.Element:
    return ElementTree.fromstring(file.read_bytes())


def test_a_task_is_read_alike_from_a_file_and_from_a_string(file: Path, task: ElementTree.Element) -> None:
    """The script hands it over as a string, in which a declared encoding other than UTF-16 is refused."""
    text = file.read_bytes().decode("ascii")
    assert text.startswith('<?xml version="1.0"?>\n')
    assert _name(task) == "Task"
    assert task.get("version") == "1.4"
    assert _value(task, "RegistrationInfo/URI") == f"\\{file.stem}"


def test_every_element_is_one_of_the_schemas_and_in_its_order(task: ElementTree.Element) -> None:
    for one in task.iter():
        order = ORDER.get(_name(one))
        if order:
            inner = [_name(each) for each in one]
            assert inner == [name for name in order if name in inner], _name(one)


def test_a_task_never_runs_twice_has_no_limit_and_comes_back(task: ElementTree.Element) -> None:
    wanted = {
        "MultipleInstancesPolicy": "IgnoreNew",
        "ExecutionTimeLimit": "PT0S",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "WakeToRun": "false",
        "RunOnlyIfIdle": "false",
        "Enabled": "true",
        "RestartOnFailure/Interval": "PT1M",
        "RestartOnFailure/Count": "3",
    }
    assert {path: _value(task, f"Settings/{path}") for path in wanted} == wanted
    [trigger] = task.findall(f"{SPACE}Triggers/*")
    assert _value(trigger, "Repetition/Interval") == "PT10M"
    assert trigger.find(f"{SPACE}Repetition/{SPACE}Duration") is None, "for ever"


def test_a_task_needs_no_rights_and_no_password(file: Path, task: ElementTree.Element) -> None:
    """Whoever is logged on reaches their shares; without anybody logged on, without a password, no share can be reached."""
    at_boot = file.stem.endswith("at-boot")
    assert _value(task, "Principals/Principal/RunLevel") == "LeastPrivilege"
    assert _value(task, "Principals/Principal/LogonType") == ("S4U" if at_boot else "InteractiveToken")
    [trigger] = task.findall(f"{SPACE}Triggers/*")
    assert _name(trigger) == ("BootTrigger" if at_boot else "LogonTrigger")


def test_a_task_starts_the_worker(task: ElementTree.Element) -> None:
    *flags, module, name, command = _value(task, "Actions/Exec/Arguments").split()
    assert (flags, module, name) == (["-X", "utf8"], "-m", "pc")
    assert pc.__main__.parser().parse_args([command]).command == "watch"


def test_the_script_fills_in_every_place_that_is_left_open(task: ElementTree.Element) -> None:
    open_places = {_name(one) for one in task.iter() if (one.text or "") in ("USER", "PYTHON", "CHECKOUT")}
    script = (HOME / "scripts" / "windows" / "register_worker.ps1").read_text(encoding="ascii")
    filled = {*re.findall(r"GetElementsByTagName\('(\w+)'\)", script), *re.findall(r"\.Exec\.(\w+) =", script)}
    assert open_places == filled == {"UserId", "Command", "WorkingDirectory"}


# ---- the scripts ----


def _tokens(script: Path) -> List[str]:
    """Texts, brackets and words; comments are gone."""
    found = TOKEN.finditer(script.read_text(encoding="ascii"))
    return [one.group() for one in found if one.lastgroup != "comment"]


def _unpaired(tokens: List[str]) -> List[str]:
    waiting: List[str] = []
    for token in tokens:
        if token in PAIRS.values():
            waiting.append(token)
        elif token in PAIRS and (not waiting or waiting.pop() != PAIRS[token]):
            return [token]
    return waiting


@pytest.mark.parametrize("script", SCRIPTS, ids=[one.stem for one in SCRIPTS])
def test_a_script_is_plain_ascii_and_its_brackets_and_quotes_are_paired(script: Path) -> None:
    """Windows PowerShell reads a file without a BOM in the machine's code page: only ASCII is the same in all."""
    tokens = _tokens(script)
    assert _unpaired(tokens) == []
    assert not [word for word in tokens if word[0] not in "'\"" and re.search("['\"]", word)]
    assert script.read_text(encoding="ascii").count("\n") <= 20


def test_the_test_about_brackets_would_notice() -> None:
    assert _unpaired(list("([)]")) == ["]"] or _unpaired(list("([)]")) == [")"]
    assert _unpaired(["(", "{", "}"]) == ["("]


@pytest.mark.parametrize("script", SCRIPTS, ids=[one.stem for one in SCRIPTS])
def test_a_script_calls_only_what_there_is_with_parameters_it_has(script: Path) -> None:
    around: List[str] = []
    command = ""
    for token in _tokens(script):
        if token in PAIRS.values():
            around, command = [*around, command], ""
        elif token in PAIRS:
            command = around.pop()
        elif re.fullmatch(r"[A-Z]\w+-[A-Z]\w+", token):
            command = token
            assert command in CMDLETS, command
        elif re.fullmatch(r"-[A-Z]\w+(:\S*)?", token):
            assert token[1:].partition(":")[0] in CMDLETS[command], f"{command} {token}"


@pytest.mark.parametrize("script", SCRIPTS, ids=[one.stem for one in SCRIPTS])
def test_a_script_names_its_variables_before_it_uses_them(script: Path) -> None:
    known = set(GIVEN)
    for line in script.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            made = set(re.findall(r"\$(\w+)(?= =| in )", line)) | (set(re.findall(r"\[\w+\]\$(\w+)", line)))
            known |= made
            assert set(re.findall(r"\$(\w+)", line)) <= known, line


def test_no_path_is_read_as_a_pattern_or_split_at_a_space() -> None:
    """`C:\\작업 [1]\\krx-relay`: paths are variables, which PowerShell hands over whole, by -LiteralPath."""
    text = "".join(script.read_text(encoding="ascii") for script in SCRIPTS)
    assert "Invoke-Expression" not in text
    assert "cmd" not in text
    for parameter in re.findall(r"(?:Test-Path|Get-Content|Resolve-Path) (-\w+)", text):
        assert parameter == "-LiteralPath"


@pytest.mark.parametrize("script", SCRIPTS, ids=[one.stem for one in SCRIPTS])
def test_powershell_itself_can_read_a_script_where_there_is_one(script: Path) -> None:
    shell = shutil.which("pwsh") or shutil.which("powershell")
    if shell is None:
        pytest.skip("there is no PowerShell here")
    parse = f"$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile('{script}', [ref]$null, [ref]$e); $e"
    done = subprocess.run([shell, "-NoProfile", "-Command", parse], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_the_page_says_that_none_of_it_was_run_on_windows() -> None:
    page = text_of("how-to/install-the-worker-as-a-service.md")
    assert "never run on Windows" in page
    for script in SCRIPTS:
        assert f"-File scripts\\windows\\{script.name}" in page
    for task in TASKS:
        assert task.stem in page
