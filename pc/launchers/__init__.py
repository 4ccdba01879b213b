"""Ways to carry out a claimed run: one file each, all with the same few words; see Launcher."""

from pc.ending import Ending
from pc.launchers._launcher import Launcher

__all__ = ["Ending", "Launcher"]
