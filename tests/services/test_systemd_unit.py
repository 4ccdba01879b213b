"""The unit of systemd: what systemd itself says of it, and a worker at work in the cage it describes."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List

import pytest

from pc.keeper import Doing, open_keeper
from shared.config import HOME, Settings
from shared.errors import SettingInvalid, UsageWrong
from tests.harness.documents import text_of
from tests.harness.listener import Listener
from tests.harness.processes import Machine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")
UNIT = HOME / "configs" / "systemd" / "krx-relay-worker.service"
HOW_TO = text_of("how-to/install-the-worker-as-a-service.md")
WORST = 25  # tenths of what `systemd-analyze security` calls the exposure
# What ProtectSystem=strict and ReadWritePaths do: all there is read-only, but the folders named in $WRITABLE.
CAGE = """
for folder in $WRITABLE; do mkdir -p "$folder"; mount --bind "$folder" "$folder" || exit 99; done
awk '{print $2}' /proc/self/mounts | while read -r there; do
    case " $WRITABLE /proc /sys /dev " in *" $there "*) continue ;; esac
    case "$there" in /proc/*|/sys/*|/dev/*) continue ;; esac
    mount -o remount,bind,ro "$there" 2>/dev/null
done
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
"""
CAGED = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", CAGE, "cage"]


def values(key: str) -> List[str]:
    """What the unit says of that key, in order."""
    return re.findall(rf"^{key}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def seconds(text: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(min)?", text).groups()  # type: ignore[union-attr]
    return float(number) * (60 if unit else 1)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The unit as the how-to's own command writes it, in a checkout of which the Python is this one."""
    shown = re.search(r"^sed .*\|\n", HOW_TO, re.MULTILINE)
    assert shown
    bin_folder = tmp_path / "checkout" / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    shutil.copytree(HOME / "configs", tmp_path / "checkout" / "configs")
    shutil.copytree(HOME / "docs" / "how-to", tmp_path / "checkout" / "docs" / "how-to")
    words = ["sh", "-c", shown[0].rstrip("|\n")]
    environment = {name: value for name, value in os.environ.items() if name != "USER"}  # as in a shell of su or cron
    done = subprocess.run(words, cwd=tmp_path / "checkout", env=environment, capture_output=True, text=True, check=True)
    unit = tmp_path / UNIT.name
    unit.write_text(done.stdout, encoding="utf-8")
    return unit


def _analyze(*words: str) -> "subprocess.CompletedProcess[str]":
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze here")
    return subprocess.run(["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, timeout=60, check=False)


def test_the_how_to_puts_the_checkout_and_the_user_in(installed: Path, tmp_path: Path) -> None:
    text = installed.read_text(encoding="utf-8")
    assert f"ExecStart={tmp_path}/checkout/.venv/bin/python -m pc watch" in text
    assert f"\nUser={pwd.getpwuid(os.getuid()).pw_name}\n" in text
    assert "/opt" not in text


def test_systemd_finds_nothing_wrong_with_the_unit(installed: Path) -> None:
    done = _analyze("verify", "--man=no", str(installed))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_would_find_a_word_it_does_not_know(installed: Path) -> None:
    """Else the test above would show nothing."""
    installed.write_text(installed.read_text(encoding="utf-8").replace("NoNewPrivileges", "NoNewPrivilege"), encoding="utf-8")
    assert "NoNewPrivilege" in _analyze("verify", "--man=no", str(installed)).stderr


def test_the_unit_is_as_hardened_as_its_page_says(installed: Path) -> None:
    done = _analyze("security", "--offline=true", f"--threshold={WORST}", str(installed))
    assert done.returncode == 0, done.stdout[-300:]
    rated = re.search(r"exposure level .*: (\d\.\d)", done.stdout)
    assert rated
    said = re.search(r"rates it (\d\.\d) \(OK, systemd (\d+)\)", HOW_TO.replace("\n", " "))
    assert said
    if f"systemd {said[2]} " in _analyze("--version").stdout:  # others count otherwise
        assert rated[1] == said[1]


def test_nothing_is_started_again_that_a_start_does_not_mend() -> None:
    [codes] = values("RestartPreventExitStatus")
    wrong = {error.exit_code for error in (SettingInvalid, UsageWrong)}
    assert {int(code) for code in codes.split()} == {*wrong, 200, 203, 217}
    assert values("Restart") == ["on-failure"]
    assert values("StartLimitIntervalSec") == ["0"]
    assert float(values("RestartSec")[0]) >= 10


def test_systemd_waits_as_long_as_a_worker_lets_its_runs_finish(tmp_path: Path) -> None:
    """By its own time where the grace is the default; a longer one is asked for by the worker."""
    assert values("KillMode") == ["mixed"]
    assert seconds(values("TimeoutStopSec")[0]) >= 2 * Settings().grace_seconds
    listener = Listener(str(tmp_path / "notify"))
    keeper = open_keeper({"NOTIFY_SOCKET": listener.address}, "en")
    keeper.stopping(lambda: Doing(1, [], stopping=True), 600.0)
    [asked] = [line for line in listener.heard() if line.startswith("EXTEND_TIMEOUT_USEC=")]
    assert int(asked.partition("=")[2]) > 600e6
    listener.close()


def test_the_unit_waits_ten_leases_for_a_worker_that_stands_still() -> None:
    """Many leases: others have taken over long before systemd gives up."""
    assert seconds(values("WatchdogSec")[0]) >= 10 * Settings().lease_seconds
    assert seconds(values("TimeoutStartSec")[0]) >= seconds(values("WatchdogSec")[0])


def test_a_run_out_of_memory_ends_alone() -> None:
    assert values("OOMPolicy") == ["continue"]


def test_the_worker_sees_the_other_processes_of_its_machine() -> None:
    """Else it would hold every other worker here for dead."""
    assert values("ProtectProc") + values("ProcSubset") + values("PrivateUsers") + values("PrivatePIDs") == []


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    tried = subprocess.run([*CAGED, "true"], env={**os.environ, "WRITABLE": str(tmp_path)}, capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"no cage of mounts can be made here: {tried.stderr.decode(errors='replace').strip()[-200:]}")
    (tmp_path / "data").mkdir()
    shutil.copytree(synthetic_data / "prices", tmp_path / "data" / "prices")
    with Machine(tmp_path, tmp_path / "data", lease_seconds=3600, heartbeat_seconds=0.3) as running:
        yield running


def writable(machine: Machine) -> Dict[str, str]:
    """What the unit lets the worker write: its three folders, its cache, its own temporary folder."""
    assert [Path(one).name for one in values("ReadWritePaths")[0].split()] == ["reports", "data", "logs"]
    named = ["reports", "data", "logs", "cache", "tmp"]
    return {"WRITABLE": " ".join(str(machine.folder / name) for name in named)}


def test_in_the_cage_nothing_else_can_be_written(machine: Machine) -> None:
    words = [*CAGED, "sh", "-c", f"touch {machine.folder}/reports/in && ! touch {machine.folder}/out {HOME}/out"]
    done = subprocess.run(words, env={**os.environ, **writable(machine)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Read-only file system") == 2


def test_a_worker_in_the_cage_answers_with_a_picture(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITABLE", writable(machine)["WRITABLE"])
    listener = Listener(str(tmp_path / "notify"))
    cache = machine.folder / "cache"
    environment = {"NOTIFY_SOCKET": listener.address, "MPLCONFIGDIR": cache / "matplotlib", "TMPDIR": machine.folder / "tmp"}
    worker = machine.start("pc", "watch", before=CAGED, **environment)
    listener.until("READY=1")
    request_id = machine.road.submit(charts=True)

    assert machine.answered(request_id, 60)["status"] == "SUCCEEDED"
    assert (machine.reports / "done" / request_id / "equity_curve.png").is_file()
    assert list((cache / "matplotlib").iterdir())
    assert list((machine.folder / "logs").glob("pc_*.log"))
    assert worker.stop() == 0
    assert "Read-only" not in worker.err()
    assert machine.road.left() == []
    listener.close()


def test_a_share_that_is_mounted_after_the_start_reaches_the_caged_worker(machine: Machine, tmp_path: Path) -> None:
    """As systemd has it: mounts outside are handed on into the cage, and may be written there; all in a namespace of its own."""
    share, caged, told = tmp_path / "nas" / "reports", tmp_path / "reports" / "caged", tmp_path / "reports" / "reached"
    share.parent.mkdir()
    inside = f"touch {caged}; while [ ! -d {share} ]; do sleep 0.02; done; touch {share}/reached"
    outside = f"""
        mount --make-rshared /
        {" ".join(CAGED[:-2])} "$CAGE" cage sh -c '{inside}' &
        while [ ! -e {caged} ]; do sleep 0.02; done
        mount --bind {tmp_path} {share.parent} && wait $!
    """
    words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", outside]
    environment = {**os.environ, **writable(machine), "CAGE": CAGE}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert told.is_file()
