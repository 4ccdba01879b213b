"""Ways to carry out a claimed run: one file each, all with the same few words; see Launcher."""

from pc.launchers._ending import Ending, Launcher

__all__ = ["Ending", "Launcher"]
