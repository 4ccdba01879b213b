"""What every test may ask for: prices made once, and a reports folder of its own."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Callable, Iterator, List

import pytest

from tests.harness.dose import EVERYDAY, left_out
from tests.harness.road import Road
from tests.harness.slack_server import SlackServer

# Tests started in the background of a script are told to ignore Ctrl-C, and so would be every program they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

with contextlib.suppress(ImportError):  # the core's tests on the NAS's Python can do without
    from hypothesis import Phase, settings

    settings.register_profile("check", derandomize=True)  # the same code gets the same verdict
    settings.register_profile("verdict", derandomize=True, phases=(Phase.explicit, Phase.generate))  # whether, not how small
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))

# In a text nested without end, at the deepest point, a finalizer of an earlier test's garbage that itself goes too deep ends
# a Python 3.8 for good ("Cannot recover from stack overflow"); newer ones raise.
if sys.version_info < (3, 9):
    gc.disable()


def pytest_report_header() -> List[str]:
    """Nobody takes a part for the whole."""
    return ["of the costly tests one in three, by the code (scripts/check.py --thorough: all)"] if EVERYDAY else []


def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Some costly tests are left out of the everyday check."""
    out = left_out([item.nodeid for item in items])
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in out])
    items[:] = [item for item in items if item.nodeid not in out]


@pytest.fixture(scope="session")
def synthetic_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the made-up prices in it."""
    data = Path(os.environ.get("TEST_DATA") or tmp_path_factory.mktemp("data"))
    if sys.version_info >= (3, 11):  # the core's tests on the NAS's Python read no prices
        from shared.market.providers import synthetic

        synthetic.ensure(data / "prices" / "synthetic")
    return data


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of file operations per test."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None, prefix="krx-relay-test-") as folder:
        yield Path(folder)


@pytest.fixture
def road(quick_folder: Path, synthetic_data: Path) -> Road:
    """A reports folder with all its rooms."""
    return Road(quick_folder / "reports", synthetic_data)


@pytest.fixture
def new_road(quick_folder: Path, synthetic_data: Path) -> Callable[..., Road]:
    """The same with settings of the test's own."""
    return lambda **changes: Road(quick_folder / "reports", synthetic_data, **changes)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack of the test's own, in the test's own process: it outlives whoever sends."""
    with SlackServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith(("RELAY_", "SLACK_", "ALERT_WEBHOOK"))]:
        monkeypatch.delenv(variable)
