"""`notify` on the NAS: tell something, try the ways out, sum up the day, see what waits.

It exists so that the notices are loaded by the one command that needs them, as every command's module is.
"""

from __future__ import annotations

from shared.notices import notify

__all__ = ["notify"]
