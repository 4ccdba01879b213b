"""The door of updating: the code of this checkout brought to the newest of its branch, and nothing else done to it."""

from nas.updating.installing import install, is_to_be_installed, requirements
from nas.updating.pulling import UpdateFailed, Waiting, pull, waiting_in
from nas.updating.standing_still import jobs_still

__all__ = [
    "UpdateFailed",
    "Waiting",
    "install",
    "is_to_be_installed",
    "jobs_still",
    "pull",
    "requirements",
    "waiting_in",
]
