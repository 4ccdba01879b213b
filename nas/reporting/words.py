"""The words of the two reports in Korean and English; in Korean those of the earlier systems' reports, letter by letter.

It exists so that text and Slack say a thing alike, and both languages can be read beside each other.
"""

from __future__ import annotations

from shared.text import Table, wording

_WORDS: Table = {
    "made_up": (
        "※ 합성(가짜) 가격입니다 — 투자 판단에 쓰지 마십시오",
        "※ SYNTHETIC (invented) prices — not for any investment decision",
    ),
    "late": (
        "지연: {day} 종가입니다. {expected} 종가가 아직 없습니다",
        "late: these are the closes of {day}, those of {expected} are not there yet",
    ),
    "market": ("시장(KOSPI): {}", "Market (KOSPI): {}"),
    "market_by": (
        "KOSPI 종가가 없어 시장은 {}로 보았습니다",
        "there is no close of KOSPI: the market is told by {}",
    ),
    "coverage": ("커버리지: {n} 종목 (전일 {before} 대비)", "Coverage: {n} symbols (since {before})"),
    "basket": ("바스켓 평균: {mean}  (커버: {n}/{m})", "Basket mean: {mean}  (covered: {n}/{m})"),
    "up": ("상승 Top {n}", "Up, top {n}"),
    "down": ("하락 Top {n}", "Down, top {n}"),
    "up_none": ("상승 없음", "Nobody up"),
    "down_none": ("하락 없음", "Nobody down"),
    "regime_on": (
        "레짐 상태: ON(투자 가능) · {name} {close} > {window}일 평균 {mean}",
        "Regime: ON (may invest) · {name} {close} > mean of {window} days {mean}",
    ),
    "regime_off": (
        "레짐 상태: OFF(투자 중단) · {name} {close} ≤ {window}일 평균 {mean}",
        "Regime: OFF (stay out) · {name} {close} ≤ mean of {window} days {mean}",
    ),
    "regime_unknown": (
        "레짐 상태: 알 수 없음 (가격과 함께 오지 않았습니다)",
        "Regime: unknown (it did not come with the prices)",
    ),
    "odd": ("확인할 종목", "Look twice at"),
    "halted": ("거래정지·거래없음 {}", "halted or not traded {}"),
    "jump": ("가격제한폭을 넘음(액면분할?) {}", "beyond the limit of a day (a split?) {}"),
    "old": ("오래된 종가 {}", "old close {}"),
    "stands_in": ("다른 종목으로 대신함 {}", "stood in for {}"),
    "missing": ("종가 없음 {}", "no close {}"),
    "unavailable": ("받지 못함 {}", "unavailable {}"),
    "new": ("전일 종가 없음 {}", "no close before {}"),
    "unknown": ("가격에 없는 코드 {}", "not among these prices {}"),
    "act": ("조치할 종목", "To act on"),
    "act_none": ("조치할 종목 없음", "Nothing to act on"),
    "buy": ("매수", "buy"),
    "sell": ("매도", "sell"),
    "hold": ("보유 {}", "keep {}"),
    "score": ("점수 {}", "score {}"),
    "signals_damaged": (
        "조치할 종목: 알 수 없음 (신호 파일을 읽을 수 없습니다)",
        "To act on: unknown (the file of signals cannot be read)",
    ),
    "signals_synthetic": (
        "조치할 종목: 넣지 않음 (합성 가격으로 만든 신호입니다)",
        "To act on: left out (the signals are of SYNTHETIC prices)",
    ),
    "runs": ("당일 백테스트 {}", "The day's backtests {}"),
    "runs_none": ("당일 백테스트 없음", "No backtests on that day"),
    "runs_unknown": (
        "당일 백테스트: 알 수 없음 (공유 폴더의 목록을 읽을 수 없습니다)",
        "The day's backtests: unknown (the list on the share cannot be read)",
    ),
    "since_last": ("직전 대비 {}", "{} since the last run"),
    "no_last": ("비교할 직전 실행 없음", "no comparable run before"),
    "more": ("외 {}건", "and {} more"),
    "eod_title": ("KRX 장마감 리포트", "KRX EOD report"),
    "watchlist_title": ("KRX 관심종목 리포트", "KRX watchlist report"),
    "regime_short_on": ("레짐 ON", "regime ON"),
    "regime_short_off": ("레짐 OFF", "regime OFF"),
    "symbols": ("{}종목", "{} symbols"),
    "short_basket": ("바스켓 {}", "basket {}"),
    "stale_head": ("지연 감지", "late"),
    "failed_head": ("실패: {}", "failed: {}"),
    "newest": ("최신일: {}", "newest: {}"),
    "wanted": ("있어야 할 날: {}", "should be there: {}"),
    "today": ("오늘: {}", "today: {}"),
    "too_little": ("데이터 부족으로 스킵", "too little data: skipped"),
    "too_little_of": ("데이터 부족으로 스킵 (d0={d0}, d1={d1})", "too little data: skipped (d0={d0}, d1={d1})"),
    "no_data": ("데이터가 없습니다.", "There are no data."),
    "no_data_made_up": (
        "데이터가 없습니다. (prices: synthetic — 실제 가격은 prices: local)",
        "There are no data. (prices: synthetic; real ones by prices: local)",
    ),
    "no_watchlist": ("watchlist.yaml 비어있음(또는 없음) — 스킵", "watchlist.yaml is empty (or not there) — skipped"),
    "no_match": ("watchlist 매칭 종목이 없습니다.", "No symbol of the watchlist is among these prices."),
}


def said(key: str, language: str, *values: object, **facts: object) -> str:
    """The words for `key` in ko or en, their gaps filled."""
    return wording(_WORDS, key, *values, **facts).in_language(language)
