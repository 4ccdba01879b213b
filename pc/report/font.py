"""The font Korean is written in on pictures.

It exists so that doctor looks for the very one without loading all that draws.
"""

from __future__ import annotations

from matplotlib import font_manager

_HANGUL = ("Malgun Gothic", "NanumGothic", "Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "AppleGothic", "UnDotum")


def hangul_font() -> str | None:
    """Its name; None where this machine has none."""
    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _HANGUL if name in there), None)
