"""Whether a document is OpenAPI 3.0: by the official schema, and by what the specification demands beyond it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from conformance.openapi.answers.findings import short
from conformance.openapi.document.operations import operations_of
from conformance.openapi.document.parts import COMPONENTS, parts_of
from conformance.openapi.document.pointers import CHAIN, NOWHERE, is_inside, look_up, pointer, tokens_of
from conformance.target.documents import as_list, as_object, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.parts import Part
    from conformance.target.reading import Resource

OFFICIAL = "openapi_spec_validator/resources/schemas/v3.0/schema.json"
"""The schema that the OpenAPI Initiative publishes for 3.0, as a file of a distribution whose import takes a second."""
_NAME = re.compile(r"\{([^{}]*)\}")
_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a document: where (a JSON pointer) and what."""

    pointer: str
    text: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the document'}: {self.text}"


@cache
def _official() -> jsonschema_rs.Draft4Validator:
    path = Path(str(distribution("openapi-spec-validator").locate_file(OFFICIAL)))
    # formats aside: of those in it none is demanded, and a pattern only SHOULD be a regular expression
    return jsonschema_rs.Draft4Validator(json.loads(path.read_text("utf-8")), validate_formats=False, offline=True)


def invalid(document: Resource) -> Iterator[Problem]:
    """Say what makes a document no valid OpenAPI 3.0, its references aside."""
    # half a surrogate, which JSON can spell, is no text to the validator
    text = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    for error in _official().iter_errors(json.loads(text)):
        told = _telling(error)
        yield Problem(pointer(*told.instance_path), short(told.message))
    for demand in (_operation_ids, _paths, _parameters, _tags, _security, _schemas):
        yield from demand(document)


def _telling(error: Any) -> Any:  # noqa: ANN401  # jsonschema_rs exports no type for its errors' contexts
    """Find the error deepest in the document that made this one: of alternatives, those that are meant."""
    branches = [branch for branch in getattr(error.kind, "context", ()) if not _is_about_references(branch)]
    inner = [_telling(one) for branch in branches for one in branch]
    deeper = [one for one in inner if len(one.instance_path) >= len(error.instance_path)]
    return max(deeper, key=lambda one: len(one.instance_path), default=error)


def _is_about_references(branch: Any) -> bool:  # noqa: ANN401  # as above
    """Tell whether a branch says only that the object is no reference, which it need not be."""
    return len(branch) == 1 and branch[0].message == '"$ref" is a required property'


def broken_references(document: Resource) -> Iterator[Problem]:
    """Say which references don't resolve inside the document, or to something else than what has to stand there."""
    for part in parts_of(document):
        if part.reference is not None:
            told = _wrong_with(document, part, part.reference)
            if told:
                yield Problem(part.pointer, f"$ref {part.reference!r} {told}")
        elif part.kind == "schema":
            yield from _broken_mapping(document, part)


def _wrong_with(document: Resource, part: Part, reference: str) -> str:
    if not is_inside(reference):
        return "leads out of the document"
    found: Any = part.value
    for _ in range(CHAIN + 1):
        following = as_object(found).get("$ref")
        if not isinstance(following, str):
            break
        found = look_up(document, following) if is_inside(following) else NOWHERE
    else:
        return "leads in a circle"
    if found is NOWHERE:
        return "leads nowhere"
    match tokens_of(reference):
        case ["components", place, _] if COMPONENTS.get(place, part.kind) != part.kind:
            return f"leads to one of {place}, where a {part.kind} has to stand"
    return "" if isinstance(found, dict) else "leads to what is no object"


