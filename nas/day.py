"""The day as the NAS saw it, beside what was told: jobs that were not started or put off, old code, runs the other side told of.

It exists so that the evening's summary says "all quiet" only where everything that should have run did.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any, Dict, List, Sequence

from nas.deployment import code_check
from nas.health import Today, jobs_today
from nas.health.today import FAILED, MISSING, NEVER, PUT_OFF
from nas.run_status import RUN_STATUS
from nas.running import policies
from shared import clock
from shared.config import Settings
from shared.disk import Disk
from shared.found import OK
from shared.kept import kept
from shared.notices import Besides
from shared.text import Table, wording

_EVENTS = {"SUCCEEDED": "BACKTEST_COMPLETED", "FAILED": "BACKTEST_FAILED", "REJECTED": "BACKTEST_FAILED"}
_WORDS: Table = {
    "missed": ("시작 안 된 작업 {count}개", "{count} jobs not started"),
    "put_off": ("미뤄진 작업 {count}개", "{count} jobs put off"),
    "failed": ("실패한 작업 {count}개", "{count} jobs failed"),
    "old_code": ("코드 업데이트 실패", "code not updated"),
    "one_missing": (
        "⚠️ {job}: {due}에 시작하지 않음 · python -m nas run {job}",
        "⚠️ {job}: not started at {due} · python -m nas run {job}",
    ),
    "one_put_off": ("⚠️ {job}: 미뤄짐, {why}", "⚠️ {job}: put off, {why}"),
    "one_failed": ("❌ {job}: 실패 rc={rc}, {why}", "❌ {job}: failed rc={rc}, {why}"),
    "one_code": ("⚠️ {said}",) * 2,
}


def besides(settings: Settings, at: datetime, but: str) -> Besides:
    """What no notice told of that day, up to that moment; `but` is the job that asks. A failure that was told is not in it."""
    jobs = jobs_today(settings, at, but)
    silent = [name for name, policy in policies(settings.jobs).items() if policy.notify == "off"]
    missed = [one for one in jobs if one.state in (MISSING, NEVER)]
    put_off = [one for one in jobs if one.state == PUT_OFF]
    failed = [one for one in jobs if one.state == FAILED and one.job in silent]
    code = code_check(settings.data, at)
    counted = [("missed", len(missed)), ("put_off", len(put_off)), ("failed", len(failed))]
    counted.append(("old_code", 0 if code.verdict == OK else 1))
    troubles = [_said(settings, key, count=count) for key, count in counted if count]
    remarks = [*_each(settings, "one_failed", failed), *_each(settings, "one_missing", missed)]
    remarks += _each(settings, "one_put_off", put_off)
    remarks += [] if code.verdict == OK else [_said(settings, "one_code", said=code.said.in_language(settings.language))]
    return Besides(troubles, remarks, _runs(settings, at))


def _each(settings: Settings, key: str, jobs: Sequence[Today]) -> List[str]:
    return [
        _said(settings, key, job=one.job, due=f"{one.due:%H:%M}" if one.due else "-", rc=one.last.rc, why=one.last.why or "-")
        for one in jobs
    ]


def _runs(settings: Settings, at: datetime) -> List[Dict[str, Any]]:
    """The day's answers, as publish has them; the notices of this machine know none where the other side tells them."""
    told: Dict[str, Any] = {}
    with contextlib.suppress(OSError):  # the share is away: that is told by others
        told = kept(Disk(durable=False), settings.reports / RUN_STATUS)
    is_todays = told.get("day") == f"{at.astimezone(clock.KST):%Y-%m-%d}"
    runs = told.get("runs") if is_todays and isinstance(told.get("runs"), list) else []
    return [
        {
            "event": _EVENTS.get(str(one.get("status")), "BACKTEST_SKIPPED"),
            "subject": one.get("strategy"),
            "data_to": one.get("data_until"),
        }
        for one in runs or []
        if isinstance(one, dict)
    ]


def _said(settings: Settings, key: str, **facts: object) -> str:
    return wording(_WORDS, key, **facts).in_language(settings.language)
