"""Keys of other roles: what /session says of each, and what follows where such a key is served or refused."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.contract.errors import ERROR_CODES
from conformance.judging.expect import asked, expect_refusal, require_accepted, shown
from conformance.judging.verdicts import NotJudged, Violation
from conformance.target.discovery import session_exchange
from conformance.target.documents import as_list, as_object
from conformance.wire.roles import KEY, variable_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

DENIED = (403, ERROR_CODES[403])
VALID = "Is it whole, of this environment, and not revoked?"
NOWHERE = "/no-such-resource"
_SCOPE = re.compile(r"([\w-]+|\*):([\w-]+|\*)")


@dataclass(frozen=True)
class KnownKey:
    """The key of a role, and what /session answered to it."""

    role: str
    session: Exchange

    @property
    def variable(self) -> str:
        """The environment variable that brought it."""
        return variable_of(self.role)

    @cached_property
    def _data(self) -> Mapping[str, Any]:
        response = self.session.response
        value = response.json if response is not None and response.status == 200 and response.is_json else None
        return as_object(as_object(value).get("data"))

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """The scopes that /session lists; None where it is closed to the key or lists none that are texts."""
        told = as_object(self._data.get("api_key")).get("scopes")
        listed = as_list(told)
        return tuple(listed) if isinstance(told, list) and all(isinstance(one, str) for one in listed) else None

    @property
    def organization(self) -> str | None:
        """The id of its organization, where /session tells it."""
        told = as_object(self._data.get("organization")).get("id")
        return told if isinstance(told, str) and told else None

    def lacks(self, scope: str) -> bool | None:
        """Tell whether the key lacks a scope such as observations:write; None where that can't be told.

        What /session lists decides. Where it is closed to the key, the word of the person does who gave it as such.
        """
        if self.session.status == DENIED[0]:
            return True
        if self.scopes is None:
            return None
        resource, _, action = scope.partition(":")
        named = [_SCOPE.fullmatch(one) for one in self.scopes]
        on_it = [one[2] for one in named if one is not None and one[1] in {resource, "*"}]
        if "*" in self.scopes or any(_grants(one, action) for one in on_it):
            return False
        return None if None in named or set(on_it) - {"read", "write"} else True


def _grants(granted: str, action: str) -> bool:
    """Tell whether one action on a resource includes another: who may write is likely to read, too."""
    return granted in {action, "*"} or (action, granted) == ("read", "write")


async def known_key(target: Target, role: str) -> KnownKey:
    """Ask /session about the key of a role."""
    return KnownKey(role, await session_exchange(target, role))


def require_lack(key: KnownKey, scope: str) -> None:
    """Don't judge by a key that has the scope which it is meant to lack."""
    if key.lacks(scope) is False:
        raise NotJudged(
            f"/session says that the key in {key.variable} has a scope like {scope}",
            hint=f"Set {key.variable} to a key without {scope}.",
        )


async def require_same_organization(target: Target, key: KnownKey) -> None:
    """Don't judge by a key of another organization, as far as /session tells."""
    own = (await known_key(target, KEY)).organization
    if own is not None and key.organization is not None and own != key.organization:
        raise NotJudged(
            f"the key in {key.variable} is of another organization ({key.organization}, not {own})",
            hint=f"Set {key.variable} to a key of the organization that PB_API_KEY is of.",
        )


async def require_valid(target: Target, key: KnownKey, answers: Sequence[Exchange]) -> None:
    """Don't judge by a key that gets 401 everywhere, unless it is told from no key at all where nothing is served."""
    if not answers or any(exchange.status != 401 for exchange in answers):
        return
    with_key, without = await asyncio.gather(target.get(NOWHERE, role=key.role), target.get(NOWHERE, role=None))
    if with_key.status in {401, without.status}:
        raise NotJudged(f"the key in {key.variable} is refused with 401", hint=VALID)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An operation with a key that lacks its scope, in some variations, and the accepted twin with the first key."""

    twin: Exchange
    tried: Mapping[str, Exchange]


def expect_denied(key: KnownKey, scope: str, attempt: Attempt) -> str:
    """Expect 403 permission_denied of every variation; a refusal counts beside the accepted twin only.

    What was done in spite of the missing scope can be why the twin came too late, so that is looked at first.
    """
    for what, exchange in attempt.tried.items():
        if (exchange.status or 0) < 300:
            raise _served(key, scope, what, exchange)
    twin = require_accepted(attempt.twin)
    for what, exchange in attempt.tried.items():
        try:
            expect_refusal(exchange, *DENIED)
        except Violation as breach:
            message = f"{what}, with a key that lacks {scope}: {breach.message}"
            raise Violation(message, expected=breach.expected, observed=breach.observed) from None
    return f"{asked(twin)} gets {twin.status}, and 403 with a key that lacks {scope} ({', '.join(attempt.tried)})"


def _served(key: KnownKey, scope: str, what: str, exchange: Exchange) -> Exception:
    if key.lacks(scope) is None:
        told = f"names its scopes as {', '.join(key.scopes)}" if key.scopes else "does not name its scopes"
        return NotJudged(
            f"{asked(exchange)} got {exchange.status} with the key in {key.variable}, of which /session {told}",
            hint=f"Set {key.variable} to a key that surely lacks {scope}.",
        )
    return Violation(
        f"{what}, with a key that lacks {scope}: {asked(exchange)} got {exchange.status}",
        expected=f"{DENIED[0]} {DENIED[1]}",
        observed=shown(exchange),
    )
