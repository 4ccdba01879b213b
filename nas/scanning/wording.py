"""The scanner's words, in Korean and English: those of the earlier scanner as they were, and ours beside them.

It exists so that its text, Slack and JSON give a reason in the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List

from shared.figures import MINUS, number, signed_percent
from shared.text import Table, wording

if TYPE_CHECKING:
    from nas.scanning.looking import Look
    from shared.market.picking import Signal

_WORDS: Table = {
    "as_of": ("기준일: {day} ({kind})", "As of: {day} ({kind})"),
    "regime": ("레짐 상태: {state}", "Regime: {state}"),
    "ON": ("ON(투자 가능)", "ON (investable)"),
    "OFF": ("OFF(투자 중단)", "OFF (no buying)"),
    "size": ("유니버스 크기: {universe} → 조건 충족: {fit} 종목", "Universe: {universe} → fit: {fit} symbols"),
    "in_short": (
        "레짐: {state}  |  유니버스: {universe}  |  조건충족: {fit}",
        "regime: {state}  |  universe: {universe}  |  fit: {fit}",
    ),
    "buy": ("--- BUY 추천 TOP {slots} ---", "--- BUY, TOP {slots} ---"),
    "sell": ("--- SELL 추천 (보유 종목 중 조건 위반) ---", "--- SELL (held, and a rule is broken) ---"),
    "sell_in_short": ("*SELL 추천 (보유 위반)*", "*SELL (held, and a rule is broken)*"),
    "hold": ("--- HOLD (보유 유지) ---", "--- HOLD (kept) ---"),
    "no_buy": ("BUY 추천 없음", "nothing to BUY"),
    "no_sell": ("SELL 추천 없음", "nothing to SELL"),
    "no_hold": ("보유 종목 없음", "nothing is held"),
    "sector": (" (섹터:{name})", " (sector:{name})"),
    "score": ("점수 {score}", "score {score}"),
    "days": ("{days}일 {change}", "{days}d {change}"),
    "closed": ("[SKIP] 휴장일 {day} — scanner 생략", "[SKIP] holiday {day}: no scan"),
    "moment": ("시각: {at} · {session} · 가격: {prices}", "at: {at} · {session} · prices: {prices}"),
    "session_closed": ("휴장", "closed"),
    "session_before": ("장 시작 전", "before the open"),
    "session_open": ("장중", "in session"),
    "session_after": ("장 마감 후", "after the close"),
    "closes_of": ("{day} 종가", "closes of {day}"),
    "bars_of": ("{day} 장중 값(종가 아님)", "bars of {day} so far (no closes)"),
    "names": ("종목명: {names}", "names: {names}"),
    "doubt": ("주의: {why}", "note: {why}"),
    "made_up": ("합성(가짜) 가격으로 만든 결과", "made from SYNTHETIC prices"),
    "unfinished": ("{day} 세션이 끝나지 않음: 장중 값이지 종가가 아님", "the session of {day} is not over: no closes"),
    "followed": (
        "보유 파일(holdings.yaml, .csv) 없음: {day} 신호를 따랐다고 봄",
        "no file of holdings (holdings.yaml, .csv): as if the signals of {day} had been followed",
    ),
    "nobody": (
        "보유 파일도 지난 신호도 없음: 보유 없음으로 봄",
        "neither a file of holdings nor earlier signals: as if nothing were held",
    ),
    "unjudged": (
        "판단하지 않은 보유(유니버스 밖, 가격 없음): {names}",
        "held, not judged (not in the universe, or no prices): {names}",
    ),
    "top": ("일반 TOP {slots}", "one of the TOP {slots}"),
    "core": ("HOLD_CORE 자동 매수", "HOLD_CORE, bought by itself"),
    "core_kept": ("HOLD_CORE", "HOLD_CORE"),
    "core_unsold": (" (HOLD_CORE 매도 제외)", " (HOLD_CORE: not sold)"),
    "momentum": ("모멘텀 유지{score}", "momentum lasts{score}"),
    "trend": ("추세 유지", "the trend lasts"),
    "rank": ("모멘텀 하위 {share}%{score}", "in the bottom {share}% by momentum{score}"),
    "scored": (" (스코어: {score})", " (score: {score})"),
    "off": ("레짐 필터 - {symbol} < {window}일선", "regime: {symbol} below its mean of {window}"),
    "ineligible": ("대상 제외 (유니버스, 거래, 유동성)", "not eligible (universe, trading, liquidity)"),
    "anew": ("새로 고른 종목에 없음", "not picked anew"),
    "wanted": ("전략 보유 대상", "the strategy wants it"),
    "unwanted": ("전략 보유 대상 아님", "the strategy does not want it"),
    "changed": ("변경: {what}", "changed: {what}"),
    "first": ("오늘 첫 스캔", "the first scan of the day"),
    "gone": ("{what} 해제", "no longer {what}"),
    "back": ("{what} 다시", "{what} again"),
    "regime_is": ("레짐 {state}", "regime {state}"),
    "more": ("외 {count}건", "and {count} more"),
}
_DETAILS, _CHANGE = ("close", "SMA50", "SMA200"), "ret"


def words(key: str, language: str, **facts: object) -> str:
    """The word, its gaps filled."""
    return wording(_WORDS, key, **facts).in_language(language)


def reason_of(signal: Signal, look: Look, language: str) -> str:
    """Why, in the earlier scanner's own words where it had some: `close<sma200;sma50↓+ret20<0,ADX<15`."""
    first = signal.reasons[:1]
    if first == ("core_kept",):
        broken = _together([_called(one, signal, look, language) for one in signal.reasons[1:]])
        return f"{broken}{words('core_unsold', language)}" if broken else words("core_kept", language)
    return _together([_called(one, signal, look, language) for one in signal.reasons])


