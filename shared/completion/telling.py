"""The notice of an answered request: everything one wants to know of it without opening anything.

It exists so that the NAS, and the PC where it is the one to tell, say the same of an answer; it decides, and touches nothing.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

from shared.completion.bad import bad_news, recovery
from shared.completion.comparison import entry_of, failed_before, previous_among
from shared.completion.good import good_news
from shared.completion.reading import Told
from shared.notices import Notice

PICTURE = "equity_curve.png"
READ = ("request.json", "equity_curve.csv", "run.log", PICTURE)  # the files of an answer a notice is made from


def told_of(manifest: Mapping[str, Any], files: Mapping[str, bytes], where: str, known: Sequence[Mapping[str, Any]]) -> Told:
    """An answer that is shown in the folder `where`, and what is known of those before it."""
    entry, picture = entry_of(manifest, files.get("request.json", b"")), f"{where}/{PICTURE}" if PICTURE in files else ""
    return Told(manifest, files, where, picture, previous_among(known, entry), failed_before(known, entry))


def notices_of(told: Told, language: str) -> List[Notice]:
    """What is told of that answer, failures that are over with it first; each knows what it is told of, once."""
    if told.manifest.get("status") != "SUCCEEDED":
        return [bad_news(told, language)]
    return [*(recovery(told.manifest, incident) for incident in told.over), good_news(told, language)]
