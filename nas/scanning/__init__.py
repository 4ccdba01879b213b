"""The door of scanning: today by the rules of a strategy, told in the earlier scanner's words, and only where it changed."""

from nas.scanning.announcing import Change, announced, changed
from nas.scanning.document import Place, document_of, kept_signals, signals_file
from nas.scanning.holdings import Holdings, holdings_of
from nas.scanning.looking import Look, Question, look, session_of
from nas.scanning.plan import Plan, plan_of
from nas.scanning.text import text_of
from nas.scanning.wording import words

__all__ = [
    "Change",
    "Holdings",
    "Look",
    "Place",
    "Plan",
    "Question",
    "announced",
    "changed",
    "document_of",
    "holdings_of",
    "kept_signals",
    "look",
    "plan_of",
    "session_of",
    "signals_file",
    "text_of",
    "words",
]
