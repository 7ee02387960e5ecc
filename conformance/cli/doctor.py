"""`conformance doctor`: what a target and its keys allow to be judged, rule by rule, before a run."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import json
import textwrap
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.asking import end, options_of_a_run, read_settings, rehearsing, shown
from conformance.cli.catalogue import WIDTH
from conformance.contract.model import Level
from conformance.contract.rules import FAMILIES, RULES
from conformance.errors import TargetError, UsageProblem
from conformance.judging.costs import expected_requests
from conformance.reporting.unjudged import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.contract.model import Rule
    from conformance.judging.rehearsal import KeyState, Prospect, Rehearsal

NOT_ALL = 1
SHOWN = 2
"""So many reasons are told of one rule; --json has them all."""


class Outlook(StrEnum):
    """What a run will come to know of a rule."""

    YES = "judged"
    PART = "judged in part"
    NO = "not judged"
    NONE = "does not apply"


@dataclass(frozen=True, slots=True)
class Forecast:
    """A rule, and what is to be expected of each of its checks."""

    rule: Rule
    prospects: Sequence[Prospect]

    @property
    def unmet(self) -> Sequence[Prospect]:
        """The checks that will not be judged although the rule can apply."""
        return [one for one in self.prospects if one.applies and not one.is_judged]

    @property
    def judged(self) -> int:
        """How many checks nothing is known against."""
        return sum(one.is_judged for one in self.prospects)

    @property
    def outlook(self) -> Outlook:
        """What a run will come to know of it."""
        if self.unmet:
            return Outlook.PART if self.judged else Outlook.NO
        return Outlook.YES if self.judged else Outlook.NONE


@dataclass(frozen=True)
class Diagnosis:
    """All that was found out: about the target, its keys and each rule; `sent` requests were sent for it."""

    base_url: str
    organization: str
    keys: Sequence[KeyState]
    forecasts: Sequence[Forecast]
    sent: int
    expected: int
    budget: int | None

    @property
    def is_whole(self) -> bool:
        """Whether a run will judge every rule that can apply, and each with all of its checks."""
        return not any(one.unmet for one in self.forecasts)

    @cached_property
    def remedies(self) -> Mapping[str, int]:
        """What to give, and how many rules wait for it: the most telling first."""
        opened: Counter[str] = Counter()
        for one in self.forecasts:
            opened.update({shown(prospect.hint) for prospect in one.unmet if prospect.hint})
        return dict(opened.most_common())


@click.command(short_help="Say what a target and its keys allow to be judged.")
@options_of_a_run
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def doctor(*, as_json: bool, **given: Any) -> int:  # noqa: ANN401  # each option has its own type
    """Ask a target what it and its keys allow to be judged, before a run; write nothing to it.

    \b
    Examples:
      conformance doctor                      the embedded reference
      PB_API_KEY=pb_test_... conformance doctor --base-url https://host/v1
      conformance doctor --base-url URL --rules AUT,IDM --json

    Some thirty reads are sent. Keys come by environment (PB_API_KEY ...), options also as CONFORMANCE_... and in TOML,
    as for a run. Exit codes: 0 if a run can judge all that applies, 1 if not all, 4 for a wrong use, 69 if the target
    can't be reached.
    """
    try:
        with rehearsing(read_settings(given)) as asked:
            found = diagnose(asked)
    except (UsageProblem, TargetError) as problem:
        end(problem)
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=2, ensure_ascii=False))
    else:
        for line in _lines(found):
            click.echo(line)
    return 0 if found.is_whole else NOT_ALL


def diagnose(asked: Rehearsal) -> Diagnosis:
    """Say of each rule of a rehearsal what is to be expected."""
    by_rule: defaultdict[str, list[Prospect]] = defaultdict(list)
    for prospect in asked.prospects():
        by_rule[prospect.rule].append(prospect)
    forecasts = [Forecast(rule, by_rule[rule.id]) for rule in RULES if rule.id in by_rule]
    facts, settings = asked.target_facts(), asked.settings
    cleans = not (asked.embedded or settings.read_only)
    return Diagnosis(
        base_url=asked.recorder.redactor.text(facts.base_url),
        organization=facts.organization or "",
        keys=asked.keys(),
        forecasts=forecasts,
        sent=asked.requests,
        expected=expected_requests(_shares(forecasts), cleans=cleans),
        budget=settings.request_budget,
    )


def _shares(forecasts: Iterable[Forecast]) -> Mapping[str, float]:
    """Give the part of each family's checks that will be judged; what was not asked about has no part."""
    judged: Counter[str] = Counter()
    for one in forecasts:
        judged[one.rule.family] += one.judged / len(one.prospects)  # type: ignore[assignment]  # a float counts, too
    return {family.prefix: judged[family.prefix] / len(family.rules) for family in FAMILIES}


# text ------------------------------------------------------------------------------------------------------


