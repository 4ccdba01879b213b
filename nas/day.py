"""The day as the NAS saw it, beside what was told: jobs that were not started or put off, old code, runs the other side told of.

It exists so that the evening's summary says "all quiet" only where everything that should have run did.
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any, Dict, List, Optional

from nas.deployment import code_check
from nas.health import Today, jobs_today
from nas.health.state import FAILED, KILLED, MISSING, NEVER, PUT_OFF, SHUT_OUT
from nas.run_status import RUN_STATUS
from nas.running import Cron, Policy, policies
from shared import clock
from shared.config import Settings
from shared.disk import Disk
from shared.found import OK
from shared.kept import kept
from shared.notices import Besides
from shared.text import Table, wording

_EVENTS = {"SUCCEEDED": "BACKTEST_COMPLETED", "FAILED": "BACKTEST_FAILED", "REJECTED": "BACKTEST_FAILED"}
_SOON = timedelta(minutes=10)
_COUNTED = {"missed": (MISSING, NEVER, SHUT_OUT), "cut_off": (KILLED,), "put_off": (PUT_OFF,), "failed": (FAILED,)}
_REMARKS = {
    FAILED: "one_failed",
    KILLED: "one_killed",
    MISSING: "one_missing",
    NEVER: "one_missing",
    SHUT_OUT: "one_shut_out",
    PUT_OFF: "one_put_off",
}
_WORDS: Table = {
    "missed": ("시작 안 된 작업 {count}개", "{count} jobs not started"),
    "cut_off": ("도중에 끊긴 작업 {count}개", "{count} jobs cut off"),
    "put_off": ("미뤄진 작업 {count}개", "{count} jobs put off"),
    "failed": ("실패한 작업 {count}개", "{count} jobs failed"),
    "old_code": ("코드 업데이트 실패", "code not updated"),
    "one_missing": (
        "⚠️ {job}: {due}에 시작하지 않음 · python -m nas run {job}",
        "⚠️ {job}: not started at {due} · python -m nas run {job}",
    ),
    "one_shut_out": (
        "⚠️ {job}: {due}에 자리가 차 있어 실행 못 함 · python -m nas run {job}",
        "⚠️ {job}: shut out at {due} · python -m nas run {job}",
    ),
    "one_killed": (
        "❌ {job}: {begun}에 시작해 도중에 끊김 · python -m nas run {job}",
        "❌ {job}: cut off, begun {begun} · python -m nas run {job}",
    ),
    "one_put_off": ("⚠️ {job}: 미뤄짐, {why}", "⚠️ {job}: put off, {why}"),
    "one_failed": ("❌ {job}: 실패 rc={rc}, {why}", "❌ {job}: failed rc={rc}, {why}"),
    "one_code": ("⚠️ {said}",) * 2,
}


def besides(settings: Settings, at: datetime, but: str) -> Besides:
    """What no notice told of that day, up to that moment; `but` is the job that asks. What was told is not in it."""
    known = policies(settings.jobs)
    jobs = [one for one in jobs_today(settings, at, but) if _is_untold(one, known[one.job], at)]
    code = code_check(settings.data, at)
    counted = [(key, sum(one.state in states for one in jobs)) for key, states in _COUNTED.items()]
    counted.append(("old_code", 0 if code.verdict == OK else 1))
    troubles = [_said(settings, key, count=count) for key, count in counted if count]
    remarks = [_remark(settings, key, one, at) for state, key in _REMARKS.items() for one in jobs if one.state == state]
    remarks += [] if code.verdict == OK else [_said(settings, "one_code", said=code.said.in_language(settings.language))]
    return Besides(troubles, remarks, _runs(settings, at))


def _is_untold(one: Today, policy: Policy, at: datetime) -> bool:
    """A failure is told where anything is, putting off where that is set. Whoever is started again at once is put off by what
    passes, a PC that sleeps; where it does not, that is told by others."""
    if one.state == FAILED:
        return policy.notify == "off"
    if one.state == PUT_OFF:
        return policy.notify != "late" and not any(next(Cron(text).times(at), at + _SOON) < at + _SOON for text in policy.at)
    return True


def _remark(settings: Settings, key: str, one: Today, at: datetime) -> str:
    facts = {"due": _minute(one.due, at), "begun": _minute(one.begun, at), "rc": one.last.rc, "why": one.why}
    return _said(settings, key, job=one.job, **facts)


def _minute(moment: Optional[datetime], at: datetime) -> str:
    """With its day where that is another one."""
    if moment is None:
        return "-"
    local, day = moment.astimezone(clock.KST), at.astimezone(clock.KST).date()
    return f"{local:%H:%M}" if local.date() == day else f"{local:%m-%d %H:%M}"


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
