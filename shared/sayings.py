"""What doctor says, by key, in Korean and English; and what it calls its checks.

It exists so that both sides and both languages say the same.
"""

from __future__ import annotations

from shared.sentences import SENTENCES
from shared.text import Table, Text, wording

_CHECKS: Table = {
    "share": ("공유 폴더", "share"),
    "folders": ("폴더 권한", "folders"),
    "own_folders": ("이 기계의 폴더", "own folders"),
    "exclusive": ("배타적 생성", "exclusive create"),
    "rename": ("이름 바꾸기", "rename"),
    "flush": ("디스크 기록", "fsync"),
    "names": ("파일 이름", "file names"),
    "clock": ("시계", "clock"),
    "space": ("남은 공간", "free space"),
    "workers": ("워커", "workers"),
    "versions": ("버전", "versions"),
    "waiting": ("대기", "waiting"),
    "litter": ("찌꺼기", "litter"),
    "conflicts": ("충돌 사본", "conflict copies"),
    "events": ("이벤트", "events"),
    "carrier": ("운반 상대", "carrier"),
    "sent": ("마지막 동기화", "last sync"),
    "received": ("마지막 수신", "last received"),
    "answers": ("답", "answers"),
    "published": ("발행", "published"),
    "prices": ("가격", "prices"),
    "calendar": ("거래일 캘린더", "calendar"),
    "code": ("코드", "code"),
    "python": ("파이썬", "Python"),
    "packages": ("패키지", "packages"),
    "slack": ("슬랙", "Slack"),
    "font": ("한글 글꼴", "Hangul font"),
    "console": ("콘솔 글자", "console"),
    "sleep": ("절전", "sleep"),
    "round_trip": ("왕복 시험", "round trip"),
}


def say(key: str, **facts: object) -> Text:
    """That sentence in both languages, with these facts in it; a fact may be a sentence itself."""
    return wording(SENTENCES, key, **facts)


def called(check: str, language: str) -> str:
    """What people call that check."""
    return wording(_CHECKS, check).in_language(language)