def _lines(found: Diagnosis) -> Iterator[str]:
    of = f" (organization {shown(found.organization)})" if found.organization else ""
    yield click.style(f"{shown(found.base_url)}{of}", bold=True)
    for key in found.keys:
        scopes = f", {len(key.scopes)} scopes" if key.scopes else ""
        yield f"{key.variable:22}{key.words}{scopes}"
    for family in FAMILIES:
        members = [one for one in found.forecasts if one.rule.family == family.prefix]
        if members:
            yield ""
            yield from _family(f"{family.prefix}  {family.title}", members)
    yield ""
    yield from _remedies(found.remedies)
    yield from textwrap.wrap(_counts(found.forecasts), WIDTH)
    yield from textwrap.wrap(_cost(found), WIDTH)


def _family(title: str, members: Sequence[Forecast]) -> Iterator[str]:
    whole = [one for one in members if one.outlook is Outlook.YES]
    yield click.style(title, bold=True) + f": {len(whole)} of {len(members)} rules"
    if whole:
        yield from _wrapped(" " * 4, _ids(whole), "green")
    for one in members:
        if one.outlook is not Outlook.YES:
            yield from _exception(one)


def _exception(one: Forecast) -> Iterator[str]:
    """Say of a rule that is not judged whole why."""
    colour = "yellow" if one.unmet else "cyan"
    share = f" ({one.judged} of {len(one.prospects)} checks)" if one.outlook is Outlook.PART else ""
    yield f"    {click.style(f'{one.rule.id:8}', fg=colour)} {one.rule.level} {one.outlook}{share}"
    reasons = _reasons(one.unmet or one.prospects)
    for (reason, hint), subjects in list(reasons.items())[:SHOWN]:
        about = f"{', '.join(subjects)}: " if subjects and len(reasons) > 1 else ""
        yield from _wrapped(" " * 13, f"{about}{sentence(reason)} {hint}".strip())
    if len(reasons) > SHOWN:
        yield f"{' ' * 13}... and {len(reasons) - SHOWN} more reasons (--json)"


def _reasons(prospects: Iterable[Prospect]) -> Mapping[tuple[str, str], Sequence[str]]:
    """Give each reason once with its remedy, and the subjects that it is true of."""
    told: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in prospects:
        subjects = told[shown(one.reason), shown(one.hint)]
        if one.subject and one.subject not in subjects:
            subjects.append(one.subject)
    return told


def _remedies(remedies: Mapping[str, int]) -> Iterator[str]:
    """Say what to give, the most telling first."""
    if not remedies:
        return
    yield click.style("What to give, and how many rules wait for it", bold=True)
    for hint, rules in remedies.items():
        yield from _wrapped(f"{rules:4}  ", hint)
    yield ""


def _counts(forecasts: Sequence[Forecast]) -> str:
    counts = Counter(one.outlook for one in forecasts)
    must = [one for one in forecasts if one.rule.level is Level.MUST and one.outlook is not Outlook.NONE]
    whole = sum(one.outlook is Outlook.YES for one in must)
    told = ", ".join(f"{counts[outlook]} {outlook}" for outlook in Outlook if counts[outlook])
    return f"Of {len(forecasts)} rules: {told}. {whole} of {len(must)} MUST rules can be judged whole."


def _cost(found: Diagnosis) -> str:
    told = f"A run is expected to send some {found.expected:,} requests; this sent {found.sent}."
    if found.budget is not None and found.budget < found.expected:
        told += f" The budget of {found.budget:,} leaves some rules unjudged: give a higher --request-budget."
    return told


def _ids(forecasts: Sequence[Forecast]) -> str:
    return " ".join(one.rule.id for one in forecasts)


def _wrapped(label: str, text: str, colour: str | None = None) -> Iterator[str]:
    first, *rest = textwrap.wrap(text, WIDTH - len(label), break_on_hyphens=False) or [""]
    yield label + click.style(first, fg=colour)
    yield from (" " * len(label) + click.style(line, fg=colour) for line in rest)


# JSON ------------------------------------------------------------------------------------------------------


def _as_json(found: Diagnosis) -> dict[str, Any]:
    return {
        "target": {"base_url": found.base_url, "organization": found.organization},
        "keys": [{"variable": key.variable, "state": key.words, "scopes": list(key.scopes)} for key in found.keys],
        "rules": [_rule_as_json(one) for one in found.forecasts],
        "requests": {"sent": found.sent, "expected": found.expected, "budget": found.budget},
        "can_judge_all": found.is_whole,
    }


def _rule_as_json(one: Forecast) -> dict[str, Any]:
    checks = [{name: value for name, value in asdict(each).items() if name != "rule"} for each in one.prospects]
    return {
        "id": one.rule.id,
        "family": one.rule.family,
        "level": one.rule.level,
        "outlook": one.outlook,
        "checks": len(one.prospects),
        "judged": one.judged,
        "unjudged": [each for each in checks if each["reason"]],
    }
