"""Never comes back."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    """Where: in Python, or in C that never lets go of the interpreter."""

    where: str = "python"


def decide(prices: Any, params: Params) -> Any:
    """Never decides."""
    print(f"hanging in {params.where}", flush=True)
    if params.where == "c":
        re.match(r"(a+)+$", "a" * 60 + "b")
    while True:
        pass
