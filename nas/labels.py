"""The words people read, in Korean and English, by key.

It exists so that a status is called the same by every command.
"""

from __future__ import annotations

from shared.outcome import STATUSES, called
from shared.text import Table, wording

_WORDS: Table = {
    "pending": ("대기", "pending"),
    "running": ("실행 중", "running"),
    "answered": ("완료", "answered"),
    "DAMAGED": ("손상", "damaged"),
    "worker": ("워커", "worker"),
    "no_worker": ("실행 중인 워커가 없습니다: PC에서 python -m pc watch", "no worker is alive: on the PC, python -m pc watch"),
    "silent": ("응답 없음", "silent for"),
    "dead": ("중단됨: 다음 워커가 이어받습니다", "dead: the next worker takes over"),
    "alive": ("정상", "alive"),
    "unknown": ("알 수 없음: 공유 폴더에 쓸 수 없습니다", "unknown: the share cannot be written to"),
    "left": ("떠남", "has left"),
    "to_take_over": ("워커가 중단됨: 다음 워커가 이어받습니다", "its worker died: the next one takes over"),
    "to_cancel": ("취소 예정", "to be cancelled"),
    "to_refuse": ("거절 예정: {}", "to be rejected: {}"),
    "came_damaged": (
        "답이 손상된 채 도착했습니다: 이유와 할 일은 {}",
        "its answer came damaged: why, and what to do, is in {}",
    ),
    "not_before": ("{}부터 실행 가능", "not before {}"),
    "settled_soon": ("이미 답이 있음: 워커가 정리합니다", "answered already: a worker settles it"),
    "files": ("파일 {}개, 이 id의 답은 하나", "{} files, one answer under this id"),
    "paused": ("일시 정지", "paused"),
    "resumed": ("재개됨", "resumed"),
    "goes_on": (
        "요청은 계속 진행됩니다. 확인: python -m nas show {}",
        "the request goes on; to look at it: python -m nas show {}",
    ),
    "look_at": ("자세히: python -m nas show {}", "all of it: python -m nas show {}"),
    "told_ago": ("({} 전 소식)", "(as told {} ago)"),
    "synced": ("동기화: 상대쪽을 마지막으로 본 때", "sync: the other side was last seen"),
    "never_synced": (
        "동기화: 상대쪽을 아직 한 번도 보지 못했습니다 (python -m nas sync)",
        "sync: the other side was never seen yet (python -m nas sync)",
    ),
    "sync_failed": ("동기화 안 됨: {} · 마지막으로 본 때", "sync does not get through: {} · last seen"),
    "prices": ("가격: {}까지 ({}일 전, {}에서)", "prices: up to {} ({} days ago, from {})"),
    "prices_none": ("가격: 아직 없음", "prices: none yet"),
    "prices_stuck": (" · 새 가격이 오지 않음: {}", " · newer ones do not come: {}"),
    "archived": (
        "보관된 결과입니다. 되돌리기: python -m nas bring-back {}",
        "archived; to bring it back: python -m nas bring-back {}",
    ),
    "stayed": ("여기에 없음: PC에 남아 있습니다", "not here: it stayed on the PC"),
    "not_published": ("게시 거부 {}: 이유와 해결 방법은 {}", "not published {}: why, and what to do, says {}"),
    "latest": ("최근 결과", "latest answers"),
    "synthetic": ("합성(가짜) 가격", "SYNTHETIC prices"),
    "reused": ("다시 계산하지 않음: {}의 결과", "not computed again: of {}"),
    "with_care": ("주의가 붙은 결과 {}", "degraded: {}"),
    "phase_waiting": ("준비", "getting ready"),
    "phase_strategy": ("전략 읽기", "strategy"),
    "phase_prices": ("가격 읽기", "prices"),
    "phase_decide": ("판단", "decide"),
    "phase_look_ahead": ("미래 참조 검사", "look-ahead"),
    "phase_simulate": ("체결", "simulate"),
    "phase_check": ("검산", "check"),
    "phase_tables": ("표 쓰기", "tables"),
    "phase_measure": ("지표", "measure"),
    "phase_report": ("리포트", "report"),
    "phase_chart": ("차트", "chart"),
    "phase_seal": ("봉인", "seal"),
    "cagr": ("연평균수익률", "CAGR"),
    "mdd": ("최대낙폭", "max drawdown"),
    "more": ("외 {}건", "and {} more"),
}


def word(key: str, language: str) -> str:
    """The word, or the key itself where there is none: a missing word never hides a fact."""
    if key in STATUSES:
        return called(key, language)
    return wording(_WORDS, key).in_language(language) if key in _WORDS else key
