"""The same seed gives the same requests in the same order of causes."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.steadiness.shaking import WRITING, Conditions, shaken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.judging.results import Check
    from conformance.wire.exchange import Exchange
    from conformance.wire.recorder import Recorder

TOLD_BY_THE_TARGET = {
    r"http://127\.0\.0\.1:\d+[^\"&]*": "<inbox>",
    r"cursor=[^&]+": "cursor=<cursor>",
    r"\b([a-z]+_)?[0-9A-HJKMNP-TV-Z]{26}\b": "<id>",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?": "<moment>",
}
"""What a run learns from its target, which is another one each time."""
SIDE_BY_SIDE = "scenarios/test_robustness_model.py"
"""Where one scenario is several causes, each in its own order: what they ask is compared, and not when."""


def plain(text: str) -> str:
    """Take out what the target told."""
    for pattern, name in TOLD_BY_THE_TARGET.items():
        text = re.sub(pattern, name, unquote(text), flags=re.IGNORECASE)
    return text


def told(exchange: Exchange) -> str:
    """Write a request without what its target said before."""
    request = exchange.request
    key = request.header("idempotency-key") or ""
    return plain(f"{request.method} {request.target} {key} {request.body.decode(errors='replace')}")


def by_cause(checks: Iterable[Check], recorder: Recorder) -> Mapping[str, list[str]]:
    """Give what each scenario, and each shared evidence, asked, in its order; looks that were repeated count once."""
    causes: dict[str, list[Exchange]] = defaultdict(list)
    for check in checks:
        causes[check.item] = [one for number in check.exchanges if (one := recorder[number]).asked_by == check.rule]
    for exchange in recorder.exchanges:
        if not re.fullmatch(r"[A-Z]{3}-\d\d", exchange.asked_by):
            causes[plain(exchange.asked_by)].append(exchange)
    return {cause: _in_order(cause, asked) for cause, asked in causes.items()}


def _in_order(cause: str, asked: Sequence[Exchange]) -> list[str]:
    texts = [told(one) for one in sorted(asked, key=_begun)]
    return sorted(set(texts)) if cause.startswith(SIDE_BY_SIDE) else [text for text, _ in itertools.groupby(texts)]


def _begun(exchange: Exchange) -> float:
    return exchange.attempts[0].started


@pytest.mark.parametrize(
    "rules", [WRITING, pytest.param(frozenset(), marks=pytest.mark.slow)], ids=["of writing", "of everything"]
)
def test_two_runs_of_one_seed_ask_the_same(rules: frozenset[str]) -> None:
    """Every scenario and every evidence, request by request."""
    (one, (first,)), (other, (second,)) = (asyncio.run(shaken(Conditions(seed=3, rules=rules))) for _ in range(2))
    before, after = by_cause(one, first), by_cause(other, second)
    assert {cause: (asked, after.get(cause)) for cause, asked in before.items() if asked != after.get(cause)} == {}