def score_of(signal: Signal, language: str) -> List[str]:
    """`점수 12.0`, where there is one."""
    return [] if signal.score is None else [words("score", language, score=_plain(number(signal.score, 1)))]


def changes_of(signal: Signal) -> Dict[str, str]:
    """`+2.31%` of each number of days it was measured over."""
    measured = {name: value for name, value in signal.figures.items() if name.startswith(_CHANGE)}
    return {name[len(_CHANGE) :]: _plain(signed_percent(value, 2)) for name, value in measured.items()}


def measures_of(signal: Signal) -> List[str]:
    """`ADX 25.1`: what else one who buys looks at."""
    measured = {name: value for name, value in signal.figures.items() if not name.startswith(_CHANGE) and name not in _DETAILS}
    return [f"{name} {_plain(number(value, 2 if name == 'VolZ' else 1))}" for name, value in measured.items()]


def details_of(signal: Signal) -> str:
    """` (close=9,130, SMA50=9,500, SMA200=9,800)`: what one who sells looks at; nothing where it was not measured."""
    told = [f"{name}={_plain(number(signal.figures[name], 0))}" for name in _DETAILS if name in signal.figures]
    return f" ({', '.join(told)})" if told else ""


def _called(reason: str, signal: Signal, look: Look, language: str) -> str:
    params, score = look.params, signal.score
    scored = "" if score is None else words("scored", language, score=_plain(number(score, 2)))
    facts: Dict[str, object] = {"slots": look.found.slots, "score": scored}
    facts["share"] = round((1 - float(params.get("sell_rank", 0.8))) * 100)
    if reason == "regime":
        return words("off", language, symbol=params.get("regime_symbol"), window=params.get("regime_window"))
    return words(reason, language, **facts) if reason in _WORDS else reason


def _together(said: List[str]) -> str:
    """Joined by `;`; weaknesses of the same rule by a comma behind its name."""
    alike: Dict[str, List[str]] = {}
    for one in said:
        rule, plus, weakness = one.partition("+")
        alike.setdefault(rule + plus, []).append(weakness)
    return ";".join(f"{rule}{','.join(weaknesses)}" for rule, weaknesses in alike.items())


def _plain(text: str) -> str:
    """With the minus that terminals and files take."""
    return text.replace(MINUS, "-")
