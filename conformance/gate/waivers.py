"""Waivers: breaches that somebody answers for until a day, in a TOML file beside the code.

    [[waiver]]
    rule = "PAG-11"
    subject = "employees"           # left out where the rule has but one
    signature = "3f2a9c01d7be"      # of this very breach: another one under the rule is not waived
    owner = "api-team"
    reason = "The last page has a cursor until the index is rebuilt (PB-4711)."
    expires = 2027-01-31

A waived breach stays a breach in every count; it only does not fail the gate. An expired waiver waives nothing, and
fails the gate by itself. Errors of the suite can't be waived.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from conformance.contract.rules import UnknownRule, rule
from conformance.errors import UsageProblem
from conformance.judging.results import Check, Waived
from conformance.judging.signature import signature
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

WAIVABLE = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.BLOCKED})
AHEAD = timedelta(days=14)
"""So long before its end a waiver is spoken of."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry: which breach, who answers for it and why, and the last day on which it counts (UTC)."""

    rule: str
    signature: str
    owner: str
    reason: str
    expires: date
    subject: str = ""

    @property
    def named(self) -> str:
        """The breach as a person names it."""
        return f"{self.rule}[{self.subject}]" if self.subject else self.rule

    def covers(self, check: Check) -> bool:
        """Tell whether this is the breach that was waived."""
        return (
            check.verdict in WAIVABLE
            and (check.rule, label(check.subject)) == (self.rule, label(self.subject))
            and signature(check) == self.signature
        )


def label(subject: str | None) -> str:
    """Name a subject as a waiver does: without the slash of a path."""
    return (subject or "").strip("/")


class Waivers:
    """The waivers of a run. `waive` marks a check that one covers; what was never needed is known at the end."""

    def __init__(self, entries: Sequence[Waiver] = (), *, today: date) -> None:
        self.entries = tuple(entries)
        self.today = today
        self._used: set[Waiver] = set()

    def waive(self, check: Check) -> Waived | None:
        """Return the waiver that covers a check and still counts; None without one."""
        found = next((one for one in self.entries if one.covers(check)), None)
        if found is None:
            return None
        self._used.add(found)
        if found in self.expired:
            return None
        return Waived(found.owner, found.reason, found.expires.isoformat())

    def marked(self, check: Check) -> Check:
        """Return a check with the waiver that covers it; one that found several things needs a waiver for each."""
        if not check.found:
            return replace(check, waived=self.waive(check))
        found = tuple(map(self.marked, check.found))
        covered = [one.waived for one in found if one.waived is not None]
        first = min(covered, key=lambda one: one.expires) if len(covered) == len(found) else None
        return replace(check, waived=first, found=found)

    @property
    def expired(self) -> tuple[Waiver, ...]:
        """Those whose last day is over: each fails the gate."""
        return tuple(one for one in self.entries if one.expires < self.today)

    @property
    def ending(self) -> tuple[Waiver, ...]:
        """Those that end within the next 14 days."""
        return tuple(one for one in self.entries if self.today <= one.expires <= self.today + AHEAD)

    def unneeded(self, judged: Iterable[Check]) -> tuple[Waiver, ...]:
        """Those that covered nothing although their rule and subject were judged: the breach is gone, or another."""
        asked = {(check.rule, label(check.subject)) for check in judged if check.verdict.judged}
        return tuple(one for one in self.entries if one not in self._used and (one.rule, label(one.subject)) in asked)

    def told(self, judged: Iterable[Check]) -> list[str]:
        """Say in sentences which waivers want attention."""
        lines = [f"The waiver of {one.named} expired on {one.expires} (owner: {one.owner})." for one in self.expired]
        lines += [f"The waiver of {one.named} ends on {one.expires} (owner: {one.owner})." for one in self.ending]
        return lines + [
            f"The waiver of {one.named} covers nothing any more: that breach is gone, or is another one now. Remove it."
            for one in self.unneeded(judged)
        ]


def read_waivers(file: Path) -> tuple[Waiver, ...]:
    """Read a file of waivers; raise `UsageProblem` that says what is wrong with which entry."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UsageProblem(f"{file} can't be read: {error.strerror}.", hint="Is --waivers right?") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{file} is no TOML: {error}.", hint="`conformance waive` writes entries.") from None
    entries = document.get("waiver", [])
    if set(document) - {"waiver"} or not isinstance(entries, list):
        raise UsageProblem(f"{file} holds something else than [[waiver]] tables.", hint="Head each one [[waiver]].")
    return tuple(_waiver(entry, f"{file}, waiver {number}") for number, entry in enumerate(entries, start=1))


def _waiver(entry: object, where: str) -> Waiver:
    table: dict[str, Any] = entry if isinstance(entry, dict) else {}
    known = {item.name for item in fields(Waiver)}
    missing, unknown = sorted(known - {"subject"} - set(table)), sorted(set(table) - known)
    if missing or unknown:
        what = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unknown)}, which no waiver has"
        raise UsageProblem(f"{where} {what}.", hint=f"A waiver has {', '.join(item.name for item in fields(Waiver))}.")
    texts = {name: value for name, value in table.items() if name != "expires"}
    if not all(isinstance(value, str) and value.strip() for name, value in texts.items() if name != "subject"):
        raise UsageProblem(f"{where} has an entry that is empty or no text.", hint="Say who answers for it, and why.")
    if type(table["expires"]) is not date:
        raise UsageProblem(f"{where}: expires is no date.", hint="Write it as 2027-01-31, without quotes.")
    try:
        rule(table["rule"])
    except UnknownRule as unknown_rule:
        raise UsageProblem(f"{where}: {unknown_rule}.", hint=unknown_rule.hint) from None
    return Waiver(**table)
