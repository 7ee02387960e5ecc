"""Whose the keys are that make things, as the session tells: nothing is ever removed from another organization."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing, TargetError
from conformance.target.discovery import session
from conformance.target.made.intents import Owner
from conformance.wire.roles import KEY, OTHER_ORG

if TYPE_CHECKING:
    from conformance.target.target import Target

MAKERS = (KEY, OTHER_ORG)
"""The roles whose keys remove what was made."""


async def owner(target: Target, role: str) -> Owner:
    """Tell whose the key of a role is; of what the session does not tell, nothing."""
    try:
        told = await session(target, role)
    except (TargetError, Missing):
        return Owner()
    return Owner(_id(told.get("organization")), _id(told.get("api_key")))


def _id(value: Any) -> str:  # noqa: ANN401  # any JSON value
    told = value.get("id") if isinstance(value, dict) else None
    return told if isinstance(told, str) else ""


async def name_owners(target: Target) -> None:
    """Write into the journal whose the keys are that will remove what is made."""
    makers = MAKERS[:1] if target.settings.read_only else MAKERS
    roles = [role for role in makers if role in target.client.roles]
    for role, found in zip(roles, await asyncio.gather(*(owner(target, role) for role in roles)), strict=True):
        target.journal.belongs(role, found)
