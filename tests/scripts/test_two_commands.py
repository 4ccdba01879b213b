"""A newcomer's two commands, `scripts/demo.py` and `scripts/check.py`, typed in a checkout whose environment is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from shared.config import HOME
from tests.harness.dose import one_in
from tests.harness.oldest_python import NO_NETWORK
from tests.harness.sources import PACKAGES, ROOT, imports_of

_COPIED = ("configs", "requirements", "scripts", "pyproject.toml", "README.md")
_STAMP = "import json, environment as e; e._OURS.touch(); e._STAMP.write_text(json.dumps(e._wanted()))"
_CLEAN = '"""Nothing."""\n\n\ndef test_nothing() -> None:\n    """It passes."""\n'


def _typed(checkout: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "PYTEST_"))}
    environment["PYTHONUTF8"] = "1"
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=100, check=False)


def _checkout(folder: Path, *rooms: str) -> Path:
    """A copy with an environment of its own, as an earlier call made it, but with the packages of whoever runs the tests."""
    for name in (*_COPIED, *rooms):
        source = HOME / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy(source, folder / name)
    made = _typed(folder, "-m", "venv", "--without-pip", str(folder / ".venv"))
    assert made.returncode == 0, made.stderr
    packages = next((folder / ".venv").glob("**/site-packages"))
    (packages / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    ruff = next(Path(sysconfig.get_path("scripts")).glob("ruff*"))
    shutil.copy(ruff, packages.parent.parent.parent / "bin" if os.name != "nt" else folder / ".venv" / "Scripts")
    stamped = _typed(folder / "scripts", "-c", _STAMP)
    assert stamped.returncode == 0, stamped.stderr
    return folder


def _timeless(text: str) -> str:
    """Without what differs from one call to the next: the stamps, days and random ends of ids."""
    return re.sub(r"\d{8}t\d{9}-krx_ma200-[0-9a-f]{6}|~\d{4}-\d\d-\d\d~", "…", text)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the demo: all packages, no tests."""
    return _checkout(tmp_path_factory.mktemp("demo"), *PACKAGES)


@pytest.fixture
def empty_checkout(tmp_path: Path) -> Path:
    """For the check: rooms with nothing in them, so that it takes seconds; one test."""
    folder = _checkout(tmp_path)
    for name in ("env_example", "schema", "lock"):  # these read the rooms
        (folder / "scripts" / f"{name}.py").unlink()
    for name in (*PACKAGES, "tests"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
    (folder / "tests" / "test_nothing.py").write_text(_CLEAN)
    (folder / "tests" / "faults").mkdir()
    (folder / "tests" / "faults" / "test_nothing.py").write_text(_CLEAN)
    return folder


def test_the_demo_walks_the_whole_road_and_prints_its_answers_and_where_they_are(checkout: Path) -> None:
    done = _typed(checkout, "scripts/demo.py")
    assert done.returncode == 0, done.stderr
    table, _, paths = done.stdout.partition("\nlook at\n")
    statuses = [re.search(r"\b(SUCCEEDED|REJECTED)\b", row)[0] for row in table.splitlines()[3:]]  # type: ignore[index]
    assert sorted(statuses) == ["REJECTED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]
    assert table.count("asked-twice") == 1
    assert "synthetic" in table.splitlines()[0].lower()
    assert len(paths.split()) == 4
    assert all((checkout / path).exists() for path in paths.split())
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    assert _timeless(done.stdout) in _timeless(readme), "README.md shows what the demo printed once"
    reports = checkout / "demo" / "reports"
    assert [path for room in ("pending", "claims", "running", "building") for path in (reports / room).iterdir()] == []
    for manifest in reports.glob("done/*/manifest.json"):
        facts = json.loads(manifest.read_bytes())
        first = (manifest.parent / "report.txt").read_text(encoding="utf-8").splitlines()[0]
        assert facts["status"] == "REJECTED" or (facts["data"]["synthetic"] and first.startswith("※ 합성(가짜) 가격"))


def test_the_check_goes_format_lint_types_tests_and_ends_with_pytests_own_line(empty_checkout: Path) -> None:
    done = _typed(empty_checkout, "scripts/check.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^--- (\w+): ", done.stderr, re.MULTILINE) == ["format", "lint", "types", "tests", "faults"]
    assert done.stderr.splitlines()[-1].startswith("--- faults: ")
    assert re.fullmatch(r"=+ 1 passed in [\d.]+s =+", done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("said", "step"),
    [("x=1\n", "format"), ("import os\n", "lint"), ('x: int = "one"\n', "types"), ("assert not 1\n", "tests")],
)
def test_the_check_ends_with_1_at_the_first_step_that_fails(empty_checkout: Path, said: str, step: str) -> None:
    (empty_checkout / "tests" / "test_nothing.py").write_text(said)
    done = _typed(empty_checkout, "scripts/check.py")
    assert done.returncode == 1
    assert re.findall(r"^--- (\w+): ", done.stderr, re.MULTILINE)[-1] == step


def test_both_commands_load_only_the_standard_library_until_the_environment_is_there() -> None:
    todo, seen = ["demo", "check"], set()
    while todo:
        name = todo.pop()
        seen.add(name)
        for one in imports_of(HOME / "scripts" / f"{name}.py"):
            top = one.module.split(".")[0]
            ours = (HOME / "scripts" / f"{top}.py").is_file()
            assert ours or top in sys.stdlib_module_names, f"scripts/{name}.py imports {one.module}"
            todo += [top] if ours and top not in seen else []
    assert seen == {"demo", "check", "environment"}


def test_continuous_integration_adds_programs_and_then_calls_what_a_person_calls() -> None:
    """The last line is the README's command; before it only system packages are added, and never in its place."""
    lines = (HOME / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert said[-1] == "exec python3 scripts/check.py"
    assert {line.strip().split()[0] for line in said[:-1]} <= {"missing=()", "command", "[", "if", "(apt-get", "fi"}, said


@pytest.mark.timeout(600)
@pytest.mark.skipif(not one_in(3, ["it"]), reason="an environment of its own: for one code in three, or --thorough")
def test_in_a_fresh_clone_the_demo_makes_its_environment_and_walks_the_road(tmp_path: Path) -> None:
    """With nothing but this Python: what a newcomer has, and what continuous integration starts from."""
    clone = tmp_path / "clone"
    cloned = subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], capture_output=True, text=True, check=False)
    if cloned.returncode:
        pytest.skip(f"this is no git checkout that can be cloned: {cloned.stderr.strip()}")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "VIRTUAL_ENV", "PYTHONPATH"))}
    command = [getattr(sys, "_base_executable", sys.executable), "scripts/demo.py"]
    done = subprocess.run(command, cwd=clone, env=bare, capture_output=True, text=True, timeout=500, check=False)
    if done.returncode and any(word in done.stdout + done.stderr for word in NO_NETWORK):
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip().splitlines()[-1]}")

    assert done.returncode == 0, done.stderr
    assert "making the environment" in done.stdout + done.stderr
    assert (clone / ".venv").is_dir()
    assert "SUCCEEDED" in done.stdout
