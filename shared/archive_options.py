"""What may follow `archive` on either machine.

It exists beside the archive and not in it so that the help of a program loads nothing of it.
"""

from __future__ import annotations

import argparse


def add_archive_options(archive: argparse.ArgumentParser) -> None:
    """How old, and whether it is only shown."""
    archive.add_argument("--older-than", type=_days, metavar="DAYS", help="instead of the setting archive_days")
    archive.add_argument("--dry-run", action="store_true", help="only say what would be archived")


def _days(text: str) -> float:
    """A number of days; more than a hundred years is a slip."""
    days = float(text)
    if not 0 <= days <= 36500:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return days
