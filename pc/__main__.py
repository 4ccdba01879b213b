"""`python -m pc`: the commands of the machine that runs backtests.

It exists so that help is one page that starts with examples, and so that nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import argparse
import sys

if sys.version_info < (3, 11):  # told before anything newer is read
    sys.exit(f"python -m pc needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable})")

from collections.abc import Sequence

from shared.archive_options import add_archive_options
from shared.command import commands_of, main_of
from shared.ingest_options import add_ingest_options, add_precache_options
from shared.notify_options import add_notify_options

EXAMPLES = {
    "watch": """
  python -m pc watch                         run for ever: pick up requests as they arrive""",
    "drain": """
  python -m pc drain                         take all that waits now, then leave (same as: python -m pc.worker --once)""",
    "sync": """
  python -m pc sync                          fetch requests and send answers, where this machine reaches the NAS""",
    "run": """
  python -m pc run request.json --out out/   run one request file without the queue""",
    "prices": """
  python -m pc prices show                   which prices a run would read, and what is odd about them
  python -m pc prices verify                 read all of them and compare with their fingerprint""",
    "data": """
  python -m pc data show 069500              one symbol: its provider, days, last bars, and what was found
  python -m pc data doctor                   what is wrong with the prices in use: stale, odd, providers left alone""",
    "cache": """
  python -m pc cache list                    what providers of prices were asked for, how old it is, what they revised
  python -m pc cache verify                  read every part; what is damaged is set aside and fetched again
  python -m pc cache purge --provider naver --symbol 069500
  python -m pc cache stats                   how much there is of each provider""",
    "ingest": """
  python -m pc ingest                        bring the prices of all benchmarks and universes up to the last session
  python -m pc ingest --universe KOR_ETF_CORE --backfill 2016-01-01
  python -m pc ingest --symbols 069500 --force-refresh""",
    "precache": """
  python -m pc precache                      the benchmarks, before the open: from cron, with jitter
  python -m pc precache --jitter 0 --limit 30""",
    "replay": """
  python -m pc replay ID                     compute an answer's numbers once more and compare every byte
  python -m pc replay @latest                the same of the last one""",
    "archive": """
  python -m pc archive                       put old answers the NAS has into the archive (two folders only)
  python -m pc archive --older-than 90 --dry-run""",
    "new-strategy": """
  python -m pc new-strategy my_idea          write a working strategy and its test""",
    "notify": """
  python -m pc notify status                 what waits to be told, and what is in its way
  python -m pc notify send                   send it; a running worker does so by itself
  python -m pc notify test                   one line on every way out, now
  python -m pc notify digest                 sum up the day""",
    "bench": """
  python -m pc bench queue                   measure the queue on this machine
  python -m pc bench road                    measure sync, publish, notices and doctor
  python -m pc bench engine                  measure backtests against other engines
  python -m pc bench data                    measure the prices a run reads, and the cache they come from
  python -m pc bench nas                     measure what the NAS does all day""",
    "doctor": """
  python -m pc doctor                        what this machine and the share lack, and what to do
  python -m pc doctor --round-trip           and one small request sent the whole road, each hop timed""",
}


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Every command and option; where words are typed, those they can mean."""
    top, command = commands_of("python -m pc", EXAMPLES, words)
    command("watch", "work for ever", _work)
    command("drain", "take all that waits now, then leave", _work)
    command("sync", "requests in, answers home; where this machine reaches the NAS", _sync)
    command("run", "run one request file without the queue", _run, _run_options)
    command("prices", "the prices runs read", _prices, _prices_options)
    command("data", "one symbol's prices, and what is wrong with all of them", _data, _data_options)
    command("cache", "what providers of prices answered, kept to be extended", _cache, _cache_options)
    command("ingest", "fetch prices, check and seal them", _ingest, add_ingest_options)
    command("precache", "fetch the benchmarks' prices before the open", _precache, add_precache_options)
    command("replay", "compute an answer's numbers once more and compare every byte", _replay, _replay_options)
    command("archive", "put old answers the NAS has into the archive", _archive, add_archive_options)
    command("new-strategy", "write a working strategy and its test", _new_strategy, _new_strategy_options)
    command("notify", "tell, test, sum up, and what waits to be told", _notify, add_notify_options)
    command("bench", "measure this machine; docs/benchmarks.md explains the rows", _bench, _bench_options)
    command("doctor", "what this machine and the share lack", _doctor, _doctor_options)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one command."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return main_of(parser(words), words)


