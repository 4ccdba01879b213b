"""Symbols as text: six characters for what the exchange lists, any word for an index or a foreign one.

They exist here because 000660 becomes 432 in YAML and 660 in a spreadsheet, and neither is a share.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"[0-9][0-9A-Z]{5}")
_CUT = re.compile(r"[0-9][0-9A-Za-z]*")
# As brokers, Yahoo, Bloomberg and registers write one: A005930, 005930.KS, 005930 KS, KR7005930003.
_DRESSED = re.compile(r"(?:[AQ]|KRX:|KR7)?([0-9][0-9A-Z]{5})(?:\.K[SQN]| K[SQNP]( EQUITY)?|[0-9]{3})?")
_OCTAL = 0o77777  # what YAML makes of an unquoted code that begins with 0 is at most this


def is_code(symbol: str) -> bool:
    """Whether the Korean exchange lists things under such a name: six digits and capitals, a digit first."""
    return _CODE.fullmatch(symbol) is not None


def trouble_with(symbol: object, in_yaml: bool = False) -> str:
    """Why that is no symbol and what it most likely was, or nothing. An index and a foreign symbol are any word."""
    if isinstance(symbol, int) and not isinstance(symbol, bool):
        return f"is {symbol}, not a string: {_likely(symbol, in_yaml)!r}?"
    if not isinstance(symbol, str) or not symbol.strip():
        return f"is {symbol!r}, not a string"
    if _CUT.fullmatch(symbol) and not is_code(symbol):
        likely = symbol.zfill(6).upper()
        return f"is {symbol!r}, not six characters" + (f": {likely!r}?" if is_code(likely) else "")
    dressed = _DRESSED.fullmatch(symbol.strip(" '\"=").upper())
    if dressed and not is_code(symbol.strip()):  # taken for a foreign word, it would pay no Korean tax and know no price limit
        return f"is {symbol!r}, not six characters: {dressed[1]!r}?"
    return f"is {symbol!r}, with spaces around it" if symbol != symbol.strip() else ""


def _likely(number: int, in_yaml: bool) -> str:
    return f"{number:06o}" if in_yaml and 0 < number <= _OCTAL else f"{number:06d}"
