"""A plural folder is a catalog: one file is one part, its file name is its name.

It exists so that adding a part is adding a file: nothing to register, and listing imports nothing.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Dict, Optional

from shared.config import HOME
from shared.errors import SettingInvalid


class Catalog:
    """The parts of one package folder, and of one folder of a person's own beside it."""

    def __init__(self, package: str, own_folder: Optional[Path] = None) -> None:
        self._package, self._own = package, own_folder
        self._folder = HOME.joinpath(*package.split("."))

    def names(self) -> "Dict[str, Path]":
        """Every part's name and file; a person's own file wins over ours of the same name. Tests beside them are no parts."""
        found = {file.stem: file for file in sorted(self._folder.glob("[!_]*.py"))}
        if self._own is not None:
            if not self._own.is_dir():
                raise SettingInvalid(f"looking for parts in {self._own}", "there is no such folder", "correct strategies_path")
            own = [file for file in sorted(self._own.glob("[!_]*.py")) if not file.name.startswith("test_")]
            found.update({file.stem: file for file in own})
        return found

    def load(self, name: str) -> ModuleType:
        """Import one part; KeyError when there is none of that name."""
        file = self.names()[name]
        if file.parent == self._folder:
            return importlib.import_module(f"{self._package}.{name}")
        return _from_file(f"own_{self._package.replace('.', '_')}_{name}", file)


def _from_file(module_name: str, file: Path) -> ModuleType:
    """Compiled from the bytes read here, never from a cache: what ran is what its hash says, also a second after an edit."""
    content = file.read_bytes()
    module = ModuleType(module_name)
    module.__file__ = str(file)
    vars(module)["__sha256__"] = hashlib.sha256(content).hexdigest()
    sys.modules[module_name] = module
    exec(compile(content, str(file), "exec"), vars(module))  # noqa: S102 - a person's own file, named in their settings
    return module
