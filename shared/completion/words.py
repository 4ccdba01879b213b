"""The words of a completion notice in Korean and English, by key.

It exists so that a notice is wholly in one language, and so that both can be read beside each other.
"""

from __future__ import annotations

from shared.text import Table, wording

_WORDS: Table = {
    "backtest": ("백테스트", "Backtest"),
    "SUCCEEDED": ("완료", "completed"),
    "with_care": ("완료(확인 필요)", "completed, look twice"),
    "SKIPPED": ("건너뜀", "skipped"),
    "FAILED": ("실패", "failed"),
    "REJECTED": ("거절", "rejected"),
    "CANCELLED": ("취소", "cancelled"),
    "EXPIRED": ("만료", "expired"),
    "unknown_strategy": ("(전략 없음)", "(no strategy)"),
    "yearly": ("연 {}", "{} a year"),
    "against": ("{0} 대비 {1}", "{1} against {0}"),
    "versus": ("{} 대비 {}", "vs {} {}"),
    "fall": ("최대낙폭 {}", "deepest fall {}"),
    "since": ("직전 실행({}, 데이터 {})보다 CAGR {}", "CAGR {2} since the last run ({0}, data {1})"),
    "no_previous": ("비교할 직전 실행 없음", "no comparable run before"),
    "no_benchmark": ("비교할 벤치마크 없음", "no benchmark to compare with"),
    "final": ("최종 자산", "Final equity"),
    "from": ("{} (시작 {})", "{} (from {})"),
    "cagr": ("CAGR / 벤치마크", "CAGR / benchmark"),
    "mdd": ("최대낙폭(MDD)", "Max drawdown"),
    "still": ("{} · 현재 {}", "{} · now {}"),
    "recovered": ("{} · 회복함", "{} · recovered"),
    "sharpe": ("샤프 / 변동성(연)", "Sharpe / volatility"),
    "trades": ("거래 / 회전율(연)", "Fills / turnover a year"),
    "fills": ("{}건 / {}", "{} / {}"),
    "times": ("{}회", "{} ×"),
    "costs": ("비용 누적", "Costs paid"),
    "of_capital": ("{} (시작 자본의 {})", "{} ({} of the capital)"),
    "period": ("기간", "Period"),
    "sessions": ("{} → {} · {}거래일", "{} → {} · {} sessions"),
    "data": ("데이터 기준", "Data as of"),
    "previous": ("직전 대비", "Since the last run"),
    "where": ("위치", "Where"),
    "short_since": ("직전 대비 CAGR {}", "CAGR {} since last"),
    "sharpe_short": ("샤프 {}", "Sharpe {}"),
    "asked_by": ("요청 {}", "asked by {}"),
    "took": ("대기 {} + 실행 {}", "waited {} + ran {}"),
    "attempt": ("{}번째 시도", "attempt {}"),
    "more": ("외 {}건", "and {} more"),
}


def said(key: str, language: str, *values: object) -> str:
    """The words for `key` in ko or en, their gaps filled."""
    return wording(_WORDS, key, *values).in_language(language)
