"""The commands that read the catalogue: `rules` lists it, `explain` shows one rule. Neither asks a target."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import json
import textwrap
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.completion import rule_ids
from conformance.contract.model import Level, Need
from conformance.contract.needs import REMEDIES
from conformance.contract.rules import FAMILIES, RULES, UnknownRule, rule, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.contract.model import Rule
    from conformance.contract.rules import Family

WIDTH = 80
"""Columns that a listing keeps within, so that it reads the same in any terminal and in a log."""

_NOTHING = "none"
_ID_COLUMN, _LEVEL_COLUMN, _LABEL_COLUMN = 8, 8, 8

_COLOURS: Mapping[Level, str] = MappingProxyType(
    {Level.MUST: "red", Level.SHOULD: "yellow", Level.NOTE: "cyan"},
)
_BREACHES: Mapping[Level, str] = MappingProxyType(
    {
        Level.MUST: "a breach fails the gate",
        Level.SHOULD: "a breach warns, and fails the gate with --strict",
        Level.NOTE: "what the target does is recorded and never fails",
    },
)


class NotInCatalogue(click.ClickException):
    """A name that is in no catalogue, with the names that come close. Exit code 4, pytest's for bad usage."""

    exit_code = 4

    def __init__(self, unknown: UnknownRule) -> None:
        super().__init__(f"{unknown}. {unknown.hint} `conformance rules` lists them all.")


def _known_families(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[Rule, ...]:
    try:
        return select(",".join(names)) if names else RULES
    except UnknownRule as unknown:
        raise NotInCatalogue(unknown) from unknown


@click.command()
@click.option(
    "--family",
    "candidates",
    multiple=True,
    callback=_known_families,
    metavar="NAME",
    help="Only this family, such as PAG or pagination. May be repeated.",
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    type=click.Choice(list(Level), case_sensitive=False),
    help="Only rules of this level. May be repeated.",
)
@click.option(
    "--needs",
    multiple=True,
    type=click.Choice([*(str(need) for need in Need), _NOTHING], case_sensitive=False),
    help="Only rules that need this; none: those that one API key is enough for. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array of rules instead of a table.")
def rules(candidates: tuple[Rule, ...], levels: tuple[Level, ...], needs: tuple[str, ...], *, as_json: bool) -> None:
    """List the rules of the contract, by family.

    \b
    Examples:
      conformance rules --family PAG --level MUST
      conformance rules --needs none          those that one API key is enough for
      conformance rules --json
    """
    chosen = [
        candidate
        for candidate in candidates
        if (not levels or candidate.level in levels) and (not needs or _answers(candidate, needs))
    ]
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in chosen], indent=2, ensure_ascii=False))
        return
    for line in _listing(chosen):
        click.echo(line)


@click.command(short_help="Show one rule, such as PAG-11.")
@click.argument("rule_id", metavar="ID", shell_complete=rule_ids)
def explain(rule_id: str) -> None:
    """Show one rule: what it asks, where it comes from, why it matters, how it is judged.

    \b
    Examples:
      conformance explain PAG-11
    """
    try:
        found = rule(rule_id)
    except UnknownRule as unknown:
        raise NotInCatalogue(unknown) from unknown
    for line in _explanation(found):
        click.echo(line)


def _answers(candidate: Rule, needs: Sequence[str]) -> bool:
    return not candidate.needs.isdisjoint(needs) or (not candidate.needs and _NOTHING in needs)


def _as_json(one: Rule) -> dict[str, Any]:
    return {
        "id": one.id,
        "family": one.family,
        "level": one.level,
        "title": one.title,
        "sources": [{"document": source.document, "section": source.section} for source in one.sources],
        "needs": _in_order(one.needs),
        "passive": one.passive,
        "each": one.each,
        "why": one.why,
        "how": one.how,
    }


def _in_order(needs: frozenset[Need]) -> list[Need]:
    return [need for need in Need if need in needs]


def _listing(chosen: Sequence[Rule]) -> Iterator[str]:
    for family in FAMILIES:
        members = [one for one in family.rules if one in chosen]
        if members:
            yield from _family(family, members)
            yield ""
    yield _counts(chosen)
    yield from _need_counts(chosen)


def _family(family: Family, members: Sequence[Rule]) -> Iterator[str]:
    yield click.style(f"{family.prefix}  {family.title}", bold=True)
    for one in members:
        yield from _row(one)


def _row(one: Rule) -> Iterator[str]:
    text = f"{one.title} [{', '.join(_in_order(one.needs))}]" if one.needs else one.title
    first, *rest = textwrap.wrap(text, WIDTH - _ID_COLUMN - _LEVEL_COLUMN, break_on_hyphens=False)
    yield f"{one.id:<{_ID_COLUMN}}{_level(one.level, _LEVEL_COLUMN)}{first}"
    yield from (" " * (_ID_COLUMN + _LEVEL_COLUMN) + line for line in rest)


def _level(level: Level, width: int = 0) -> str:
    return click.style(level, fg=_COLOURS[level]) + " " * (width - len(level))


def _counts(chosen: Sequence[Rule]) -> str:
    levels = Counter(one.level for one in chosen)
    families = len({one.family for one in chosen})
    told = ", ".join(f"{levels[level]} {level}" for level in Level)
    return f"{_some(len(chosen), 'rule')} in {_some(families, 'family', 'families')}: {told}."


def _need_counts(chosen: Sequence[Rule]) -> list[str]:
    needs = Counter(need for one in chosen for need in one.needs)
    enough = sum(not one.needs for one in chosen)
    lines = [f"One API key is enough for {enough} of them."]
    if needs:
        told = ", ".join(f"{needs[need]} {need}" for need in Need if needs[need])
        lines.append(f"The needs of the others stand in brackets: {told}.")
        lines.append("`conformance explain ID` says how to meet them.")
    return textwrap.wrap(" ".join(lines), WIDTH, break_on_hyphens=False)


def _some(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _explanation(found: Rule) -> Iterator[str]:
    title = next(family.title for family in FAMILIES if family.prefix == found.family)
    yield f"{click.style(found.id, bold=True)}  {_level(found.level)}  {title}"
    yield ""
    yield from textwrap.wrap(found.title, WIDTH, break_on_hyphens=False)
    yield ""
    yield from _part("Level", f"{found.level}: {_BREACHES[found.level]}.")
    yield from _part("Source", "; ".join(str(source) for source in found.sources))
    yield from _part("Why", found.why)
    yield from _part("How", found.how)
    yield from _part("Judged", _occasion(found))
    for label, need in _needs(found):
        yield from _part(label, need)


def _occasion(found: Rule) -> str:
    where = "on every exchange of a run" if found.passive else "by requests of its own"
    often = ", with a verdict for each resource or operation that it applies to" if found.each else ""
    return f"{where}{often}.".capitalize()


def _needs(found: Rule) -> Iterator[tuple[str, str]]:
    needs = _in_order(found.needs)
    if not needs:
        yield "Needs", "An API key in PB_API_KEY, nothing else."
    for position, need in enumerate(needs):
        yield "" if position else "Needs", f"{need}: {REMEDIES[need]}"


def _part(label: str, text: str) -> Iterator[str]:
    first, *rest = textwrap.wrap(text, WIDTH - _LABEL_COLUMN, break_on_hyphens=False)
    yield click.style(label, bold=True) + " " * (_LABEL_COLUMN - len(label)) + first
    yield from (" " * _LABEL_COLUMN + line for line in rest)
