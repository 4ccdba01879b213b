"""What can go wrong with a backup, in one shape.

It exists so that a full disk, an absent one and a damaged archive are each told with what to do, and none leaves half a backup.
"""

from __future__ import annotations

from shared.errors import RelayError


class BackupFailed(RelayError):
    """A backup was not made, not copied or not what it should be; those there were are as they were."""

    code = "E-BACKUP"
    exit_code = 3
