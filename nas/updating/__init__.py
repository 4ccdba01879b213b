"""The door of updating: the code of this checkout brought to the newest of its branch, and nothing else done to it."""

from nas.updating.installing import install, requirements
from nas.updating.pulling import UpdateFailed, Waiting, brings_packages, pull, waiting_in
from nas.updating.standing_still import jobs_still

__all__ = [
    "UpdateFailed",
    "Waiting",
    "brings_packages",
    "install",
    "jobs_still",
    "pull",
    "requirements",
    "waiting_in",
]
