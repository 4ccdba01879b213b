"""What is wrong with a value, as a person says it, out of what pydantic found.

It exists because nobody who mistypes a setting wants to read a regular expression, or what a tuple is.
"""

from __future__ import annotations

from typing import Any, Mapping

_OURS = "Value error, "  # what pydantic puts before words of our own


def in_plain_words(error: Mapping[str, Any]) -> str:
    """Of one of its `errors()`."""
    text = str(error.get("msg"))
    if error.get("type") == "string_pattern_mismatch":
        words = str(error.get("ctx", {}).get("pattern")).strip("^()$").split("|")
        return f"it is none of {', '.join(words)}" if all(word.replace("_", "").isalnum() for word in words) else text
    return text[len(_OURS) :] if text.startswith(_OURS) else text
