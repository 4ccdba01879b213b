"""A plural folder is a catalog: one file is one part, its file name is its name.

It exists so that adding a part is adding a file: nothing to register, and listing imports nothing.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Dict, Optional

from shared.config import HOME


class Catalog:
    """The parts of one package folder, and of one folder of a person's own beside it."""

    def __init__(self, package: str, own_folder: Optional[Path] = None) -> None:
        self._package, self._own = package, own_folder
        self._folder = HOME.joinpath(*package.split("."))

    def names(self) -> "Dict[str, Path]":
        """Every part's name and file; a person's own file wins over ours of the same name. Tests beside them are no parts."""
        found = {file.stem: file for file in sorted(self._folder.glob("[!_]*.py"))}
        if self._own is not None and self._own.is_dir():
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
    spec = importlib.util.spec_from_file_location(module_name, file)
    assert spec is not None, file
    assert spec.loader is not None, file
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    return module
