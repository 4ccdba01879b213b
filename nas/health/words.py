"""What healthcheck says, by key, in Korean and English; and what it calls its own checks.

It exists so that the screen and the notice say the same.
"""

from __future__ import annotations

import contextlib

from shared.sayings import called
from shared.text import Table, Text, wording

_WORDS: Table = {
    "git": ("Git", "Git"),
    "disk": ("디스크", "Disk"),
    "today": ("오늘 작업", "Today's jobs"),
    "errors": ("최근 오류", "Recent errors"),
    "locks": ("잠금", "Locks"),
    "road": ("PC와 동기화", "PC and sync"),
    "keeping": ("알림과 백업", "Notices and backup"),
    "check_jobs": ("작업", "job"),
    "check_missed": ("실행 안 된 작업", "missed job"),
    "check_errors": ("오류", "error"),
    "check_locks": ("잠금", "lock"),
    "check_notices": ("보내지 못한 알림", "unsent notices"),
    "check_backup": ("백업", "backup"),
    "ran": ("{job} {at} {word}", "{job} {at} {word}"),
    "running": ("{job} 실행 중", "{job} running"),
    "failed": ("{job} {at} 실패 rc={rc}: {why}", "{job} {at} failed rc={rc}: {why}"),
    "put_off": ("{job} {at} 미뤄짐: {why}", "{job} {at} put off: {why}"),
    "missing": ("{job} {due}에 시작하지 않음 (마지막 {at})", "{job} was not started at {due} (last {at})"),
    "never": ("{job} {due}에 시작하지 않음 (여기서 실행한 적 없음)", "{job} was not started at {due} (it never ran here)"),
    "shut_out": (
        "{job} {due}에 자리가 차 있어 실행 못 함 ({held}), 그 뒤로도",
        "{job} was shut out at {due} ({held}) and has not run since",
    ),
    "killed": ("{job} {begun}에 시작해 도중에 끊김", "{job} was cut off, begun {begun}"),
    "missing_fix": (
        "cron이 도는지, 그 줄이 있는지 보고 지금 실행: python -m nas run {job}",
        "see whether cron runs and has its line; now: python -m nas run {job}",
    ),
    "never_fix": (
        "crontab에 그 줄을 넣거나, 쓰지 않으면 자기 작업 파일(설정 jobs)에 `{job}: {{at: []}}`",
        "put its line into the crontab, or, where it is not wanted, `{job}: {{at: []}}` into a file of your own (setting jobs)",
    ),
    "failed_fix": ("python -m nas run {job} (로그: {log})", "python -m nas run {job} (its log: {log})"),
    "zone": (
        "이 기계의 시간대는 UTC{zone}: cron이 한국 시각의 작업을 다른 시각에 시작함",
        "this machine is at UTC{zone}: cron starts jobs of Korean times at others",
    ),
    "zone_fix": (
        "timedatectl set-timezone Asia/Seoul, 그다음 cron을 다시 시작",
        "timedatectl set-timezone Asia/Seoul, then restart cron",
    ),
    "no_jobs": ("지금까지 예정된 작업 없음", "none was due by now"),
    "error": ("{file}: {what} {times}번, 마지막 {at}", "{file}: {what}, {times} times, last {at}"),
    "no_errors": ("{since} 이후 없음", "none since {since}"),
    "errors_fix": ("tail -n 80 {log}",) * 2,
    "held": ("{name}: pid {pid}, {age} 전부터", "{name}: pid {pid}, for {age}"),
    "held_now": ("{name}: pid {pid}", "{name}: pid {pid}"),
    "stuck_fix": ("멈췄으면 끝낸다: kill {pid}", "if it hangs, end it: kill {pid}"),
    "cut_off": ("{job}: 지난번 실행이 도중에 끊김", "{job}: its last start was cut off"),
    "cut_off_fix": ("python -m nas run {job}",) * 2,
    "cut_off_foreign_fix": (
        "하던 명령을 같은 --log로 다시 실행한다: python -m nas run --log {job} -- 명령",
        "start its command again under the same --log: python -m nas run --log {job} -- COMMAND",
    ),
    "no_locks": ("없음", "none"),
    "sent_all": ("모두 보냄", "all sent"),
    "unsent": ("{count}건, 가장 오래된 것은 {since}부터{why}", "{count}, the oldest since {since}{why}"),
    "unsent_fix": ("python -m nas notify status",) * 2,
    "backup": ("{age} 전, {files}개 파일 검증: {name}", "{age} ago, {files} files verified: {name}"),
    "backup_none": ("검증된 백업 없음", "no verified backup"),
    "backup_copy": ("{said}; 외장 디스크 {age} 전", "{said}; external disk {age} ago"),
    "backup_fix": ("python -m nas run back_up",) * 2,
    "title": ("점검: 이상 {count}건", "Health check: {count} wrong"),
    "over": ("점검: 이상 없음", "Health check: nothing wrong"),
    "over_of_some": ("점검: 해결됨: {names}", "Health check: over: {names}"),
}


def say(key: str, **facts: object) -> Text:
    """That sentence in both languages."""
    return wording(_WORDS, key, **facts)


def name_of(check: str, language: str) -> str:
    """What people call it: a word of ours, or doctor's; what neither knows, an older version did."""
    kind, space, of_it = check.partition(" ")
    if f"check_{kind}" in _WORDS:
        return say(f"check_{kind}").in_language(language) + space + of_it
    with contextlib.suppress(KeyError):
        return called(check, language)
    return check
