"""Ways to carry out a claimed run: one file each, all with the same few words.

A launcher has `free()`, `start(claim)`, `collect() -> endings`, `progress()`, `stop(request_id)`, `waitables()` and `close()`.
"""

from pc.launchers._ending import Ending, Launcher

__all__ = ["Ending", "Launcher"]
