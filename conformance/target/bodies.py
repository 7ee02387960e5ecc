"""Valid bodies for creates of which only the schema in the target's spec is known: what is required, and no more.

What is built is fresh wherever it can be (texts carry the run's marker, addresses are new), names real things where a
field is a reference, and reaches nobody: mail goes to example.com, web addresses to .invalid (RFC 2606).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing
from conformance.target.documents import DEEPEST, as_list, as_object, combined, merged
from conformance.target.references import an_id
from conformance.target.samples import samples
from conformance.target.schemas import a_number, a_time, alternatives, count, fits, kind_of, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.target.chance import Chance
    from conformance.target.reading import Resource
    from conformance.target.target import Target

UNIQUE = ("email", "uri", "uuid")
"""Kinds of which a target may want each value only once."""
VARIABLE = ("text", "enum", "integer", "number", "boolean")
"""Kinds of which another value is as good, best first."""

_ADDRESSED = re.compile(r"://|@|[a-z0-9]\.[a-z]{2,}|^\+?\d{6,}$", re.IGNORECASE)
"""What might reach somebody."""
SURELY_FRESH = 12
"""A text of so many random characters is like no other."""


class Unbuildable(Missing):
    """No valid value can be told from the schema; `message` says of what, and why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a body: its field's name, its schema, which of several values is wanted, and how deep it lies."""

    name: str
    schema: Resource
    nth: int = 0
    depth: int = 0


