"""What a run cost: its requests by the family of rules that they were made for."""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.contract.rules import FAMILIES, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.judging.results import Check
    from conformance.wire.exchange import Exchange

CLEANING = "clean-up"
NOBODY = "of no rule"
"""Looking for data, the tour that passive rules go by, and what a run that was cut short had asked for."""

TYPICAL: Mapping[str, int] = MappingProxyType(
    {
        "TRN": 24, "VER": 2, "RES": 30, "PAG": 205, "SRT": 110, "FLT": 143, "EXP": 40, "IDM": 122, "AUT": 180,
        "HDR": 21, "RTL": 13, "ERR": 44, "SES": 1, "SPC": 1, "OBS": 23, "OBC": 92, "LIM": 44, "OBU": 79, "ARC": 78,
        "EVT": 29, "ROB": 195, NOBODY: 10, CLEANING: 127,
    }
)  # fmt: skip
"""What a whole run sent to the reference, shared out in the same way."""


def expected_requests(judged: Mapping[str, float], *, cleans: bool) -> int:
    """Foretell the requests of a run from the share of each family's checks that it can judge, to two digits.

    Evidence is shared between families, so a run of few rules sends more than its share; a target with much data asks
    for more, too. `cleans` tells whether the run removes what it made.
    """
    beside = TYPICAL[NOBODY] + (TYPICAL[CLEANING] if cleans else 0)
    sent = beside + sum(TYPICAL.get(family, 0) * share for family, share in judged.items())
    digits = len(str(round(sent))) - 2
    return int(round(sent, -digits)) if digits > 0 else round(sent)


def requests_by_family(checks: Iterable[Check], exchanges: Iterable[Exchange]) -> Mapping[str, float]:
    """Share every request out among the families whose checks rest on it; they add up to all requests.

    `checks` are those of scenarios that ask. Families come in the order of the catalogue, what no check of theirs rests
    on last; an exchange counts as often as it was tried.
    """
    families: dict[int, set[str]] = defaultdict(set)
    for check in checks:
        for number in check.exchanges:
            families[number].add(rule(check.rule).family)
    spent: dict[str, float] = defaultdict(float)
    for exchange in exchanges:
        owners = families.get(exchange.number) or {_asker(exchange)}
        for owner in owners:
            spent[owner] += max(len(exchange.attempts), 1) / len(owners)
    order = [*(family.prefix for family in FAMILIES), NOBODY, CLEANING]
    return {name: round(spent[name], 1) for name in order if spent[name]}


def _asker(exchange: Exchange) -> str:
    """Tell for whom an exchange was made that no check cites: fuzzing cites a few of thousands."""
    if exchange.asked_by == "cleanup":
        return CLEANING
    prefix, dash, _ = exchange.asked_by.partition("-")
    return prefix if dash and prefix in _PREFIXES else NOBODY


_PREFIXES = frozenset(family.prefix for family in FAMILIES)
