"""How loud an event is, where secrets come from, and what is refused: configs/notify.yaml, the environment, private files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, List

import pytest

from shared.config import HOME, load
from shared.errors import RelayError, SettingInvalid
from shared.log_line import line
from shared.masking import holds_token, masked
from shared.notices import Notice, deliver, hears, open_post, standing, tell
from shared.notices.loudness import LEVELS, OF_EVENTS, rules_from
from shared.notices.private import Secrets
from shared.notices.words import event_name
from tests.harness.documents import named, part, text_of
from tests.harness.road import settings_for
from tests.harness.sample_notices import post_in
from tests.harness.slack_server import TOKEN, SlackServer

HOOK = "https://hooks.slack.com/services/T0001/B0001/hunter2hunter2"


def _rules(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "notify.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _notice(event: str = "JOB_FAILED", level: str = "ERROR", **more: object) -> Notice:
    return Notice.model_validate({"event": event, "level": level, "title": event, "day": "2026-11-20", **more})


# ---- notify.yaml ----


def test_the_shipped_file_says_what_is_so_without_it(tmp_path: Path) -> None:
    assert rules_from(HOME / "configs" / "notify.yaml").model_dump(exclude={"events"}) == rules_from(
        tmp_path / "none"
    ).model_dump(exclude={"events"})
    said = rules_from(HOME / "configs" / "notify.yaml").events
    assert {event: OF_EVENTS[event] for event in said} == said


def test_without_any_file_or_secret_the_console_and_the_record_work(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    post = open_post(settings_for(tmp_path / "reports", tmp_path / "data"), {}, tmp_path / "none.yaml")
    tell(post, _notice())
    assert deliver(post, 5.0).sent == 1
    assert "[ERROR] JOB_FAILED (2026-11-20)" in capsys.readouterr().err
    [file] = (tmp_path / "logs" / "alerts").glob("alerts_*.jsonl")
    [row] = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    assert (row["event"], row["level"], row["loudness"]) == ("JOB_FAILED", "ERROR", "channel")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("chanel: x\n", "no setting 'chanel'.*did you mean 'channel'"),
        ("events:\n  JOB_FALED: off\n", "no event 'JOB_FALED'.*did you mean 'JOB_FAILED'"),
        ("events:\n  JOB_FAILED: of\n", "JOB_FAILED cannot be 'of'.*did you mean 'off'"),
        ("notifiers: [slak]\n", "no notifier 'slak'.*did you mean 'slack'"),
        ("notifiers: slack\n", r"notifiers: write a list, like \[slack, console\]"),
        ("channel: 5\n", 'channel: write one channel, like "#invest_ops"'),
        ("channel: [a, b]\n", 'channel: write one channel, like "#invest_ops"'),
        ("mention: [here]\n", "mention: name one: here"),
        ("events: off\n", "events: write a line below it for each event"),
        ("events:\n  JOB_FAILED: [off]\n", "JOB_FAILED cannot be"),
        ("mention: everybody\n", "name here, channel, or a member's id"),
        ("- a\n", "found list"),
        ("a: [\n", "not YAML at line"),
    ],
)
def test_a_misspelt_word_is_refused_by_name(tmp_path: Path, text: str, found: str) -> None:
    """Silence by a typing error would be the worst of all settings."""
    with pytest.raises(SettingInvalid, match=found):
        rules_from(_rules(tmp_path, text))


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_as_loud_as_it_says(tmp_path: Path, level: str) -> None:
    _rules(tmp_path, f"events:\n  JOB_FAILED: {level}\n")
    with SlackServer() as slack:
        post = post_in(tmp_path, slack.bot())
        tell(post, _notice())
        assert deliver(post, 5.0).sent == 1
        text = "[ERROR] JOB_FAILED (2026-11-20)"
        expected = {"channel": [text], "mention": [f"<!here> {text}"], "thread": ["🧵 2026-11-20(금) 알림"]}
        assert slack.channel() == expected.get(level, [])
        assert slack.threads() == ({"🧵 2026-11-20(금) 알림": [text]} if level == "thread" else {})
    assert len(list((tmp_path / "logs" / "alerts").glob("*"))) == 1, "the record has it, however loud it is"


def test_every_event_that_may_be_told_is_documented_with_its_loudness_and_no_other() -> None:
    found = {event: row[1] for event, row in named(part("notices.md", "How loud")).items()}
    assert found == OF_EVENTS


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_event_that_may_be_told_has_a_name_of_its_own(language: str) -> None:
    """In the reader's language: the digest speaks of it."""
    names = [event_name(event, language) for event in OF_EVENTS]
    assert len(set(names) - {event_name("ANY_OTHER", language)}) == len(OF_EVENTS)


