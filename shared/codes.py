"""Symbols as text: six characters for what the exchange lists, any word for an index or a foreign one.

They exist here because 000660 becomes 432 in YAML and 660 in a spreadsheet, and neither is a share.
"""

from __future__ import annotations

import re
from typing import Optional

_CODE = re.compile(r"[0-9][0-9A-Z]{5}")
_CUT = re.compile(r"[0-9][0-9A-Za-z]*")
# As brokers, Google, Yahoo and Bloomberg write one: A005930, KRX:005930, 005930.KS, 005930 KS EQUITY.
_DRESSED = re.compile(r"(?:[AQ]|KRX:)?([0-9][0-9A-Z]{5})(?:\.K[SQN]| K[SQNP](?: EQUITY)?)?")
_REGISTERED = re.compile(r"KR7([0-9][0-9A-Z]{5})[0-9]{3}")  # a hint alone: a preferred share's is another
_OCTAL = 0o77777  # what YAML makes of an unquoted code that begins with 0 is at most this


def is_code(symbol: str) -> bool:
    """Whether the Korean exchange lists things under such a name: six digits and capitals, a digit first."""
    return _CODE.fullmatch(symbol) is not None


def code_in(written: str) -> Optional[str]:
    """The code, however a person wrote it: 005930 of a005930 and 005930.KS; None where it is no Korean one."""
    found = _DRESSED.fullmatch(written.strip().upper())
    return found[1] if found else None


def trouble_with(symbol: object, in_yaml: bool = False) -> str:
    """Why that is no symbol and what it most likely was, or nothing. An index and a foreign symbol are any word."""
    if isinstance(symbol, int) and not isinstance(symbol, bool):
        return f"is {symbol}, not a string: {_likely(symbol, in_yaml)!r}?"
    if not isinstance(symbol, str) or not symbol.strip():
        return f"is {symbol!r}, not a string"
    if _CUT.fullmatch(symbol) and not is_code(symbol):
        likely = symbol.zfill(6).upper()
        return f"is {symbol!r}, not six characters" + (f": {likely!r}?" if is_code(likely) else "")
    meant = _meant_by(symbol.strip(" '\"="))
    if meant and not is_code(symbol.strip()):  # taken for a foreign word, it would pay no Korean tax and know no price limit
        return f"is {symbol!r}, not six characters: {meant!r}?"
    return f"is {symbol!r}, with spaces around it" if symbol != symbol.strip() else ""


def _meant_by(symbol: str) -> Optional[str]:
    registered = _REGISTERED.fullmatch(symbol.upper())
    return registered[1] if registered else code_in(symbol)


def _likely(number: int, in_yaml: bool) -> str:
    return f"{number:06o}" if in_yaml and 0 < number <= _OCTAL else f"{number:06d}"
