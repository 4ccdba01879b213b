"""The door of health: what is examined once more than doctor does, what of it is news, and how it is shown."""

from nas.health.examining import Section, examined
from nas.health.news import bring_news
from nas.health.screen import as_data, shown
from nas.health.today import Today, jobs_today

__all__ = ["Section", "Today", "as_data", "bring_news", "examined", "jobs_today", "shown"]
