"""How money, rates, differences and durations are written for people, in Korean and English.

It exists so that a report, a notice and a table write the same number the same way, on both machines.
"""

from __future__ import annotations

from datetime import date
from typing import Optional

from shared.text import Table, Text, wording

MINUS = "\u2212"  # as wide as a plus; a hyphen would break a line of a chat before its number
_UP, _DOWN, _LEVEL = "▲", "▼", "="
_UNITS: Table = {"d": ("일", " d"), "h": ("시간", " h"), "min": ("분", " min"), "s": ("초", " s")}
_POINTS = Text("%p", " pp")
_WEEKDAYS = tuple(map(Text, "월화수목금토일", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))


def won(amount: float, language: str) -> str:
    """`19,402,707원`, with the minus that files and terminals take."""
    sign, digits = "-" if round(amount) < 0 else "", f"{abs(round(amount)):,}"
    return Text(f"{sign}{digits}원", f"{sign}₩{digits}").in_language(language)


def short_won(amount: float, language: str) -> str:
    """`1,940만원`, `1.23억원`: money in a summary."""
    if abs(amount) < 10_000:
        return won(amount, language)
    korean = f"{amount / 1e8:,.2f}억원" if abs(amount) >= 1e8 else f"{amount / 1e4:,.0f}만원"
    return Text(korean, won(amount, "en")).in_language(language)


def percent(rate: Optional[float], digits: int = 1) -> str:
    """`18.2%`, `−18.2%`; a dash where there is none."""
    return "-" if rate is None else typeset(f"{_rounded(rate * 100, digits):,.{digits}f}%")


def signed_percent(rate: Optional[float], digits: int = 1) -> str:
    """`+12.4%`, `−3.0%`: what was gained or lost; `0.0%` where it was neither as far as is shown."""
    shown = None if rate is None else _rounded(rate * 100, digits)
    return "-" if shown is None else typeset(f"{shown:{'+' if shown else ''},.{digits}f}%")


def points(difference: float, language: str) -> str:
    """`+5.1%p`: the difference of two rates."""
    return typeset(f"{_rounded(difference * 100, 1):+,.1f}{_POINTS.in_language(language)}")


def change(difference: float, language: str) -> str:
    """`▲0.3%p`, `▼0.3%p`: which way a rate went since another time."""
    shown = _rounded(difference * 100, 1)
    return f"{way(shown)}{abs(shown):,.1f}{_POINTS.in_language(language)}"


def arrow(rate: Optional[float], digits: int = 2) -> str:
    """`▲`, `▼`, or `=` where it shows as no change; nothing where it is not known."""
    shown = 0.0 if rate is None else _rounded(rate * 100, digits)
    return "" if rate is None else way(shown)


def way(difference: float) -> str:
    """`▲`, `▼`, or `=`: which way that goes."""
    return _LEVEL if difference == 0 else _UP if difference > 0 else _DOWN


def number(value: Optional[float], digits: int = 2) -> str:
    """`0.91`, `−0.32`; a dash where there is none."""
    return "-" if value is None else typeset(f"{_rounded(value, digits):,.{digits}f}")


def typeset(text: str) -> str:
    """The same money or rate with the minus a notice takes."""
    return text.replace("-", MINUS)


def plain(text: str) -> str:
    """The same with the minus that files and terminals take."""
    return text.replace(MINUS, "-")


def duration(milliseconds: float, language: str) -> str:
    """`0.7초`, `41초`, `2분 3초`, `1시간 5분`: how long something took."""
    seconds = max(0.0, milliseconds / 1000)
    hour, minute, second = (wording(_UNITS, unit).in_language(language) for unit in ("h", "min", "s"))
    if seconds < 9.95:
        return f"{seconds:.1f}{second}"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{second}"
    if whole < 3600:
        return f"{whole // 60}{minute} {whole % 60}{second}"
    return f"{whole // 3600}{hour} {whole % 3600 // 60}{minute}"


def lasting(seconds: float, language: str) -> str:
    """`42분`, `3시간 5분`, `2일 4시간`: how long a state lasted; nobody counts its seconds, unless there is nothing else."""
    minutes = max(0, int(seconds // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    counted = [(days, "d"), (hours, "h"), (rest, "min")] if minutes else [(max(0, int(seconds)), "s")]
    return " ".join(
        [f"{count}{wording(_UNITS, unit).in_language(language)}" for count, unit in counted if count or unit == "s"][:2]
    )


def day(text: str, language: str) -> str:
    """`2026-11-20(금)`; as it is where it is no day."""
    try:
        number_of_day = date.fromisoformat(text).weekday()
    except ValueError:
        return text
    return f"{text}({_WEEKDAYS[number_of_day].in_language(language)})"


def _rounded(value: float, digits: int) -> float:
    """Never a zero with a minus."""
    return round(value, digits) + 0.0
