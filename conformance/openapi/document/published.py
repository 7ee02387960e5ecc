"""The published spec as it is judged: fetched once a run, read whole, and refused with a reason where it can't be.

Reading ── complaint   what SPC-01 says of it, "" where it declares OpenAPI 3.0
        ── document    the JSON object that it is, whatever it declares
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from conformance.contract.resources import SPEC_PATH
from conformance.judging.verdicts import Blocked
from conformance.openapi.document.dialect import Dialect
from conformance.openapi.document.operations import Operation, operations_of
from conformance.openapi.document.pointers import Place
from conformance.target.documents import spec_exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

DEEPEST = 100
"""So many objects and arrays inside each other are read; what OpenAPI can say needs far fewer."""
OK = 200
_VERSION_3_0 = re.compile(r"3\.0(\.\d+(-.+)?)?")
_VERSION_3 = re.compile(r"3\.\d+(\.\d+(-.+)?)?")
_LOOKS_LIKE_YAML = re.compile(r"^(openapi|swagger)['\"]?\s*:", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """What came of reading a spec. `document` is {} where nothing could be read."""

    document: Resource
    complaint: str = ""
    declared: str = ""


class Published:
    """A spec that can be read: its document, and views of it that are made once."""

    def __init__(self, document: Resource, exchange: Exchange) -> None:
        self.document = document
        self.exchange = exchange

    @cached_property
    def operations(self) -> Sequence[Operation]:
        """Every operation, in the order of the document."""
        return tuple(operations_of(self.document))

    @cached_property
    def answers(self) -> Dialect:
        """Its schemas as they bind an answer."""
        return Dialect(self.document)

    @cached_property
    def bodies(self) -> Dialect:
        """Its schemas as they bind a request body."""
        return Dialect(self.document, writing=True)

    @property
    def url(self) -> str:
        """Where it was fetched, against which its relative servers are read."""
        return self.exchange.request.url

    def component(self, kind: str) -> Place:
        """Return the components of a kind, such as "schemas"; an empty place where there are none."""
        return Place(self.document, self.document, "").at("components").at(kind)

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation of a method on a documented path such as "/observations/{id}"."""
        wanted = re.sub(r"\{[^{}]*\}", "{}", path)
        found = (one for one in self.operations if (one.method, one.path) == (method, wanted))
        return next(found, None)


_READ: WeakKeyDictionary[Exchange, Published] = WeakKeyDictionary()
"""Each spec that was fetched, read once for all the rules that ask."""


def read(exchange: Exchange) -> Reading:
    """Read an answer to GET /openapi.json."""
    asked = f"GET {SPEC_PATH}"
    if exchange.status != OK:
        return Reading({}, f"{asked} got {exchange.status}")
    response = exchange.response
    if response is None or not response.is_json:
        kind = "YAML" if response is not None and _LOOKS_LIKE_YAML.search(response.text) else "something else"
        return Reading({}, f"{asked} gave no JSON but {kind}")
    if not isinstance(response.json, dict):
        return Reading({}, f"{asked} gave JSON that is no object")
    return _read(response.json)


def _read(document: Resource) -> Reading:
    version = document.get("openapi", document.get("swagger"))
    if not isinstance(version, str):
        return Reading(document, f"the spec declares no version of OpenAPI but {version!r}")
    if "openapi" not in document or not _VERSION_3_0.fullmatch(version):
        name = "OpenAPI" if "openapi" in document else "Swagger"
        return Reading(document, f"the spec declares {name} {version}, not OpenAPI 3.0", version)
    return Reading(document, declared=version)


async def published(target: Target, *, schemas: bool = False) -> Published:
    """Return the published spec; raise `Blocked` where SPC-01 finds none, or it is no OpenAPI 3 at all.

    What OpenAPI 3.1 changed are the schemas: a rule that reads those asks for `schemas` that are 3.0's.
    """
    return readable(await spec_exchange(target), schemas=schemas)


def readable(exchange: Exchange, *, schemas: bool = False) -> Published:
    """Return the spec that an exchange served; raise `Blocked` where it can't be read."""
    reading = read(exchange)
    if not _VERSION_3.fullmatch(reading.declared) or (schemas and reading.complaint):
        raise Blocked(f"there is no OpenAPI 3.0 to judge: {reading.complaint}")
    if exchange not in _READ:
        depth = nesting(reading.document)
        if depth > DEEPEST:
            raise Blocked(f"the spec nests {depth} levels deep, of which {DEEPEST} are read")
        _READ[exchange] = Published(reading.document, exchange)
    return _READ[exchange]


def nesting(value: object) -> int:
    """Count how many objects and arrays lie inside each other at most."""
    level: list[object] = [value]
    depth = 0
    while level := [part for one in level if isinstance(one, dict | list) for part in _inside(one)]:
        depth += 1
    return depth


def _inside(value: dict[str, object] | list[object]) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else value
