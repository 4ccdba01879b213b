"""The door to the notices: say what happened; it is kept until it was sent."""

from shared.notices.notice import Notice

__all__ = ["Notice"]
