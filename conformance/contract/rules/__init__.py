"""The catalogue: every rule of the contract, in one order that reports and listings share."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.contract.rules import (
    archiving,
    authentication,
    creating,
    errors,
    expanding,
    filtering,
    headers,
    idempotency,
    limits,
    observations,
    openapi,
    pagination,
    rate_limits,
    resources,
    robustness,
    session,
    sorting,
    transport,
    updating,
    versioning,
    webhooks,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.model import Rule

__all__ = ["FAMILIES", "RULES", "Family", "UnknownRule", "rule", "select"]


@dataclass(frozen=True, slots=True)
class Family:
    """A group of rules: `prefix` of their ids, `noun` of the modules about them, `title` for people."""

    prefix: str
    noun: str
    title: str
    rules: tuple[Rule, ...]


FAMILIES: tuple[Family, ...] = (
    Family("TRN", "transport", "Transport", transport.RULES),
    Family("VER", "versioning", "Versioning", versioning.RULES),
    Family("RES", "resources", "Resources", resources.RULES),
    Family("PAG", "pagination", "Pagination", pagination.RULES),
    Family("SRT", "sorting", "Sorting", sorting.RULES),
    Family("FLT", "filtering", "Filtering", filtering.RULES),
    Family("EXP", "expanding", "Expanding", expanding.RULES),
    Family("IDM", "idempotency", "Idempotency", idempotency.RULES),
    Family("AUT", "authentication", "Authentication and scopes", authentication.RULES),
    Family("HDR", "headers", "Response headers", headers.RULES),
    Family("RTL", "rate_limits", "Rate limits", rate_limits.RULES),
    Family("ERR", "errors", "Errors", errors.RULES),
    Family("SES", "session", "Session", session.RULES),
    Family("SPC", "openapi", "The published OpenAPI document", openapi.RULES),
    Family("OBS", "observations", "The observation", observations.RULES),
    Family("OBC", "creating", "Creating observations", creating.RULES),
    Family("LIM", "limits", "Field limits", limits.RULES),
    Family("OBU", "updating", "Updating observations", updating.RULES),
    Family("ARC", "archiving", "Archiving and restoring", archiving.RULES),
    Family("EVT", "webhooks", "Webhook events", webhooks.RULES),
    Family("ROB", "robustness", "Robustness", robustness.RULES),
)

RULES: tuple[Rule, ...] = tuple(rule for family in FAMILIES for rule in family.rules)

_BY_ID: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in RULES})
_BY_FAMILY: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {name.upper(): family.rules for family in FAMILIES for name in (family.prefix, family.noun)},
)


class UnknownRule(LookupError):  # noqa: N818  named for what was asked, as a reader meets it in a message
    """No rule or family has this name. `matches` holds names that come close, best first."""

    def __init__(self, name: str, matches: tuple[str, ...] = ()) -> None:
        self.name = name
        self.matches = matches
        super().__init__(
            f"{name!r} is a family and no rule" if _is_family(name) else f"there is no rule or family {name!r}"
        )

    @property
    def hint(self) -> str:
        """Say what to ask for instead, in one sentence."""
        if self.matches:
            return f"Did you mean {', '.join(self.matches)}?"
        return f"The families are {', '.join(family.prefix for family in FAMILIES)}."


def rule(rule_id: str) -> Rule:
    """Give the rule of this id, in upper or lower case; raise UnknownRule where there is none."""
    found = _BY_ID.get(rule_id.strip().upper())
    if found is None:
        raise UnknownRule(rule_id, _near(rule_id, tuple(_BY_ID)))
    return found


def select(expression: str) -> tuple[Rule, ...]:
    """Give the rules that a list such as "PAG-04,ARC,sorting" names, once each and in catalogue order.

    Ids, prefixes and nouns may be mixed, in upper or lower case. Raises UnknownRule for the first name that
    names nothing, and for a list without any name.
    """
    names = [name for name in (part.strip() for part in expression.split(",")) if name]
    if not names:
        raise UnknownRule(expression)
    chosen = {found.id for name in names for found in _named(name)}
    return tuple(candidate for candidate in RULES if candidate.id in chosen)


def _named(name: str) -> tuple[Rule, ...]:
    key = name.upper()
    if key in _BY_FAMILY:
        return _BY_FAMILY[key]
    if key in _BY_ID:
        return (_BY_ID[key],)
    raise UnknownRule(name, _near(name, (*_BY_ID, *_BY_FAMILY)))


def _is_family(name: str) -> bool:
    return name.strip().upper() in _BY_FAMILY


def _near(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if _is_family(name):
        return tuple(member.id for member in _BY_FAMILY[name.strip().upper()][:3])
    return tuple(difflib.get_close_matches(name.strip().upper(), known, n=3))
