"""The door of asking: the requests that are asked again on every trading day, a file each, and asking each once a day."""

from nas.asking.once import ALREADY, ASKED, CHANGED, ask_once, id_on, session_of, would_ask
from nas.asking.question import Question, question_files, read_question

__all__ = [
    "ALREADY",
    "ASKED",
    "CHANGED",
    "Question",
    "ask_once",
    "id_on",
    "question_files",
    "read_question",
    "session_of",
    "would_ask",
]
