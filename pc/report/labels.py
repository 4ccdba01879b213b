"""Every word of a report in Korean and English, by key.

It exists so that no sentence of a report is half in one language and half in the other.
"""

from __future__ import annotations

from shared.text import Table, Text, wording

LABELS: Table = {
    "synthetic": (
        "※ 합성(가짜) 가격으로 만든 결과입니다 — 투자 판단에 쓰지 마십시오",
        "※ Made from SYNTHETIC (invented) prices — do not base any investment decision on this",
    ),
    "old": ("※ 오래된 가격입니다: {}까지, 필요한 날보다 {}일 전", "※ OLD prices: they end on {}, {} days before the day wanted"),
    "title": ("백테스트 보고서", "Backtest report"),
    "request": ("요청", "Request"),
    "verdict": ("판정", "Verdict"),
    "params": ("매개변수", "Parameters"),
    "asked": ("요청 기간", "Period asked"),
    "used": ("사용 기간", "Period used"),
    "symbols": ("대상 종목", "Symbols"),
    "execution": ("체결", "Execution"),
    "capital": ("자본", "Capital"),
    "rates": ("거래 비용률", "Cost rates"),
    "code": ("코드", "Code"),
    "numbers": ("성과", "Numbers"),
    "final_equity": ("최종 자산", "Final equity"),
    "Final_Return": ("누적수익률", "Total return"),
    "CAGR": ("연평균수익률(CAGR)", "CAGR"),
    "MDD": ("최대낙폭(MDD)", "Max drawdown"),
    "volatility": ("변동성(연)", "Volatility"),
    "Sharpe": ("샤프지수", "Sharpe"),
    "win_rate": ("승률", "Win rate"),
    "trades": ("체결 수", "Fills"),
    "closed_trades": ("청산된 거래", "Closed trades"),
    "turnover": ("회전율(연)", "Turnover"),
    "benchmarks": ("벤치마크", "Benchmarks"),
    "excess": ("초과수익", "Excess"),
    "costs": ("비용(수수료·슬리피지·거래세)", "Costs (commission, slippage, tax)"),
    "commission": ("수수료", "Commission"),
    "slippage": ("슬리피지", "Slippage"),
    "tax": ("증권거래세", "Sales tax"),
    "total": ("합계", "Total"),
    "last_trades": ("최근 거래 5건", "Last 5 trades"),
    "warnings": ("경고", "Warnings"),
    "none": ("없음", "none"),
    "BUY": ("매수", "BUY"),
    "SELL": ("매도", "SELL"),
    "shares": ("주", " shares"),
    "days": ("거래일", "sessions"),
    "any": ("(제한 없음)", "(open)"),
    "curve": ("자산 곡선", "Equity curve"),
    "made_up": ("합성(가짜) 가격 · SYNTHETIC", "SYNTHETIC prices"),
    "growth": ("성장 배수 (×)", "Growth (×)"),
    "growth_log": ("성장 배수 (×, 로그 눈금)", "Growth (×, log scale)"),
    "next_open": ("다음 거래일 시가", "next open"),
    "next_close": ("다음 거래일 종가", "next close"),
    "same_close": ("당일 종가 (판단에 쓴 바로 그 종가)", "same close (the very close decided on)"),
    "never_wanted": (
        "거래가 없었습니다: 기간 안에 조건이 한 번도 성립하지 않았습니다",
        "No trade was made: the condition never held in the period",
    ),
    "below_a_lot": (
        "거래가 없었습니다: 사려 했으나 배정된 돈이 최소 매매 단위의 값(비용 포함)에 못 미쳤습니다 (자본 {capital})",
        "No trade was made: there was a wish to buy, but the money for it was below one lot and its costs (capital {capital})",
    ),
    "no_bar": (
        "거래가 없었습니다: 사려 했으나 체결할 수 있는 거래일이 남아 있지 않았습니다 (체결: {execution})",
        "No trade was made: there was a wish to buy, but no tradable bar was left for it (fills at: {execution})",
    ),
    "no_price": (
        "거래가 없었습니다: 사려 했으나 그 종목에 아직 가격이 없었습니다",
        "No trade was made: there was a wish to buy, but that symbol had no price yet",
    ),
    "above": ("{name}보다 누적수익률이 높습니다 ({excess})", "Total return above {name} ({excess})"),
    "below": ("{name}보다 누적수익률이 낮습니다 ({excess})", "Total return below {name} ({excess})"),
    "level": ("{name}와(과) 누적수익률이 거의 같습니다 ({excess})", "Total return about the same as {name} ({excess})"),
    "alone": ("누적수익률 {total} (비교할 벤치마크 없음)", "Total return {total} (no benchmark to compare with)"),
    "deep": ("; 최대낙폭이 30%를 넘음 → 주의", "; max drawdown deeper than 30% → caution"),
    "footer": ("과거 시뮬레이션이며 매수·매도 판단이 아닙니다.", "A simulation of the past, not advice to buy or sell."),
}
# The reasons of metrics.json, by their stable English words.
_REASONS = {
    "needs two days or more": "이틀 이상 필요",
    "needs four days or more": "나흘 이상 필요",
    "needs 20 days or more": "20거래일 이상 필요",
    "needs 60 days or more": "60거래일 이상 필요",
    "the daily returns do not vary": "일간 수익률에 변동 없음",
    "a resample of the days does not vary": "재표본한 날들에 변동 없음",
    "too few days for how skewed they are": "분포가 치우친 정도에 비해 날이 너무 적음",
    "no losing day": "손실 난 날 없음",
    "no trade was closed": "청산된 거래 없음",
    "no closed trade won": "이익 난 거래 없음",
    "no closed trade lost": "손실 난 거래 없음",
    "never below a height reached before": "전고점 아래로 내려간 적 없음",
    "still running": "아직 진행 중",
    "the equity fell to 0": "자산이 0이 됨",
    "fewer than two dates in common": "함께 거래된 날이 이틀 미만",
    "fewer than three dates in common": "함께 거래된 날이 사흘 미만",
    "the benchmark does not vary": "벤치마크에 변동 없음",
    "the difference from the benchmark does not vary": "벤치마크와의 차이에 변동 없음",
    "the benchmark never rose": "벤치마크가 오른 날 없음",
    "the benchmark never fell": "벤치마크가 내린 날 없음",
    "the numbers leave the range of a float": "계산 가능한 숫자 범위를 벗어남",
}


def label(key: str, language: str) -> str:
    """The word for `key` in ko or en."""
    return wording(LABELS, key).in_language(language)


def reason(english: str, language: str) -> str:
    """Why a figure is missing; an unknown reason stays as it is: a missing word never hides a fact."""
    return Text(_REASONS.get(english, english), english).in_language(language)