def test_every_error_a_log_may_tell_can_be_turned_down() -> None:
    """An event notify.yaml does not know could never be made quieter: add it to `OF_EVENTS` and docs/notices.md."""
    told_otherwise = {"RESULT_SEALED", "PRICES_NOT_FETCHED"}  # by the notice of that answer, and of that ingest
    errors = {event for event, row in named(text_of("events.md")).items() if "ERROR" in row[1]}
    assert errors - told_otherwise <= set(OF_EVENTS)


def test_the_channel_is_the_operators_unless_somebody_says_otherwise(tmp_path: Path) -> None:
    with SlackServer() as slack:
        for more in ({}, {"SLACK_CHANNEL": "#mine"}):
            post = post_in(tmp_path, {**slack.bot(), **more})
            tell(post, _notice())
            deliver(post, 5.0)
        assert [one["channel"] for one in slack.messages.values()] == ["#invest_ops", "#mine"]


# ---- secrets ----


@pytest.mark.parametrize("secret", [TOKEN, HOOK, HOOK.partition("//")[2], "xapp-1-A-2-b"])
def test_a_config_file_that_holds_a_secret_is_refused_and_never_repeats_it(tmp_path: Path, secret: str) -> None:
    with pytest.raises(SettingInvalid, match="looks like a token") as refused:
        rules_from(_rules(tmp_path, f"channel: {secret}\n"))
    assert secret not in str(refused.value)
    assert "hunter2" not in repr(refused.value)

    (tmp_path / "relay.yaml").write_text(f"there: {secret}\n", encoding="utf-8")
    with pytest.raises(SettingInvalid, match="looks like a token") as refused:
        load({"RELAY_CONFIG": str(tmp_path / "relay.yaml")})
    assert secret not in str(refused.value)


def test_nothing_leaves_by_rules_that_are_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    """No job fails over a misspelt word; once it is mended, all goes."""
    with SlackServer() as slack:
        _rules(tmp_path, "chanel: x\n")
        post = post_in(tmp_path, slack.bot())
        tell(post, _notice())
        assert (deliver(post, 5.0).left, deliver(post, 5.0).left, slack.calls) == (1, 1, [])
        assert "did you mean 'channel'" in standing(post).problems[0]
        (tmp_path / "notify.yaml").unlink()
        post = post_in(tmp_path, slack.bot())
        assert deliver(post, 5.0).sent == 1
        assert slack.channel() == ["[ERROR] JOB_FAILED (2026-11-20)"]
    [file] = (tmp_path / "logs" / "alerts").glob("*")
    assert file.read_text(encoding="utf-8").count("\n") == 1, "what stays here was not told three times"


def _private(tmp_path: Path, name: str, text: str, mode: int) -> Path:
    (tmp_path / "private").mkdir(exist_ok=True)
    file = tmp_path / "private" / name
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_secret_comes_from_the_environment_else_from_a_private_file(tmp_path: Path) -> None:
    _private(tmp_path, "SLACK_BOT_TOKEN", f"{TOKEN}\n", 0o600)
    assert post_in(tmp_path).secrets.bot_token == TOKEN
    assert post_in(tmp_path, {"SLACK_BOT_TOKEN": "xoxb-other"}).secrets.bot_token == "xoxb-other"


@pytest.mark.skipif("os.name == 'nt'", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_secret_others_may_read_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    file = _private(tmp_path, "SLACK_BOT_TOKEN", TOKEN, mode)
    post = post_in(tmp_path)
    assert post.secrets.bot_token == ""
    [problem] = standing(post).problems
    assert f"chmod 600 {file}" in problem
    assert TOKEN not in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_API_URL", "http://evil.example/api/"),
        ("SLACK_WEBHOOK_URL", "http://evil.example/services/x"),
        ("SLACK_WEBHOOK_URL", "file:///etc/passwd"),
        ("ALERT_WEBHOOK_URL", "ftp://house/x"),
        ("SLACK_BOT_TOKEN", "xoxb-1\r\nX: y"),
    ],
)
def test_an_address_or_a_token_that_can_be_none_is_refused(tmp_path: Path, name: str, value: str) -> None:
    """A token is sent to Slack by https, or to a stand-in on this machine, and nowhere else."""
    post = post_in(tmp_path, {name: value})
    [problem] = standing(post).problems
    assert name in problem
    assert value not in problem


