"""Every story there is: whoever adds some adds one line here, and they are killed, failed and cut at every operation.

It exists so that no kind of fault forgets a story.
"""

from __future__ import annotations

from tests.faults.archive_stories import ARCHIVE_STORIES
from tests.faults.publishing import publish_all, publish_to_the_end, to_publish
from tests.faults.scenarios import SCENARIOS, Scenario

STORIES = (
    *SCENARIOS,
    *ARCHIVE_STORIES,
    Scenario("publish", to_publish, publish_all, end=publish_to_the_end, stride=23, is_a_drain=False),
)