def _broken_mapping(document: Resource, part: Part) -> Iterator[Problem]:
    """Look at the references of a discriminator; a value that is no reference is a schema's name."""
    mapping = as_object(as_object(part.value.get("discriminator")).get("mapping"))
    for value, reference in mapping.items():
        named = isinstance(reference, str) and reference in as_object(
            as_object(document.get("components")).get("schemas")
        )
        if named or not isinstance(reference, str):
            continue
        if not is_inside(reference) or look_up(document, reference) is NOWHERE:
            where = f"{part.pointer}/discriminator/mapping{pointer(value)}"
            yield Problem(where, f"{reference!r} is no schema in the document")


def _operation_ids(document: Resource) -> Iterator[Problem]:
    operations = [one for one in operations_of(document) if isinstance(one.own.get("operationId"), str)]
    times = Counter(one.own["operationId"] for one in operations)
    for name, number in times.items():
        if number > 1:
            labels = ", ".join(one.label for one in operations if one.own["operationId"] == name)
            yield Problem("/paths", f"{number} operations have the operationId {name!r}: {labels}")


def _paths(document: Resource) -> Iterator[Problem]:
    """Templates that differ in the names of their parameters alone are one path."""
    templates = [one for one in as_object(document.get("paths")) if one.startswith("/")]
    times = Counter(_NAME.sub("{}", one) for one in templates)
    for bare, number in times.items():
        if number > 1:
            same = [one for one in templates if _NAME.sub("{}", one) == bare]
            yield Problem("/paths", f"these are one path: {', '.join(same)}")


def _parameters(document: Resource) -> Iterator[Problem]:
    for operation in operations_of(document):
        yield from _path_parameters(operation)
        yield from _repeated(document, operation.place, operation.own)
    for template, item in as_object(document.get("paths")).items():
        yield from _repeated(document, pointer("paths", template), as_object(item))


def _path_parameters(operation: Operation) -> Iterator[Problem]:
    wanted = set(_NAME.findall(operation.template))
    declared = {name for place, name in operation.parameters if place == "path"}
    for name in sorted(wanted - declared):
        yield Problem(operation.place, f"the path parameter {name!r} is not declared")
    for name in sorted(declared - wanted):
        yield Problem(operation.place, f"the path parameter {name!r} is not in the path")


def _repeated(document: Resource, where: str, holder: Resource) -> Iterator[Problem]:
    resolved = [resolve(document, one) for one in as_list(holder.get("parameters"))]
    times = Counter((str(one["in"]), str(one["name"])) for one in resolved if "in" in one and "name" in one)
    for (place, name), number in times.items():
        if number > 1:
            yield Problem(f"{where}/parameters", f"the {place} parameter {name!r} is declared {number} times")


def _tags(document: Resource) -> Iterator[Problem]:
    times = Counter(str(as_object(one).get("name")) for one in as_list(document.get("tags")))
    yield from (
        Problem("/tags", f"the tag {name!r} is declared {number} times") for name, number in times.items() if number > 1
    )


def _security(document: Resource) -> Iterator[Problem]:
    declared = as_object(as_object(document.get("components")).get("securitySchemes"))
    holders = [("", document), *((one.place, one.own) for one in operations_of(document))]
    for where, holder in holders:
        for requirement in as_list(holder.get("security")):
            for name in as_object(requirement):
                if name not in declared:
                    yield Problem(f"{where}/security", f"the security scheme {name!r} is not declared")


def _schemas(document: Resource) -> Iterator[Problem]:
    for part in parts_of(document):
        if part.kind != "schema" or part.reference is not None:
            continue
        if part.value.get("type") == "array" and "items" not in part.value:
            yield Problem(part.pointer, "an array has no items")
        if "default" in part.value and not _is_of_type(part.value["default"], part.value):
            yield Problem(part.pointer, f"the default {part.value['default']!r} is not of the type that is declared")


def _is_of_type(value: object, schema: Resource) -> bool:
    wanted = _JSON_TYPES.get(str(schema.get("type")))
    if wanted is None or (value is None and schema.get("nullable") is True):
        return True
    whole = isinstance(value, float) and value.is_integer() and int in wanted
    return whole or (isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool)))
