"""The words of notices, in Korean and English, by key.

It exists so that every notifier calls a thing the same.
"""

from __future__ import annotations

from datetime import datetime

from shared.text import Table, wording

_WORDS: Table = {
    "fix": ("조치", "What to do"),
    "recovered": ("복구됨 (중단 {})", "Recovered (down for {})"),
    "recovered_often": ("복구됨 ({0} 동안 {1}번 중단)", "Recovered (down {1} times in {0})"),
    "ended": ("복구됨", "Recovered"),
    "back": ("다시 발생 ({}번째)", "Down again ({} times now)"),
    "again": ("같은 일 {}번 · 처음 {} · 마지막 {}", "{} times · first {} · last {}"),
    "times": ("{}번", "{} times"),
    "day": ("{} 알림", "Notices of {}"),
    "way_gone": (
        "{}의 토큰이나 주소가 이 환경에 없습니다. 다시 넣거나, 그만 쓰려면 configs/notify.yaml의 notifiers에서 빼세요",
        "no token or address of {} is here any more: put it back, or take it out of notifiers in configs/notify.yaml",
    ),
    "test_title": ("알림 시험", "Notice test"),
    "test_opening": ("이 줄이 보이면 알림이 도착합니다.", "If you can read this, notices arrive."),
    "quiet": ("오늘 이상 없음", "All quiet today"),
    "digest": ("하루 요약", "The day"),
    "runs": ("실행 {}건", "{} runs"),
    "refused": ("공개 거부 {}건", "{} not published"),
    "data": ("데이터 {}", "data {}"),
    "completed": ("완료 {}", "{} completed"),
    "failed": ("실패 {}", "{} failed"),
    "skipped": ("건너뜀 {}", "{} skipped"),
    "errors": ("오류 {}건", "{} errors"),
    "warnings": ("경고 {}건", "{} warnings"),
    "open": ("아직 열린 사고: {}", "Still open: {}"),
    "unsent": ("보내지 못한 알림 {}건", "{} notices not sent"),
}


def word(key: str, language: str, *values: object) -> str:
    """The word, its gaps filled."""
    return wording(_WORDS, key, *values).in_language(language)


def clock_of(moment: datetime) -> str:
    """`18:12 KST`."""
    return f"{moment:%H:%M} KST"
