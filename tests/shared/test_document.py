"""Documents of ours: readable line by line, refused where no JSON can say it."""

from __future__ import annotations

import json

import pytest

from shared.document import written


def test_a_document_says_what_it_was_given_one_value_a_line() -> None:
    document = {"한글": "값", "nested": {"a": [1, 2.5, None]}, "last": True}
    data = written(document)
    assert json.loads(data) == document
    assert data.decode().splitlines()[:4] == ["{", ' "한글": "값",', ' "nested": {', '  "a": [']
    assert data.endswith(b"\n")


def test_a_text_may_speak_of_nan() -> None:
    assert json.loads(written({"label": "NaN, Infinity"})) == {"label": "NaN, Infinity"}


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_has_no_word_for_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        written({"cagr": number})
