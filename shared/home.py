"""Where the settings are: the checkout, the file in force, and where its relative folders start.

A file `configs/<name>.own.yaml` stands in the place of the shipped one: no update of the code ever meets it.

It exists so that a folder means the same whoever starts a command from wherever, and a `~name` of nobody here is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Optional

from shared.errors import SettingInvalid

CONFIG_VARIABLE = "RELAY_CONFIG"
HOME = Path(__file__).resolve().parent.parent


def config_file(env: Mapping[str, str]) -> Optional[Path]:
    """The file in force: the one RELAY_CONFIG names, else the operator's own in the checkout, else the shipped one, else none."""
    named = env.get(CONFIG_VARIABLE)
    if named:
        path = expanded(Path(named), CONFIG_VARIABLE).resolve()
        if not path.is_file():
            raise SettingInvalid(f"reading the settings from {path}", "there is no such file", f"correct {CONFIG_VARIABLE}")
        return path
    path = own_or_shipped("relay")
    return path if path.is_file() else None


def own_or_shipped(name: str) -> Path:
    """The operator's own file of that name where there is one: git ignores it."""
    own = HOME / "configs" / f"{name}.own.yaml"
    return own if own.is_file() else HOME / "configs" / f"{name}.yaml"


def home_of(file: Optional[Path]) -> Path:
    """Where the file's relative folders start: the checkout around its `configs` folder, else its own folder."""
    return Path.cwd() if file is None else file.parent.parent if file.parent.name == "configs" else file.parent


def expanded(path: Path, origin: str) -> Path:
    """The whole path; `origin` is where it was written."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        found = f"{str(path)!r} names the home of nobody here"
        raise SettingInvalid(f"reading the settings from {origin}", found, "write the whole path") from error
