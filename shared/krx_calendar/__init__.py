"""The door of the Korean exchange's calendar: which days and hours it trades, and what an operator added to that."""

from shared.krx_calendar.answers import DayUnknown, Session, Unknown
from shared.krx_calendar.entries import EXTRAS, CalendarDamaged, Closure, Extra, Special, hours_in
from shared.krx_calendar.expected import expected_session
from shared.krx_calendar.own import NO_CHANGES, Changes, Note, as_document, own_file, read_changes
from shared.krx_calendar.reading import open_calendar, shipped_calendar
from shared.krx_calendar.trading import Calendar

__all__ = [
    "EXTRAS",
    "NO_CHANGES",
    "Calendar",
    "CalendarDamaged",
    "Changes",
    "Closure",
    "DayUnknown",
    "Extra",
    "Note",
    "Session",
    "Special",
    "Unknown",
    "as_document",
    "expected_session",
    "hours_in",
    "open_calendar",
    "own_file",
    "read_changes",
    "shipped_calendar",
]
