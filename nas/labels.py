"""The words people read, in Korean and English, by key.

It exists so that a status is called the same by every command.
"""

from __future__ import annotations

from typing import Dict, Tuple

_WORDS: Dict[str, Tuple[str, str]] = {
    "pending": ("대기", "pending"),
    "running": ("실행 중", "running"),
    "answered": ("완료", "answered"),
    "SUCCEEDED": ("성공", "succeeded"),
    "SKIPPED": ("건너뜀", "skipped"),
    "FAILED": ("실패", "failed"),
    "REJECTED": ("거절", "rejected"),
    "CANCELLED": ("취소", "cancelled"),
    "EXPIRED": ("만료", "expired"),
    "DAMAGED": ("손상", "damaged"),
    "worker": ("워커", "worker"),
    "workers": ("워커", "workers"),
    "no_worker": ("실행 중인 워커가 없습니다: PC에서 python -m pc watch", "no worker is alive: on the PC, python -m pc watch"),
    "silent": ("응답 없음", "silent for"),
    "dead": ("중단됨: 다음 워커가 이어받습니다", "dead: the next worker takes over"),
    "alive": ("정상", "alive"),
    "to_cancel": ("취소 예정", "to be cancelled"),
    "paused": ("일시 정지", "paused"),
    "nothing": ("대기하거나 실행 중인 요청이 없습니다", "nothing waits or runs"),
    "latest": ("최근 결과", "latest answers"),
    "synthetic": ("합성(가짜) 가격", "SYNTHETIC prices"),
    "phase_waiting": ("준비", "getting ready"),
    "phase_strategy": ("전략 읽기", "strategy"),
    "phase_prices": ("가격 읽기", "prices"),
    "phase_decide": ("판단", "decide"),
    "phase_simulate": ("체결", "simulate"),
    "phase_check": ("검산", "check"),
    "phase_tables": ("표 쓰기", "tables"),
    "phase_measure": ("지표", "measure"),
    "phase_report": ("리포트", "report"),
    "phase_chart": ("차트", "chart"),
    "phase_seal": ("봉인", "seal"),
    "cagr": ("연평균수익률", "CAGR"),
    "mdd": ("최대낙폭", "max drawdown"),
    "more": ("외", "more:"),
}


def word(key: str, language: str) -> str:
    """The word, or the key itself where there is none: a missing word never hides a fact."""
    korean, english = _WORDS.get(key, (key, key))
    return korean if language == "ko" else english
