"""Where a spec has schemas of the observation: as a component, in answers, and in the bodies of create and update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.resources import ARCHIVE, CREATE, GET, LIST, RESTORE, UPDATE
from conformance.judging.verdicts import Blocked
from conformance.openapi.audit.field_reference import Use
from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.shapes import resource_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.contract.resources import Operation
    from conformance.openapi.document.pointers import Place
    from conformance.openapi.document.published import Published

SERVING = (GET, LIST, CREATE, UPDATE, ARCHIVE, RESTORE)


def observation_schemas(spec: Published, use: Use) -> Sequence[Place]:
    """Return the schemas for a use, each once; raise `Blocked` where there is none, as SPC-03, 04 and 07 judge that."""
    places = {place.pointer: place for place in _schemas(spec, use) if place.value}
    if not places:
        raise Blocked(f"the spec has no schema of an observation that is {use.value}")
    return tuple(places.values())


def _schemas(spec: Published, use: Use) -> Iterator[Place]:
    if use is not Use.SERVED:
        yield from _body(spec, CREATE if use is Use.CREATED else UPDATE)
        return
    yield spec.component("schemas").at("Observation")
    for documented in SERVING:
        declared = spec.find(documented.method, documented.path)
        for success in declared.successes if declared is not None else ():
            schema = json_schema_of(success)
            if schema is not None:
                yield resource_in(schema).followed()


def _body(spec: Published, documented: Operation) -> Iterator[Place]:
    declared = spec.find(documented.method, documented.path)
    schema = json_schema_of(declared.request_body) if declared is not None else None
    if schema is not None:
        yield schema.followed()
