"""Prometheus' text format: families of samples, each with its help and its type.

It exists so that names and labels are escaped in one place, and no value breaks the page.
"""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, NamedTuple


class Sample(NamedTuple):
    """`ending` is what a summary puts behind its name: `_sum`, `_count`."""

    value: float
    labels: Dict[str, str] = {}
    ending: str = ""


class Family(NamedTuple):
    """One name: a gauge, a counter or a summary."""

    name: str
    kind: str
    help: str
    samples: List[Sample]


def exposition(families: Iterable[Family]) -> str:
    """The page; a family without samples is left out."""
    return "".join(f"{line}\n" for family in families if family.samples for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escaped(family.help)}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        labels = ",".join(f'{name}="{_in_quotes(value)}"' for name, value in sorted(sample.labels.items()))
        yield f"{family.name}{sample.ending}{f'{{{labels}}}' if labels else ''} {sample.value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _in_quotes(text: str) -> str:
    return _escaped(text).replace('"', '\\"')
