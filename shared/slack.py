"""Whether Slack will take our notices: its token is asked about, nothing is posted.

It exists because a token that was withdrawn shows in nothing but silence.
"""

from __future__ import annotations

from shared.found import OK, WARN, Found, worst
from shared.notices import Post, asked_slack, standing
from shared.sayings import say

_SECONDS = 2.0
_WAY = "slack"


def slack(post: Post, side: str) -> Found:
    """What is known of the ways out, and what Slack says to our token."""
    if post.problems:
        wrong = [Found(_WAY, WARN, say("as_told", text=str(one)), say("as_told", text=one.fix)) for one in post.problems]
        return worst(wrong, _WAY)
    stands = standing(post)
    fix = say("slack_fix", side=side)
    if _WAY in stands.refused:
        return Found(_WAY, WARN, say("slack_bad", why=stands.refused[_WAY], waiting=stands.waiting), fix)
    if not post.secrets.bot_token:
        key = "slack_hook" if post.secrets.slack_hook else "slack_none"
        return Found(_WAY, OK, say(key, waiting=stands.waiting))
    asked = asked_slack(post, _SECONDS)
    if not asked.is_good:
        fix = say("slack_away_fix", side=side) if asked.is_away else fix
        return Found(_WAY, WARN, say("slack_bad", why=asked.said, waiting=stands.waiting), fix)
    return Found(_WAY, OK, say("slack_ok", who=asked.said, waiting=stands.waiting))