@dataclass
class Builder:
    """Builds bodies for one create. `fresh` are the texts that no other request of any run has sent."""

    target: Target
    document: Resource
    fresh: set[str] = field(default_factory=set)
    _parts: dict[str, Spot] = field(default_factory=dict)
    _reads_patterns: bool = False

    async def body(self, media: Resource) -> Resource:
        """Build a minimal valid body for a media type object; raise `Unbuildable` where the schema defeats us."""
        schema = merged(self.document, media.get("schema"))
        example = media.get("example", schema.get("example"))
        whole = Spot("", schema | {"example": example})
        try:
            built = await self.value(whole)
        except Unbuildable:
            self._reads_patterns = True  # at last: what a pattern fits is seldom what a target knows
            built = await self.value(whole)
        if not isinstance(built, dict):
            raise Unbuildable("a body that is an object")
        return built

    async def other(self, body: Resource) -> Resource | None:
        """Build another valid body, with one field of another value; what may have to be unique is fresh in it.

        None where no field can be told to take another value.
        """
        unique = {name: await self._again(name) for name in body if self._kind(name) in UNIQUE}
        names = sorted((name for name in self._parts if self._kind(name) in VARIABLE), key=self._preference(body))
        for name in names:
            value = await self._again(name)
            if value is not None and value != body.get(name):
                return body | unique | {name: value}
        return body | unique if unique else None

    def _preference(self, body: Resource) -> Any:  # noqa: ANN401  # a key function
        return lambda name: (name not in body, VARIABLE.index(self._kind(name)))

    def _kind(self, name: str) -> str:
        spot = self._parts.get(name)
        return kind_of(name, merged(self.document, spot.schema)) if spot else ""

    async def _again(self, name: str) -> Any:  # noqa: ANN401  # any JSON value
        try:
            return await self.value(replace(self._parts[name], nth=1))
        except Missing:
            return None

    async def value(self, spot: Spot) -> Any:  # noqa: ANN401  # any JSON value
        """Build a value for one place; raise `Unbuildable` or `Missing` where there is none."""
        schema = merged(self.document, spot.schema)
        try:
            if spot.depth > DEEPEST:
                raise Unbuildable(f"an end of {spot.name}, which nests without one")
            return await self._chosen(replace(spot, schema=schema))
        except Missing:
            if schema.get("nullable") is True or "null" in as_list(schema.get("type")):
                return None
            raise

    async def _chosen(self, spot: Spot) -> Any:  # noqa: ANN401  # any JSON value
        """Build by the first of the schema's alternatives that can be built, or by the schema where it has none."""
        options, rest = alternatives(spot.schema)
        if not options:
            return await self._plain(spot)
        reason = Missing("an alternative of the schema", "Let /openapi.json give one that can be told.")
        for option in options:
            schema = combined([rest, merged(self.document, option)])
            try:
                return await self.value(replace(spot, schema=schema, depth=spot.depth + 1))
            except Missing as missing:
                reason = missing
        raise reason

    async def _plain(self, spot: Spot) -> Any:  # noqa: ANN401  # any JSON value
        kind = kind_of(spot.name, spot.schema)
        if kind == "reference":
            return await self._reference(spot)
        if kind == "object":
            return await self._object(spot)
        if kind == "array":
            return await self._array(spot)
        simple = self._simple(kind, spot)
        if simple is None:
            raise Unbuildable(f"a value for {spot.name or 'the body'}, whose schema allows none that can be told")
        return simple

    def _simple(self, kind: str, spot: Spot) -> Any:  # noqa: ANN401  # any JSON value
        schema = spot.schema
        if kind == "enum":
            return _one_of(schema, spot.nth)
        if kind == "boolean":
            return bool(spot.nth % 2)
        if kind in {"integer", "number"}:
            return a_number(schema, spot.nth, whole=kind == "integer")
        return next((text for text in self._texts(kind, spot) if fits(text, schema)), None)

    async def _reference(self, spot: Spot) -> str:
        try:
            return await an_id(self.target, self.document, spot.name, spot.nth)
        except Missing as missing:
            example = spot.schema.get("example")
            if isinstance(example, str) and spot.nth == 0:
                return example
            raise Unbuildable(missing.message, missing.hint) from None

    async def _object(self, spot: Spot) -> Resource:
        schema, example = spot.schema, as_object(spot.schema.get("example"))
        required = [str(name) for name in as_list(schema.get("required"))]
        declared = as_object(schema.get("properties"))
        parts: dict[str, Spot] = {}
        for name in dict.fromkeys((*required, *declared)):
            own = merged(self.document, declared.get(name, {}))
            if own.get("readOnly") is not True:
                shown = {"example": example[name]} if name in example else {}
                called = f"{spot.name}_id" if spot.name and name == "id" else name
                parts[name] = Spot(called, shown | own, depth=spot.depth + 1)
        if not spot.name:
            self._parts = parts
        wanted = [name for name in parts if name in required] or list(parts)[: count(schema, "minProperties", 0)]
        return {name: await self.value(parts[name]) for name in wanted}

    async def _array(self, spot: Spot) -> list[Any]:
        items = merged(self.document, spot.schema.get("items", {}))
        least = count(spot.schema, "minItems", 0)
        wanted = min(max(least, 1), count(spot.schema, "maxItems", least + 1))
        try:
            values = [await self.value(Spot(spot.name, items, nth, spot.depth + 1)) for nth in range(wanted)]
        except Missing:
            if least == 0:
                return []
            raise
        if spot.schema.get("uniqueItems") is True and any(values.count(value) > 1 for value in values):
            raise Unbuildable(f"{wanted} different items for {spot.name}")
        return values

    def _texts(self, kind: str, spot: Spot) -> Iterator[str]:
        """Give the texts to try for a place, best first; those that are fresh are kept in `fresh`."""
        told = [text for text in map(spot.schema.get, ("example", "default")) if isinstance(text, str)]
        if kind in {"date", "date-time"}:
            yield a_time(spot.name, whole_days=kind == "date")
        elif kind in UNIQUE:
            yield self._kept(_address(self.target.chance, kind))
        elif kind == "text":
            yield from (*map(self._kept, self._fresh(spot)), *told)
        else:
            yield from (*told, *map(self._kept, self._fresh(spot)))
        if self._reads_patterns and kind not in UNIQUE and isinstance(spot.schema.get("pattern"), str):
            found = (one for one in samples(spot.schema["pattern"]) if not _ADDRESSED.search(one))
            yield from islice(found, spot.nth, None)

    def _fresh(self, spot: Spot) -> Iterator[str]:
        return texts(self.target.marker(), self.target.chance.digits(32), spot.schema)

    def _kept(self, text: str) -> str:
        if len(text) >= SURELY_FRESH:
            self.fresh.add(text)
        return text


def _one_of(schema: Resource, nth: int) -> Any:  # noqa: ANN401  # any JSON value
    """Return the `nth` value of an enum, its default first; None where it has none but null."""
    values = [value for value in as_list(schema.get("enum", [schema.get("const")])) if value is not None]
    values.sort(key=lambda value: value != schema.get("default"))
    return values[nth % len(values)] if values else None


def _address(chance: Chance, kind: str) -> str:
    return {
        "email": f"conformance-{chance.digits(16)}@example.com",
        "uri": f"https://conformance.invalid/{chance.digits(32)}",
    }.get(kind, chance.uuid())
