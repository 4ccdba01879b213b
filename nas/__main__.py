"""`python -m nas`: the commands of the machine that never sleeps.

It exists so that help is one page that starts with examples, and so that nothing is imported before it is needed.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Optional, Sequence

from nas.log_options import add_log_options
from nas.run_options import add_run_options
from nas.submit_options import add_submit_options
from shared.archive_options import add_archive_options
from shared.command import Act, MakeCommand, commands_of, main_of
from shared.ingest_options import add_ingest_options, add_precache_options
from shared.notify_options import add_notify_options

EXAMPLES = {
    "init": """
  python -m nas init                         make the folders of a new queue, where RELAY_REPORTS says""",
    "submit": """
  python -m nas submit krx_ma200 --start 2020-01-01 --end 2024-12-31 --set window=100
  python -m nas submit krx_ma200 --benchmarks "KOSPI,S&P500" --priority 8 --wait --timeout 600
  python -m nas submit krx_ma200 --not-before 2026-11-20T18:00 --id nightly-1120
  python -m nas submit equal_weight --universe SYNTHETIC_ETF --rule stop_loss=0.1 --cost commission_bps=1.5""",
    "status": """
  python -m nas status                       what waits, what runs and how far, what was answered
  python -m nas status --follow >> seen.log  again whenever it changes: in a log, one line per change""",
    "show": """
  python -m nas show @latest                 an answer; also an id, its unique beginning, or @prev""",
    "compare": """
  python -m nas compare                      the two newest answers of one strategy: what changed, and why
  python -m nas compare @prev @latest --strategy krx_ma200 --fail-on drift
  python -m nas compare ID ID                A is what it is measured by, B what is judged""",
    "sync": """
  python -m nas sync                         once a minute from cron: requests out, answers home, verified""",
    "retry": """
  python -m nas retry ID                     the same request again, under a new id""",
    "cancel": """
  python -m nas cancel ID --reason "typo"    wherever it is now""",
    "archive": """
  python -m nas archive                      put answers older than 30 days into the archive, verified first
  python -m nas archive --older-than 90 --dry-run""",
    "bring-back": """
  python -m nas bring-back ID                an archived answer lies in done again""",
    "pause": """
  python -m nas pause "PC maintenance"       nothing is claimed until it is resumed""",
    "resume": """
  python -m nas resume                       workers claim again""",
    "ingest": """
  python -m nas ingest                       fetch prices here, where prices_from is nas (Python 3.11)""",
    "run": """
  python -m nas run report_eod               a job, as configs/jobs.yaml says: lock, guard, retry, log, notice
  python -m nas run report_eod --dry-run     what it would do now
  python -m nas run --guard td --retry-rc 2 --retry-max 2 --log mine -- ./mine.sh --date auto""",
    "precache": """
  python -m nas precache                     the benchmarks, before the open: from cron, with jitter""",
    "publish": """
  python -m nas publish                      show what was answered since: shelves, index, notices
  python -m nas publish --json >> publish.jsonl""",
    "calendar": """
  python -m nas calendar show                this month: trading days, holidays, special hours; also 2027, 2027-05, a day
  python -m nas calendar add 2027-06-04 --reason "임시공휴일"
  python -m nas calendar add 2027-11-18 --open 10:00 --close 16:30 --reason "대학수학능력시험"
  python -m nas calendar remove 2027-06-04   what was added here; a closure that came with the code: --built-in --reason …
  python -m nas calendar verify              compared with holidays and exchange_calendars, where they are installed""",
    "list": """
  python -m nas list strategies              what can be asked for, and what each does
  python -m nas list universes               the lists of symbols a request may name
  python -m nas list jobs                    each job: its guard, how it ended last, when it is due next""",
    "logs": """
  python -m nas logs                         today's lines of all logs here, in order of time
  python -m nas logs --request @latest       what became of one request, on both machines
  python -m nas logs --job report_eod --day 2026-11-20
  python -m nas logs -f                      and what is written from now on, until Ctrl-C""",
    "metrics": """
  python -m nas metrics > relay.prom         what Prometheus reads: jobs, queue, workers, sync""",
    "notify": """
  python -m nas notify status                what waits to be told, and what is in its way
  python -m nas notify send                  send it; cron calls this every minute
  python -m nas notify send "KRX Ingest Failed" --level ERROR --event INGEST_FAILED --cause "pykrx Timeout" --key pykrx
  python -m nas notify test                  one line on every way out, now
  python -m nas notify digest                sum up the day""",
    "config": """
  python -m nas config                       every setting, and where its value comes from""",
    "doctor": """
  python -m nas doctor                       what this machine and the share lack, and what to do
  python -m nas doctor --round-trip          and one small request sent the whole road, each hop timed""",
}


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Every command and option; where words are typed, those they can mean."""
    top, command = commands_of("python -m nas", EXAMPLES, words)
    top.set_defaults(words=[])
    _add_requests(command)
    _add_day(command)
    return top


