"""The door of the logbook: the lines of this machine's logs, and what an answer tells of the other machine's."""

from nas.logbook.book import Book
from nas.logbook.files import Wanted, files_of, is_copy, jobs_in
from nas.logbook.line import Line, in_order, line_of
from nas.logbook.of_answer import PRINTED, lines_of_answer, merged

__all__ = [
    "PRINTED",
    "Book",
    "Line",
    "Wanted",
    "files_of",
    "in_order",
    "is_copy",
    "jobs_in",
    "line_of",
    "lines_of_answer",
    "merged",
]
