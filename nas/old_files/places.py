"""Files of the earlier systems, where these looked for them: `watchlist.yaml` and `config.yaml`.

It exists so that nobody has to move a file to change systems.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Mapping, NamedTuple, Optional, Sequence

from shared.config import HOME
from shared.errors import SettingInvalid

_HOME_FOLDER = "~/.config/krx_alertor_modular"


class Places(NamedTuple):
    """Where is looked: what was said, then the environment, then folders, each `files` in turn."""

    variables: Sequence[str]
    files: Sequence[str]
    first: Sequence[Path] = ()  # folders before the checkout
    checkout: Path = HOME


def found(said: Optional[Path], places: Places, environment: Mapping[str, str]) -> Optional[Path]:
    """The first file that is there; one that somebody named must be."""
    named = [(str(said), "the command")] if said else []
    named += [(environment[name], name) for name in places.variables if environment.get(name)]
    if named:
        file, by = Path(os.path.expanduser(named[0][0])), named[0][1]
        if not file.is_file():
            raise SettingInvalid(f"reading {file}, as {by} says", "there is no such file", "correct the name")
        return file
    return next((file for file in _looked_for(places) if file.is_file()), None)


def _looked_for(places: Places) -> List[Path]:
    home = Path(os.path.expanduser(_HOME_FOLDER))
    here = [folder / name for folder in (*places.first, places.checkout) for name in places.files]
    return [*here, *(folder / places.files[0] for folder in (places.checkout / "conf", home))]