TOLD: List[Callable[[str], str]] = [
    lambda text: line("ERROR", "JOB_FAILED", {"why": text}),
    lambda text: str(RelayError(text, text, text)),
    lambda text: str(RelayError(text).as_dict()),
    masked,
]


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize(
    "text",
    [
        "xoxb-1-hunter2hunter2",
        "xoxp-hunter2-1",
        "xapp-1-hunter2",
        HOOK,
        "mysql://relay:hunter2@db/prices",
        "rsync://krx:hunter2@pc/reports",
        "KRX_PW=hunter2",
        "AUTH_KEY: 'hunter2'",
        '{"AUTH_KEY": "hunter2"}',
        "?AUTH_KEY=hunter2&day=1",
    ],
)
def test_no_log_line_no_error_and_no_text_shows_a_secret(told: Callable[[str], str], text: str) -> None:
    shown = told(f"before {text} after")
    assert "hunter2" not in shown
    assert "***" in shown
    assert "before" in shown
    assert "after" in shown


def test_the_value_of_a_secret_variable_is_masked_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRX_PW", "hunter2")
    assert masked("login failed for hunter2") == "login failed for ***"
    assert masked("paths like /a/b and boxes are no secrets") == "paths like /a/b and boxes are no secrets"
    assert not holds_token("channel: '#invest_ops'")


def test_a_notice_that_speaks_of_a_secret_is_written_and_sent_without_it(tmp_path: Path) -> None:
    said = f"{TOKEN} {HOOK} mysql://a:hunter2@b"
    notice = _notice(
        cause=said, facts={said: said}, remarks=(said,), tail=(said,), key=said, fix=said, context=said, opening=said
    )
    with SlackServer() as slack:
        post = post_in(tmp_path, {**slack.bot(), **slack.alert()})
        tell(post, notice)
        slack.token = "not this one"
        deliver(post, 5.0)
        slack.token = TOKEN
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(path.parent.name == "waiting" for path in written)
        sent = json.dumps([*slack.messages.values(), *slack.alerts])
    assert [str(path) for path in written if b"hunter2" in path.read_bytes() or b"goodgoodgood" in path.read_bytes()] == []
    assert "hunter2" not in sent
    assert "goodgoodgood" not in sent


@pytest.mark.parametrize(
    ("name", "value"),
    [("SLACK_BOT_TOKEN", "like-no-token-of-slacks"), ("ALERT_WEBHOOK_URL", "http://127.0.0.1:9/hooks/like-any-address")],
)
def test_a_secret_of_a_file_is_in_no_notice_whatever_it_looks_like(tmp_path: Path, name: str, value: str) -> None:
    _private(tmp_path, name, f"{value}\n", 0o600)
    post = post_in(tmp_path)
    assert value in post.secrets
    tell(post, _notice(cause=f"{value} was refused", tail=(f"with {value}",), facts={"with": value}))
    hears(post)("ERROR", "JOB_FAILED", {"job": "eod", "why": f"{value} was refused"})
    waiting = [path.read_text(encoding="utf-8") for path in post.waiting.iterdir()]
    assert [text.count("*** was refused") for text in waiting] == [1, 1]
    deliver(post._replace(secrets=Secrets()), 5.0)
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "private"]
    assert any(path.suffix == ".jsonl" for path in written)
    assert [str(path) for path in written if value.encode() in path.read_bytes()] == []


def test_a_notice_of_made_up_prices_never_leaves_this_machine(tmp_path: Path) -> None:
    with SlackServer() as slack:
        post = post_in(tmp_path, {**slack.bot(), **slack.alert()})
        tell(post, _notice(synthetic=True))
        assert deliver(post, 5.0).sent == 1
        assert slack.calls == []
