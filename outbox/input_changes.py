"""What went into two answers and is not the same: what was asked, the code, the surroundings, the prices.

It exists so that a number that moved is told together with its cause, and so that what is equal is never suspected.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from outbox.price_changes import PriceChange, price_changes

_OF_THE_PICTURE = ("matplotlib", "pydantic")  # no number depends on these
_CODE = ("version", "commit")


class Change(NamedTuple):
    """One thing by its name, as it was in the one answer and in the other; of a list what only that one has."""

    name: str
    a: Any
    b: Any


class Changes(NamedTuple):
    """What differs, by kind. `period`: the last day asked for."""

    parameters: List[Change]
    period: List[Change]
    code: List[Change]
    environment: List[Change]
    provider: List[Change]
    prices: List[PriceChange]

    @property
    def since(self) -> Optional[str]:
        """The first day that may have another price; None where none has."""
        return min((one.since for one in self.prices), default=None)


def changes_between(a: Mapping[str, Any], b: Mapping[str, Any]) -> Changes:
    """What differs between two manifests of SUCCEEDED answers."""
    data_a, data_b = part(a, "data"), part(b, "data")
    prices = price_changes(data_a, data_b)
    traded = set(symbols_of(a)) ^ set(symbols_of(b))  # told with what was asked
    return Changes(
        parameters=_parameters(a, b),
        period=_differing({"period.end": _end(a)}, {"period.end": _end(b)}),
        code=_code(part(a, "code"), part(b, "code")),
        environment=_environment(part(a, "environment"), part(b, "environment")),
        provider=_providers(data_a, data_b),
        prices=[one for one in prices if one.only is None or one.symbol not in traded],
    )


def _providers(a: Mapping[str, Any], b: Mapping[str, Any]) -> List[Change]:
    """Of the symbols that both have, where that is known: whoever else is in the prices changed nothing here."""
    ours, theirs = part(a, "symbols"), part(b, "symbols")
    both = [name for name in ours if part(ours, name).get("provider") and part(theirs, name).get("provider")]
    if not both:
        return _differing({"provider": a.get("provider")}, {"provider": b.get("provider")})
    return _differing(*({f"provider.{name}": data[name]["provider"] for name in both} for data in (ours, theirs)))


def part(document: Mapping[str, Any], name: str) -> Dict[str, Any]:
    """What stands there, if it is an object; else an empty one: a manifest may be old or foreign."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def symbols_of(manifest: Mapping[str, Any]) -> List[str]:
    """What was traded."""
    found = part(manifest, "universe").get("symbols")
    return [str(one) for one in found] if isinstance(found, list) else []


def _parameters(a: Mapping[str, Any], b: Mapping[str, Any]) -> List[Change]:
    """All that was asked but the period and what is only shown: no order of symbols, no picture, no benchmark."""
    asked_a, asked_b = ({**_flat("params", part(one, "params")), **_flat("terms", part(one, "terms"))} for one in (a, b))
    mine, theirs = symbols_of(a), symbols_of(b)
    only_a, only_b = [one for one in mine if one not in set(theirs)], [one for one in theirs if one not in set(mine)]
    return _differing(asked_a, asked_b) + ([Change("universe.symbols", only_a, only_b)] if only_a or only_b else [])


def _code(a: Mapping[str, Any], b: Mapping[str, Any]) -> List[Change]:
    """The engine's own hash decides where both have it: then a commit that changed only a page is no other code."""
    found = _differing(*({"strategy_sha256": one.get("strategy_sha256")} for one in (a, b)))
    engine_a, engine_b = a.get("engine_sha256"), b.get("engine_sha256")
    if engine_a and engine_b:
        found += _differing({"engine_sha256": engine_a}, {"engine_sha256": engine_b})
    if engine_a and engine_a == engine_b:
        return found
    return found + _differing(*({name: one.get(name) for name in _CODE} for one in (a, b)))


def _environment(a: Mapping[str, Any], b: Mapping[str, Any]) -> List[Change]:
    return _differing(*({name: told for name, told in one.items() if name not in _OF_THE_PICTURE} for one in (a, b)))


def _end(manifest: Mapping[str, Any]) -> Any:
    return part(part(manifest, "period"), "asked").get("end")


def _differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> List[Change]:
    names = dict.fromkeys([*a, *b])
    return [Change(name, a.get(name), b.get(name)) for name in names if a.get(name) != b.get(name)]


def _flat(prefix: str, document: Mapping[str, Any]) -> Dict[str, Any]:
    """`{"costs": {"tax": 1}}` is `costs.tax`: what differs is named to the last word."""
    return dict(_words(prefix, document))


def _words(prefix: str, document: Mapping[str, Any]) -> Iterator[Tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict) and value:
            yield from _words(f"{prefix}.{name}", value)
        else:
            yield f"{prefix}.{name}", value
