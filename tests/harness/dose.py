"""How much of what could be tried is tried: all of it in a thorough check, a part of it in the everyday one.

It exists because every fault at every operation, and every story of whole programs, takes far longer than anybody waits for a
check. Which part depends on the code: what one change leaves out, the next tries.
"""

from __future__ import annotations

import hashlib
import os
from typing import List, Sequence, Set, TypeVar

from tests.harness.sources import PACKAGES, files_of

_ASKED = os.environ.get("KRX_RELAY_THOROUGH", "")
THOROUGH = _ASKED not in ("", "0")  # `scripts/check.py --thorough`
EVERYDAY = _ASKED == "0"  # `scripts/check.py`; neither is whoever names tests: what is named is tried
COSTLY = (  # files whose stories start many programs: half of the processor's time of all tests
    "tests/nas/test_archive.py",
    "tests/nas/test_back_up.py",
    "tests/nas/test_back_up_bad_days.py",
    "tests/nas/test_closing.py",
    "tests/nas/test_commands.py",
    "tests/nas/test_daily_summary.py",
    "tests/nas/test_every_command_as_json.py",
    "tests/nas/test_healthcheck.py",
    "tests/nas/test_jobs_yaml.py",
    "tests/nas/test_notify.py",
    "tests/nas/test_publish_command.py",
    "tests/nas/test_run_job.py",
    "tests/nas/test_showing.py",
    "tests/nas/test_update_from_git.py",
    "tests/nas/test_what_waits.py",
    "tests/pc/test_bench.py",
    "tests/pc/test_bench_road.py",
    "tests/pc/test_courier.py",
    "tests/pc/test_doctor.py",
    "tests/pc/test_ingest.py",
    "tests/pc/test_ingest_command.py",
    "tests/pc/test_nightmare_day.py",
    "tests/pc/test_runs_that_misbehave.py",
    "tests/pc/test_sabotaged_ingest.py",
    "tests/pc/test_worker_and_its_share.py",
    "tests/pc/test_worker_service.py",
    "tests/road/test_a_worker_that_carries.py",
    "tests/road/test_first_prices.py",
    "tests/road/test_git_breaks.py",
    "tests/road/test_git_races.py",
    "tests/road/test_git_refused.py",
    "tests/road/test_git_strangers.py",
    "tests/road/test_prices_over_the_wire.py",
    "tests/road/test_transfers_that_fail.py",
    "tests/road/test_two_folders.py",
    "tests/shared/test_fdr_provider.py",
    "tests/shared/test_krx_openapi.py",
    "tests/shared/test_pykrx_providers.py",
    "tests/shared/test_yfinance_providers.py",
)

Item = TypeVar("Item")


def spread(items: Sequence[Item], most: int) -> List[Item]:
    """At most so many of them, evenly over all; all of them in a thorough check."""
    return list(items) if THOROUGH else list(items[:: -(-len(items) // most) or 1])


def in_turn(items: Sequence[Item], turn: int, count: int) -> List[Item]:
    """So many of them, others at each turn; all of them in a thorough check."""
    if THOROUGH or not items:
        return list(items)
    first = turn % len(items)
    return [*items[first:], *items[:first]][:count]


def one_in(count: int, items: Sequence[Item]) -> List[Item]:
    """One in so many, the same for the same code and others for other code; all of them in a thorough check."""
    if THOROUGH:
        return list(items)
    code = hashlib.sha256(b"".join(file.read_bytes() for file in files_of(*PACKAGES)))
    return list(items[int(code.hexdigest(), 16) % count :: count])


def left_out(names: Sequence[str]) -> Set[str]:
    """Of all tests those that the everyday check leaves to other code: one in three of what is costly."""
    costly = [name for name in names if name.startswith(COSTLY)] if EVERYDAY else []
    return set(costly) - set(one_in(3, costly))
