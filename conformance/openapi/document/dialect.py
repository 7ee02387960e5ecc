"""Schemas of OpenAPI 3.0 as JSON Schema, which a fast validator understands (OpenAPI 3.0.3, Schema Object).

Each schema is rewritten once, under the JSON pointer that it has in the document, so that what a validator says of a
place can be found there. Where tools read OpenAPI differently, the reading that allows more is taken: `nullable`
without a `type` beside it, and beside an `enum` that has no null, means what it says.
"""

from __future__ import annotations

import binascii
import sys
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from conformance.openapi.document.pointers import Place, is_inside, look_up, reference_to, target_of, tokens_of
from conformance.openapi.document.weights import Unreadable, weigh
from conformance.target.documents import as_list, as_object
from conformance.target.patterns import is_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.target.reading import Resource

Schema = dict[str, Any]
_COUNTS = ("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties")
_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object"})
_LISTS = ("allOf", "anyOf", "oneOf")
_COMPOSITIONS = frozenset({*_LISTS, "not"})


def _is_byte(text: str) -> bool:
    try:
        b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_address(text: str) -> bool:
    """Tell whether an e-mail address has two sides: what else one may hold, readers differ on (RFC 5321, RFC 6531)."""
    before, _, after = text.rpartition("@")
    return bool(before and after)


