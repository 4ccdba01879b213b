"""A code as people write it is that code, wherever it is read; what only looks like one is none."""

from __future__ import annotations

import pytest

from shared.codes import code_in, is_code


@pytest.mark.parametrize(
    "written",
    [
        *("005930", "A005930", "a005930", "005930.KS", "005930.kq", "A005930.KS", "005930.KN"),
        *("KRX:005930", "005930 KS", "005930 KS Equity", " 005930 "),
    ],
)
def test_it_is_the_code_however_it_is_written(written: str) -> None:
    assert code_in(written) == "005930"


def test_a_note_and_a_new_code_with_a_letter_are_codes() -> None:
    assert (code_in("Q500001"), code_in("0000y0.KS")) == ("500001", "0000Y0")


@pytest.mark.parametrize("word", ["660", "5930", "KOSPI", "600519.SS", "7203.T", "A12345", "BRK.B", "", "0059300", "S&P500"])
def test_any_other_word_is_none(word: str) -> None:
    assert code_in(word) is None
    assert not is_code(word)


def test_a_number_of_a_register_is_none() -> None:
    """KR7005931001 is the preferred share 005935, and 005931 nobody."""
    assert code_in("KR7005931001") is None
