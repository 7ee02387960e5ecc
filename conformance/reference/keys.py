"""API keys: what each may do and for whom. They are kept as digests, and given out once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from conformance.reference.storage import API_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference.http import Request


@dataclass(frozen=True)
class Keys:
    """The sandbox's keys, by what they are good for."""

    full: str = "pb_test_5H9QmV2xTfullaccess7Rk3Ld"
    read_only: str = "pb_test_8W4NcZ6yreadonly2Bq9Gs"
    no_scope: str = "pb_test_3J7TpX5knoscope6Hv4Md"
    other_org: str = "pb_test_9F2KrB8uotherorg1Yw7Zn"
    quota: str = "pb_test_6D5SgL3jsmallquota4Cx8Pt"


DESCRIPTIONS: Mapping[str, str] = {
    "full": "every scope",
    "read_only": "every read scope, no write scope",
    "no_scope": "no scope at all",
    "other_org": "every scope, in another organization",
    "quota": "every scope, with a small quota",
}
ROLES = tuple(field.name for field in fields(Keys))


@dataclass(frozen=True)
class ApiKey:
    """A key as the reference knows it: never its text."""

    id: str
    name: str
    role: str
    scopes: tuple[str, ...]
    organization_id: str


def digest(text: str) -> str:
    """Give what is kept of a key's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def load(connection: Connection) -> dict[str, ApiKey]:
    """Read all keys, by digest."""
    return {
        row.digest: ApiKey(row.id, row.name, row.role, tuple(row.scopes), row.organization_id)
        for row in connection.execute(select(API_KEYS))
    }


def presented(request: Request) -> str | None:
    """Give the token of a well-formed bearer credential (RFC 6750), or None."""
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None
