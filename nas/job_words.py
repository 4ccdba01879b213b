"""What each job does, in a few words of the reader's language.

It exists so that `list jobs` is read at night by whoever has the watch, and not only by who wrote them.
"""

from __future__ import annotations

from shared.text import Table, wording

_WORDS: Table = {
    "back_up": (
        "다시 만들 수 없는 것을 백업해 되읽고, 일요일마다 외장 디스크에 복사",
        "backs up what nobody could make again, reads it back, copies it to the external disk on Sundays",
    ),
    "compare_results": (
        "전략마다 새 결과를 직전 결과와 비교, DRIFT는 한 번 알림",
        "compares each strategy's newest answer with the one before it; tells of DRIFT once",
    ),
    "daily_summary": (
        "하루를 한 줄로, 전략마다 한 줄: 이상 없음 또는 손댈 것",
        "the day in one line, and a line of each strategy: all quiet, or what wants a hand",
    ),
    "healthcheck": (
        "git, 디스크, 오늘 작업, 오류, 잠금, PC, 동기화, 알림, 백업을 점검",
        "looks at git, disk, today's jobs, errors, locks, the PC, the sync, notices and the backup",
    ),
    "ingest_eod": ("마지막으로 끝난 거래일까지 가격 수집", "brings prices up to the last session that is over"),
    "precache": ("개장 전에 벤치마크 가격을 받아 둠", "fetches the benchmarks before the open"),
    "prune": (
        "오래된 로그와 그날의 파일을 압축·삭제, 오래된 결과를 보관함으로",
        "compresses and removes old logs and papers of a day, archives old answers",
    ),
    "publish_results": ("검증된 결과를 한 번씩 게시", "shows every verified answer once"),
    "report_eod": (
        "장마감 리포트: 시장, 상승·하락, 조치할 종목, 당일 백테스트",
        "tells the day's closes: the market, who moved most, what to act on, the day's backtests",
    ),
    "report_watchlist": ("관심종목 리포트: 평균과 상승·하락", "tells how the symbols of the watchlist closed"),
    "request_backtest": (
        "configs/requests의 백테스트를 하루 한 번씩 요청",
        "asks for each backtest of configs/requests once a day",
    ),
    "scan": (
        "지금 살 것, 팔 것, 들고 있을 것: 바뀐 것만 알림",
        "what to buy, sell and hold now, by the strategy of the backtests; tells what changed",
    ),
    "sync_reports": ("요청을 보내고 결과를 받아 옴", "carries requests out and answers home"),
    "update_from_git": (
        "코드 업데이트: fast-forward만, 패키지가 바뀌었으면 설치, 그다음 점검",
        "brings the code up to date: one step forward, packages where their list changed, then healthcheck",
    ),
}


def what_it_does(job: str, language: str) -> str:
    """Of that job."""
    return wording(_WORDS, job).in_language(language)