def _add_requests(command: MakeCommand) -> None:
    """What is done with requests and their answers."""
    command("init", "make the folders of a new queue", _act("nas.ask:init"))
    command("submit", "ask for a backtest; prints the request id", _act("nas.ask:submit"), add_submit_options)
    command("status", "what waits, runs and was answered", _act("nas.status:status"), _status_options)
    command("show", "one answer, or where its request is", _act("nas.show:show"), _show_options)
    command("compare", "two answers: the verdict, the figures, the cause", _act("nas.compare:compare"), _compare_options)
    command("sync", "requests out, answers home; where each machine has a folder of its own", _act("nas.sync:sync"))
    command("retry", "the same request again, under a new id", _act("nas.ask:retry"), _retry_options)
    command("cancel", "cancel a request that has no answer yet", _act("nas.ask:cancel"), _cancel_options)
    command("archive", "put old answers into the archive", _act("nas.archive:archive"), add_archive_options)
    command("bring-back", "bring an archived answer out again", _act("nas.archive:bring_back"), _bring_back_options)
    command("pause", "let no worker claim anything", _act("nas.ask:pause"), _pause_options)
    command("resume", "let workers claim again", _act("nas.ask:resume"))


def _add_day(command: MakeCommand) -> None:
    """What the machine does all day, and tells of itself."""
    command("ingest", "fetch prices, check and seal them", _act("nas.ingest:ingest"), add_ingest_options)
    command("precache", "fetch the benchmarks' prices before the open", _act("nas.ingest:precache"), add_precache_options)
    command("run", "a job, or any command: alone, guarded, tried again, logged, told", _act("nas.run:run"), add_run_options)
    command("publish", "show the verified answers, each once", _act("nas.publish:publish"))
    command("calendar", "trading days and hours, and changing them", _act("nas.calendar:calendar"), _calendar_options)
    command("list", "the parts there are", _act("nas.tell:list_parts"), _list_options)
    command("logs", "what happened: of a day, a job, one request", _act("nas.logs:logs"), add_log_options)
    command("metrics", "jobs, queue, workers and sync, as Prometheus reads them", _act("nas.metrics:metrics"))
    command("notify", "tell, test, sum up, and what waits to be told", _act("nas.notify:notify"), add_notify_options)
    command("config", "every setting and where its value comes from", _act("nas.tell:config"))
    command("doctor", "what this machine and the share lack", _act("nas.doctor:doctor"), _doctor_options)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """The exit code of one command. What stands after `--` is a job's or a command's own, and none of our options."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    top = parser(words)
    if words[:1] == ["run"] and "--" in words:
        place = words.index("--")
        top.set_defaults(words=words[place + 1 :])
        words = words[:place]
    return main_of(top, words)


def _status_options(status: argparse.ArgumentParser) -> None:
    status.add_argument("--follow", action="store_true", help="keep showing it until Ctrl-C")


def _show_options(show: argparse.ArgumentParser) -> None:
    show.add_argument("id", help="an id, its unique beginning, @latest or @prev")


def _compare_options(compare: argparse.ArgumentParser) -> None:
    add = compare.add_argument
    add("a", nargs="?", metavar="A", help="an id, its unique beginning, @latest or @prev (default: @prev)")
    add("b", nargs="?", metavar="B", help="the same; what is judged (default: @latest)")
    add("--strategy", metavar="NAME", help="whose @latest and @prev (default: of the answer asked for last)")
    add(
        "--fail-on",
        choices=["drift", "regression", "any"],
        help="end with 1 on drift or regression, on regression, on any but same",
    )


def _retry_options(retry: argparse.ArgumentParser) -> None:
    retry.add_argument("id", help="an answered id, its unique beginning, @latest or @prev")


def _cancel_options(cancel: argparse.ArgumentParser) -> None:
    cancel.add_argument("id", help="the whole id")
    cancel.add_argument("--reason", default="", help="why, for the answer")


def _bring_back_options(back: argparse.ArgumentParser) -> None:
    back.add_argument("id", help="an archived id or its unique beginning")


def _pause_options(pause: argparse.ArgumentParser) -> None:
    pause.add_argument("reason", nargs="?", default="", help="why, for the operators")


def _list_options(listing: argparse.ArgumentParser) -> None:
    listing.add_argument("what", choices=["strategies", "universes", "jobs"], help="strategies, universes or jobs")


def _doctor_options(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--round-trip", action="store_true", help="send one small request and time each hop")


def _calendar_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("what", choices=["show", "add", "remove", "verify"], help="show, add, remove or verify")
    add(
        "day",
        nargs="?",
        default="",
        help="a day, like 2027-05-03; with show also a month or year; or an extra session: pre, after",
    )
    add("--reason", default="", help="why: needed to add, and to remove what came with the code")
    add("--open", metavar="TIME", default="", help="with add: a special session, opening then")
    add("--close", metavar="TIME", default="", help="with add: and closing then")
    add("--built-in", action="store_true", help="with remove: a closure that came with the code")


def _act(place: str) -> Act:
    """The function at `module:name`, imported when it is called and not before."""

    def act(options: argparse.Namespace) -> int:
        module, name = place.split(":")
        return int(getattr(importlib.import_module(module), name)(options))

    return act


if __name__ == "__main__":
    sys.exit(main())
