"""What of the NAS needs a newer Python than it ships with, and says so instead of failing somewhere inside.

It exists so that a NAS on Python 3.8 is told what it lacks, and what it can do without it.
"""

from __future__ import annotations

import sys

from shared.errors import PackageMissing


def refuse_old_python(doing: str, otherwise: str) -> None:
    """PackageMissing where this Python is older than 3.11."""
    if sys.version_info < (3, 11):
        fix = f"use a Python 3.11 with requirements/market.txt on this NAS, or {otherwise}"
        raise PackageMissing(f"{doing} needs Python 3.11", f"this is {sys.version.split()[0]}", fix)
