"""The words of notices, in Korean and English, by key.

It exists so that every notifier calls a thing the same.
"""

from __future__ import annotations

from datetime import datetime

from shared.text import Table, Text, wording

_EVENTS: Table = {
    "ANSWER_NOT_ARCHIVED": ("보관 안 됨", "Answer Not Archived"),
    "ANSWER_REFUSED": ("손상된 답", "Answer Refused"),
    "BACKTEST_COMPLETED": ("백테스트 완료", "Backtest Completed"),
    "BACKTEST_DRIFTED": ("백테스트 DRIFT", "Backtest DRIFT"),
    "BACKTEST_FAILED": ("백테스트 실패", "Backtest Failed"),
    "BACKTEST_SKIPPED": ("백테스트 건너뜀", "Backtest Skipped"),
    "DIGEST_COMPOSED": ("하루 요약", "The Day"),
    "EOD_REPORTED": ("장마감 리포트", "EOD Report"),
    "HEALTH_TROUBLED": ("점검 이상", "Health Troubled"),
    "INGEST_FAILED": ("가격 수집 실패", "Ingest Failed"),
    "JOB_FAILED": ("작업 실패", "Job Failed"),
    "JOB_PUT_OFF": ("작업 미뤄짐", "Job Put Off"),
    "NAS_SILENT": ("NAS 소식 없음", "NAS Silent"),
    "NOTICE_TOLD": ("알림", "Notice"),
    "PC_SILENT": ("PC 응답 없음", "PC Silent"),
    "PRICES_NOT_CARRIED": ("가격 전송 실패", "Prices Not Carried"),
    "PUBLICATION_REFUSED": ("게시 거부", "Not Published"),
    "SHARE_TROUBLED": ("공유 폴더 문제", "Share Troubled"),
    "SIGNALS_CHANGED": ("신호", "Signals"),
    "SYNC_FAILED": ("동기화 실패", "Sync Failed"),
    "TABLES_LEFT_OUT": ("빠진 표 있음", "Tables Left Out"),
    "WATCHLIST_REPORTED": ("관심종목 리포트", "Watchlist Report"),
}
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
    "unreached": (
        "{}에 닿지 못함 ({}): 이 기계의 네트워크, DNS, 프록시를 살펴보세요",
        "{} cannot be reached ({}): look at this machine's network, DNS and proxy",
    ),
    "refused_us": ("Slack이 거절함: {}", "Slack refuses us: {}"),
    "slow_down": ("Slack이 천천히 보내라고 함", "Slack asks to slow down"),
    "no_channel": (
        "보낼 수 있는 채널이 아님: {} (봇을 채널에 초대했는지 보세요)",
        "no such channel for us: {} (is the bot invited?)",
    ),
    "answers": ("{} 응답 {}", "{} answers {}"),
    "not_taken": ("알림 하나를 받지 않음: {}", "one notice was not taken: {}"),
    "waiting": ("대기 {}", "waiting {}"),
    "waiting_since": ("대기 {}, 가장 오래된 것은 {}부터", "waiting {}, the oldest since {}"),
    "next_try": ("{} · 다음 시도 {}", "{} · next try {}"),
    "last_sent": ("{}: 마지막으로 보낸 때 {}", "{}: last sent {}"),
    "never_sent": ("{}: 아직 보낸 적 없음", "{}: never sent yet"),
    "put_right": (
        "{}: {}. 바른 것으로 바꾸면 됩니다, 잃은 것은 없습니다",
        "{}: {}; put the right one in its place, nothing is lost",
    ),
    "is_open": ("열린 사고: {}", "open: {}"),
    "aside": ("아무도 읽거나 받지 못해 따로 둔 것 {}건 (aside)", "{} set aside, which nobody could read or take"),
    "test_title": ("알림 시험", "Notice test"),
    "test_opening": ("이 줄이 보이면 알림이 도착합니다.", "If you can read this, notices arrive."),
    "quiet": ("오늘 이상 없음", "All quiet today"),
    "digest": ("하루 요약", "The day"),
    "runs": ("알린 실행 {}건", "{} runs told"),
    "refused": ("게시 거부 {}건", "{} not published"),
    "data": ("데이터 {}", "data {}"),
    "completed": ("완료 {}", "{} completed"),
    "failed": ("실패 {}", "{} failed"),
    "skipped": ("건너뜀 {}", "{} skipped"),
    "errors": ("오류 {}건", "{} errors"),
    "warnings": ("경고 {}건", "{} warnings"),
    "past": ("지나간 사고 {}건", "{} over by now"),
    "open": ("아직 열린 사고: {}", "Still open: {}"),
    "counted": ("{} {}번", "{}, {} times"),
    "more": ("외 {}건", "and {} more"),
    "other": ("오류", "Error"),
    "unsent": ("보내지 못한 알림 {}건", "{} notices not sent"),
}


def words_for(key: str, *values: object) -> Text:
    """The word in both languages, its gaps filled: what is kept on disk is read by who speaks either."""
    return wording(_WORDS, key, *values)


def word(key: str, language: str, *values: object) -> str:
    """The word, its gaps filled."""
    return words_for(key, *values).in_language(language)


def event_name(event: str, language: str) -> str:
    """What people call that event; an error nobody gave a name of its own is an error."""
    return wording(_EVENTS, event).in_language(language) if event in _EVENTS else word("other", language)


def clock_of(moment: datetime) -> str:
    """`18:12 KST`."""
    return f"{moment:%H:%M} KST"
