"""The door of scanning: today by the rules of a strategy, told in the earlier scanner's words, and only where it changed."""

from nas.scanning.holdings import holdings_of
from nas.scanning.plan import plan_of
from nas.scanning.scan import scan

__all__ = ["holdings_of", "plan_of", "scan"]
