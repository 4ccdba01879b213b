"""What the room of the requests may ask about answers.

It exists because the two rooms do not import each other, and doctor looks at both together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, NamedTuple


class Answers(NamedTuple):
    """The other room: whether an id is answered and what its manifest says, the ids of its drafts, and its folders."""

    is_answered: Callable[[str], bool]
    manifest: Callable[[str], Dict[str, Any]]
    drafts: Callable[[], Iterable[str]]
    done: Path
    aside: Path
    folders: List[Path]