FORMATS: dict[str, Callable[..., bool]] = {"byte": _is_byte, "email": _is_address}
"""Formats that JSON Schema doesn't know, or that readers differ on; the ranges of numbers are rewritten as bounds."""
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class Dialect:
    """The schemas of one document, for requests (`writing`) or for answers.

    They differ in what is required: no read-only property of a request, no write-only one of an answer.
    """

    def __init__(self, document: Resource, *, writing: bool = False) -> None:
        self.document = document
        self._left_out = "readOnly" if writing else "writeOnly"
        self._rewritten: dict[str, Schema] = {}
        self._reached: dict[str, tuple[str, ...]] = {}
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def validator(self, place: Place) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of the schema at a place, made once; raise `Unreadable` where there can be none."""
        found = self._validators.get(place.pointer)
        if found is None:
            found = self._validators[place.pointer] = compiled(self.bundled(self.refer(place)))
        return found

    def refer(self, place: Place) -> Schema:
        """Return a JSON Schema that refers to the schema at a place, which is rewritten."""
        self._rewrite(place)
        return {"$ref": reference_to("$defs", place.pointer)}

    def bundled(self, schema: Schema) -> Schema:
        """Return a schema of rewritten parts together with everything that it refers to."""
        left, defs = _names(schema), {}
        while left:
            name = left.pop()
            if name not in self._rewritten:
                raise Unreadable(f"{name} was not readable before")
            if name not in defs:
                defs[name] = self._rewritten[name]
                left += self._reached[name]
        return {**schema, "$defs": defs}

    def _rewrite(self, place: Place) -> None:
        """Rewrite the schema at a place, and all that it refers to, under their pointers."""
        left = [place]
        while left:
            one = left.pop()
            if one.pointer not in self._rewritten:
                self._rewritten[one.pointer] = schema = self.rewritten(one.value)
                self._reached[one.pointer] = names = tuple(_names(schema))
                left += [Place(self.document, as_object(look_up(self.document, name)), name) for name in names]

    def rewritten(self, schema: object) -> Schema:
        """Return the JSON Schema of one schema object; what it refers to is referred to by pointer."""
        own = as_object(schema)
        reference = own.get("$ref")
        if isinstance(reference, str):
            if not is_inside(reference) or not isinstance(look_up(self.document, reference), dict):
                raise Unreadable(f"$ref {reference!r} does not resolve inside the document")
            return {"$ref": reference_to("$defs", target_of(reference))}
        return _with_null(own, {**self._plain(own), **self._nested(own), **self._composed(own)})

    def _plain(self, own: Resource) -> Schema:
        """Return what a schema says of single values, and of which properties there are."""
        plain: Schema = {}
        if isinstance(own.get("type"), str) and own["type"] in _TYPES:
            plain["type"] = own["type"]
        if isinstance(own.get("enum"), list):
            plain["enum"] = own["enum"]
        plain |= {name: own[name] for name in _COUNTS if _is_count(own.get(name))}
        if own.get("uniqueItems") is True:
            plain["uniqueItems"] = True
        if is_pattern(own.get("pattern")):
            plain["pattern"] = own["pattern"]
        required = [name for name in as_list(own.get("required")) if self._is_required(own, name)]
        return plain | _bounds(own) | _format(own) | ({"required": required} if required else {})

    def _is_required(self, own: Resource, name: object) -> bool:
        declared = Place(self.document, own, "").at("properties").at(str(name))
        return isinstance(name, str) and declared.value.get(self._left_out) is not True

    def _nested(self, own: Resource) -> Schema:
        """Return what a schema says of the values inside one."""
        nested: Schema = {}
        if isinstance(own.get("properties"), dict):
            nested["properties"] = {name: self.rewritten(one) for name, one in own["properties"].items()}
        if isinstance(own.get("items"), dict):
            nested["items"] = self.rewritten(own["items"])
        additional = own.get("additionalProperties")
        if isinstance(additional, dict):
            nested["additionalProperties"] = self.rewritten(additional)
        elif additional is False:
            nested["additionalProperties"] = False
        return nested

    def _composed(self, own: Resource) -> Schema:
        """Return what a schema is made of."""
        told: Schema = {name: [self.rewritten(one) for one in own[name]] for name in _LISTS if as_list(own.get(name))}
        if isinstance(own.get("not"), dict):
            told["not"] = self.rewritten(own["not"])
        return _discriminated(own, told)


def compiled(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """Compile a JSON Schema; nothing is ever fetched. Raises `Unreadable`."""
    weigh(schema)
    try:
        return jsonschema_rs.Draft202012Validator(schema, formats=FORMATS, validate_formats=True, offline=True)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as problem:
        raise Unreadable(str(problem).partition("\n")[0]) from None


def _with_null(own: Resource, schema: Schema) -> Schema:
    """Return the schema as it takes null, too, where it is nullable."""
    if own.get("nullable") is not True:
        return schema
    if not _COMPOSITIONS & schema.keys():
        kinds = {"type": [schema["type"], "null"]} if "type" in schema else {}
        values = {"enum": [*schema["enum"], None]} if "enum" in schema and None not in schema["enum"] else {}
        return schema | kinds | values
    return {"if": {"type": "null"}, "else": schema}


def _discriminated(own: Resource, told: Schema) -> Schema:
    """Let a property decide which of several schemas holds, where a discriminator says so of referred ones."""
    told_by = as_object(own.get("discriminator"))
    name, options = told_by.get("propertyName"), told.get("oneOf", told.get("anyOf"))
    if not isinstance(name, str) or not options or not all("$ref" in one for one in options):
        return told
    named = {_last(one): one["$ref"] for one in options}
    for value, target in as_object(told_by.get("mapping")).items():
        reference = str(target) if is_inside(str(target)) else f"#/components/schemas/{target}"
        named[value] = reference_to("$defs", target_of(reference))
    known = {value: reference for value, reference in named.items() if reference in {one["$ref"] for one in options}}
    cases = [{"if": _is(name, value), "then": {"$ref": reference}} for value, reference in known.items()]
    rest = {keyword: value for keyword, value in told.items() if keyword not in {"oneOf", "anyOf"}}
    one_of_them = {"required": [name], "properties": {name: {"enum": list(known)}}}
    return {**rest, "allOf": [*rest.get("allOf", ()), one_of_them, *cases]}


def _last(reference: Schema) -> str:
    """Return the name under which the schema that is referred to stands in the document."""
    return tokens_of(_names(reference)[0])[-1]


def _is(name: str, value: str) -> Schema:
    return {"required": [name], "properties": {name: {"const": value}}}


def _bounds(own: Resource) -> Schema:
    """Return the bounds of a number; an exclusive one is a number of its own in JSON Schema."""
    bounds: Schema = {}
    for name, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if _is_number(own.get(name)):
            bounds[exclusive if own.get(exclusive) is True else name] = own[name]
    if _is_number(own.get("multipleOf")) and own["multipleOf"] > 0:
        bounds["multipleOf"] = own["multipleOf"]
    return bounds


def _format(own: Resource) -> Schema:
    """Return the format of a text; that of a number is a range."""
    named = own.get("format")
    if not isinstance(named, str):
        return {}
    least, most = _RANGES.get(named, (None, None))
    if least is None or most is None:
        return {"format": named}
    minimum, maximum = own.get("minimum"), own.get("maximum")
    return ({} if _is_number(minimum) else {"minimum": least}) | ({} if _is_number(maximum) else {"maximum": most})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _names(schema: Schema) -> list[str]:
    """Return the pointers of what a rewritten schema refers to, anywhere in it."""
    left: list[object] = [schema]
    found: list[str] = []
    while left:
        one = left.pop()
        if isinstance(one, dict):
            reference = one.get("$ref")
            found += [tokens_of(reference)[-1]] if isinstance(reference, str) else []
            left += [value for name, value in one.items() if name not in {"enum", "const"} or isinstance(value, dict)]
        elif isinstance(one, list):
            left += one
    return found
