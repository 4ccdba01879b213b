"""Running one command: its error as a sentence and an exit code, never a traceback at a person.

It exists so that `python -m nas` and `python -m pc` end alike.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Callable, Optional, Sequence

from shared.errors import RelayError
from shared.outcome import OPERATIONAL, USAGE


def main_of(parser: argparse.ArgumentParser, arguments: Optional[Sequence[str]]) -> int:
    """Parse, act, and turn what goes wrong into text on stderr and an exit code."""
    try:
        options = parser.parse_args(arguments)
    except SystemExit as leaving:
        return USAGE if leaving.code == 2 else int(leaving.code or 0)
    try:
        return int(options.act(options))
    except RelayError as error:
        _tell(error.as_dict(), str(error), getattr(options, "json", False))
        return error.exit_code
    except OSError as error:
        what = f"{error.strerror or type(error).__name__}: {error.filename or ''}".rstrip(": ")
        _tell({"code": "E-SHARE-UNREACHABLE", "what": what, "why": "", "fix": ""}, what, getattr(options, "json", False))
        return OPERATIONAL
    except KeyboardInterrupt:
        return 130


def with_examples(
    make: Callable[..., argparse.ArgumentParser], examples: str, *words: str, **more: Any
) -> argparse.ArgumentParser:
    """A parser whose help starts with examples: that is what most people look for."""
    text = f"examples:{examples}"
    return make(*words, description=text, formatter_class=argparse.RawDescriptionHelpFormatter, **more)


def _tell(error: "dict[str, str]", text: str, as_json: bool) -> None:
    print(f"[{error['code']}] {text}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": error}, ensure_ascii=False))
