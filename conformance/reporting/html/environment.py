"""The one Jinja environment of all pages: every value is escaped, and one that is missing is an error."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.judging.verdicts import Verdict
from conformance.reporting.summary import Outcome
from conformance.reporting.unjudged import sentence
from conformance.reporting.values import cut, visible

_TONES = {
    Outcome.CONFORMS: Verdict.PASS,
    Outcome.BREAKS: Verdict.FAIL,
    Outcome.INCOMPLETE: Verdict.WARN,
    Outcome.NOTHING_JUDGED: Verdict.BLOCKED,
}


@cache
def environment() -> Environment:
    """Give the environment; its filters are `words` (of a verdict), `tone` (of an outcome), `sentence` and `shown`."""
    made = Environment(
        loader=PackageLoader("conformance.reporting.html"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(words=_words, tone=_tone, shown=_shown, sentence=sentence)
    return made


def _words(verdict: str) -> str:
    return Verdict(verdict).words


def _tone(outcome: str) -> str:
    return _TONES[Outcome(outcome)].value


def _shown(text: str, limit: int = 400) -> str:
    return visible(cut(text, limit))
