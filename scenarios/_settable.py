"""Values that a client tries to give to read-only fields, and how to tell that a server took them over."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from conformance.judging.expect import expect
from conformance.target.identifiers import never_issued
from conformance.target.instants import instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.reading import Resource

_LONG_AGO = "2001-02-03T04:05:06.000Z"

FORGED: Mapping[str, Any] = MappingProxyType(
    {"id": never_issued("obs"), "created_at": _LONG_AGO, "updated_at": _LONG_AGO, "archived_at": _LONG_AGO}
)
"""One for each read-only field: an id that was never issued, and a moment long past."""


def expect_own_values(resource: Resource, action: str) -> None:
    """Expect that no read-only field of `resource` has the forged value, in whatever form it is written."""
    taken = {name: resource.get(name) for name in FORGED if _is_forged(name, resource.get(name))}
    expect(
        not taken,
        f"{', '.join(taken)} can be set by a{'n' * action.startswith('u')} {action}",
        expected="values of the server's own",
        observed=taken,
    )


def _is_forged(name: str, value: object) -> bool:
    if name == "id":
        return bool(value == FORGED["id"])
    if name == "archived_at":
        return value is not None  # nothing was archived
    moment = instant(value)
    return moment is not None and moment.year < 2002
