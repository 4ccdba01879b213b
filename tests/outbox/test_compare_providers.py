"""Two answers whose prices came from elsewhere: told by the symbol, and only of what both of them read."""

from __future__ import annotations

from typing import Any, Dict

from outbox import causes_in_words, compare
from tests.outbox.test_compare import data, side


def _from(provider: str, panel: str) -> Dict[str, Any]:
    return {**data(provider=provider), "provider": panel}


def test_whose_prices_they_are_is_told_by_the_symbol() -> None:
    """Also where the same providers gave other symbols' prices, and all of them together are who they were."""
    both = "krx_openapi+naver"
    found = compare(side(data=_from("naver", both)), side(data=_from("krx_openapi", both)))
    assert [tuple(one) for one in found.changed.provider] == [("provider.069500", "naver", "krx_openapi")]
    assert any("069500" in line and "naver" in line and "krx_openapi" in line for line in causes_in_words(found, "en"))


def test_who_gave_the_prices_of_others_changed_nothing_here() -> None:
    found = compare(side(data=_from("naver", "naver")), side(data=_from("naver", "krx_openapi+naver")))
    assert found.changed.provider == []
