"""The door of the earlier systems' files: the codes of `watchlist.yaml`, the limits of `config.yaml`, wherever they lay."""

from nas.old_files.limits import Limits, limits_from
from nas.old_files.places import Places, found
from nas.old_files.watchlist import Watchlist, watchlist_from

__all__ = ["Limits", "Places", "Watchlist", "found", "limits_from", "watchlist_from"]