def _run_options(run: argparse.ArgumentParser) -> None:
    run.add_argument("file", help="a request, as it would lie in pending")
    run.add_argument("--out", default="out", help="folder for the answer (default: out)")


def _prices_options(prices: argparse.ArgumentParser) -> None:
    prices.add_argument("what", choices=("show", "verify"), help="show: what is there; verify: whether it is what it was")


def _data_options(data: argparse.ArgumentParser) -> None:
    data.add_argument("what", choices=("show", "doctor"), help="show SYMBOL, or doctor: of all of them")
    data.add_argument("symbol", nargs="?", help="show: this one")


def _cache_options(kept: argparse.ArgumentParser) -> None:
    kept.add_argument("what", choices=("list", "verify", "purge", "stats"), help="purge: away with what the options name")
    kept.add_argument("--provider", help="only this one, by its exact name")
    kept.add_argument("--symbol", help="only this one, by its exact name: 0695 is not 069500")


def _replay_options(again: argparse.ArgumentParser) -> None:
    again.add_argument("id", help="an answer in done, a beginning that only one has, @latest or @prev")


def _new_strategy_options(new: argparse.ArgumentParser) -> None:
    new.add_argument("name", help="lower case, digits and _")


def _bench_options(bench: argparse.ArgumentParser) -> None:
    bench.add_argument("table", help="queue, road, engine, data or nas")
    bench.add_argument("--only", default="", help="rows whose name contains this")
    bench.add_argument("--folder", default="", help="a folder on the disk to measure (default: under the data folder)")


def _doctor_options(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--round-trip", action="store_true", help="send one small request and time each hop")


def _work(options: argparse.Namespace) -> int:
    from pc.service import serve
    from shared.config import load

    return serve(load(), once=options.command == "drain", as_json=options.json)


def _run(options: argparse.Namespace) -> int:
    from pc.by_hand import run_file

    return run_file(options.file, options.out, options.json)


def _replay(options: argparse.Namespace) -> int:
    from pc.replay import replay
    from shared.config import load

    return replay(load(), options.id, options.json)


def _sync(options: argparse.Namespace) -> int:
    from pc.sync import sync

    return sync(options)


def _prices(options: argparse.Namespace) -> int:
    from pc.prices import show, verify
    from shared.config import load

    return (show if options.what == "show" else verify)(load(), options.json)


def _data(options: argparse.Namespace) -> int:
    from pc.data import doctor, show
    from shared.config import load

    return doctor(load(), options.json) if options.what == "doctor" else show(load(), options.symbol, options.json)


def _cache(options: argparse.Namespace) -> int:
    from pc.cache import cache
    from shared.config import load

    return cache(load(), options.what, (options.provider, options.symbol), options.json)


def _ingest(options: argparse.Namespace) -> int:
    from pc.ingest import ingest

    return ingest(options)


def _precache(options: argparse.Namespace) -> int:
    from pc.ingest import precache

    return precache(options)


def _archive(options: argparse.Namespace) -> int:
    from pc.archive import archive
    from shared.config import load

    return archive(load(), options.older_than, options.dry_run, options.json)


def _new_strategy(options: argparse.Namespace) -> int:
    from pc.new_strategy import write_strategy

    return write_strategy(options.name, options.json)


def _notify(options: argparse.Namespace) -> int:
    from shared.notices import notify

    return notify(options, _is_whole)


def _is_whole(request_id: str) -> bool:
    from outbox import is_whole, open_outbox
    from shared.config import load
    from shared.disk import Disk

    settings = load()
    return is_whole(open_outbox(settings.reports, Disk(settings.durable)), request_id)


def _bench(options: argparse.Namespace) -> int:
    from pc.bench import run_table

    return run_table(options.table, options.json, options.only, options.folder)


def _doctor(options: argparse.Namespace) -> int:
    from pc.doctor import doctor

    return doctor(options)


if __name__ == "__main__":
    sys.exit(main())
