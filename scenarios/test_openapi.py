"""SPC: what the published spec declares (overview › OpenAPI specification)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.queries import LIMIT_DEFAULT, LIMIT_MAX, LIST_PARAMETERS
from conformance.contract.resources import COLLECTIONS, LIST, RESOURCES, Shape
from conformance.judging.expect import expect, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable
from conformance.openapi.audit.probing import Question
from conformance.openapi.audit.validity import broken_references, invalid
from conformance.openapi.document.operations import ENDPOINTS, OTHERS, Operation, json_schema_of
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.document.published import Published, published, read
from conformance.openapi.document.security import bearer_schemes, wrong_with
from conformance.openapi.document.shapes import is_page, resource_in, says_something
from conformance.target.documents import merged, spec_exchange
from scenarios._openapi import expect_none, operations_of_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.openapi.document.pointers import Place
    from conformance.target.target import Target

NAMED = ("Employee", "Observation", "Summary")
"""The component schemas that the overview names."""
LISTS = (*COLLECTIONS, *(one for one in RESOURCES if one.shape is Shape.UNSTATED))
WITHOUT_CONTENT = frozenset({"204", "205"})
_BODILESS_METHODS = frozenset({"HEAD", "OPTIONS", "TRACE"})


@judges("SPC-01")
async def test_the_spec_declares_openapi_3_0(target: Target) -> str:
    """The openapi member of what is served at /openapi.json is 3.0 with any patch version."""
    exchange = await spec_exchange(target)
    reading = read(exchange)
    expect(
        not reading.complaint,
        reading.complaint,
        expected="a JSON object whose openapi is 3.0.x",
        observed=reading.declared or shown(exchange),
    )
    return f"the spec declares OpenAPI {reading.declared}"


@judges("SPC-02")
async def test_the_spec_is_valid(target: Target) -> str:
    """The official schema and the further demands of OpenAPI 3.0 find nothing wrong."""
    spec = await published(target, schemas=True)
    expect_none(invalid(spec.document), "the spec is no valid OpenAPI 3.0", expected="a valid document")
    return f"the spec is valid, with {len(spec.operations)} operations"


@judges("SPC-02")
async def test_all_references_resolve_inside_the_spec(target: Target) -> str:
    """No $ref leads out of the document, nowhere, in a circle, or to something of another kind."""
    spec = await published(target)
    expect_none(
        broken_references(spec.document),
        "a reference does not resolve",
        expected="every $ref resolved inside the document",
    )
    return "every reference resolves inside the document"


@judges("SPC-03", over=ENDPOINTS)
async def test_the_endpoint_is_described(target: Target, endpoint: str) -> str:
    """The spec has the path, however its parameters are called, and the method in it."""
    spec = await published(target)
    wanted = ENDPOINTS[endpoint]
    there = sorted(one.label for one in spec.operations if one.path.split("/")[1:2] == wanted.path.split("/")[1:2])
    found = spec.find(wanted.method, wanted.path)
    expect(found is not None, f"the spec does not describe {endpoint}", expected=endpoint, observed=there)
    return f"{endpoint} is described"


@judges("SPC-04", over=(*ENDPOINTS, OTHERS))
async def test_operations_have_their_shapes(target: Target, endpoint: str) -> str:
    """A success has a schema that says something, and a write that takes a body has one, too."""
    spec = await published(target)
    operations = operations_of_subject(spec, endpoint)
    wrong = [f"{one.label} {told}" for one in operations for told in _shapeless(one, endpoint)]
    expect_none(wrong, "a shape is missing", expected="schemas of the success and of the request body")
    return f"{len(operations)} operations have their shapes" if endpoint == OTHERS else f"{endpoint} has its shapes"


def _shapeless(operation: Operation, subject: str) -> Iterable[str]:
    if operation.method in _BODILESS_METHODS:
        return
    answers = [one for status, one in operation.responses.items() if status.startswith("2")] or operation.successes
    schemas = [schema for schema in map(json_schema_of, answers) if schema is not None]
    silent = bool(WITHOUT_CONTENT & operation.responses.keys()) and subject == OTHERS
    other = subject == OTHERS and any(one.at("content").value for one in answers) and not schemas
    if not (silent or other or any(map(_is_shape, schemas))):
        yield "has no success whose JSON schema says anything"
    if _takes_a_body(operation, subject):
        body = json_schema_of(operation.request_body)
        if body is None or not says_something(body):
            yield "has no request body whose JSON schema says anything"


def _is_shape(schema: Place) -> bool:
    return says_something(schema) and says_something(resource_in(schema))


def _takes_a_body(operation: Operation, subject: str) -> bool:
    documented = ENDPOINTS[subject].documented if subject != OTHERS else None
    if subject != OTHERS:
        return documented is not None and documented.takes_body
    creates = operation.method == "POST" and operation.path in {one.path for one in COLLECTIONS}
    return creates or operation.method in {"PATCH", "PUT"}


@judges("SPC-05")
async def test_every_documented_list_parameter_is_declared(target: Target) -> str:
    """The observation list declares each, by itself or as a property of a deepObject."""
    spec = await published(target)
    (operation,) = operations_of_subject(spec, LIST.label)[:1]
    declared = query_parameters(operation)
    missing = [name for name in LIST_PARAMETERS if name not in declared]
    expect(
        not missing,
        f"{LIST.label} does not declare {', '.join(missing)}",
        expected=list_of(LIST_PARAMETERS),
        observed=sorted(declared),
    )
    return f"{LIST.label} declares all {len(LIST_PARAMETERS)} documented parameters"


def list_of(names: Sequence[str]) -> str:
    """Write names one after the other."""
    return ", ".join(names)


@judges("SPC-06", over=[one.path for one in LISTS])
async def test_limit_has_its_type_default_and_maximum(target: Target, collection: str) -> str:
    """Limit takes integers up to 100 and nothing else, and is 50 where it is left out."""
    spec = await published(target, schemas=True)
    operation = spec.find("GET", collection)
    if operation is None:
        raise Blocked(f"the spec does not describe GET {collection}")
    if collection not in {one.path for one in COLLECTIONS} and not _lists(operation):
        raise NotApplicable(f"the spec describes no page at {collection}")
    schema = query_parameters(operation).get("limit")
    expect(schema is not None, f"{operation.label} declares no limit", expected=LIMIT, observed=None)
    if schema is not None:
        _expect_limit(spec, operation, schema)
    return f"GET {collection} declares limit as {LIMIT}"


LIMIT = f"an integer with default {LIMIT_DEFAULT} and maximum {LIMIT_MAX}"


def _lists(operation: Operation) -> bool:
    return any(is_page(schema) for schema in map(json_schema_of, operation.successes) if schema is not None)


def _expect_limit(spec: Published, operation: Operation, schema: Place) -> None:
    question = Question(spec.bodies.validator(schema))
    declared = merged(spec.document, schema.value)
    holds = {
        "is no integer": not any(map(question.takes, ("abc", "50", 1.5, True, None))),
        f"refuses up to {LIMIT_MAX}": all(map(question.takes, (LIMIT_DEFAULT, LIMIT_MAX))),
        f"has no maximum of {LIMIT_MAX}": not question.takes(LIMIT_MAX + 1),
        f"has no default of {LIMIT_DEFAULT}": _is_default(declared.get("default")),
    }
    wrong = [told for told, right in holds.items() if not right]
    observed = {name: declared[name] for name in ("type", "default", "minimum", "maximum") if name in declared}
    expect(not wrong, f"limit of {operation.label} {', '.join(wrong)}", expected=LIMIT, observed=observed)


def _is_default(value: object) -> bool:
    return value == LIMIT_DEFAULT and not isinstance(value, bool)


@judges("SPC-07")
async def test_the_named_component_schemas_are_there(target: Target) -> str:
    """Employee, Observation and Summary are under components.schemas, and say something."""
    spec = await published(target)
    schemas = spec.component("schemas")
    missing = [name for name in NAMED if name not in schemas.value]
    expect(
        not missing,
        f"components.schemas has no {', no '.join(missing)}",
        expected=list_of(NAMED),
        observed=sorted(schemas.value),
    )
    empty = [name for name in NAMED if not says_something(schemas.raw(name))]
    expect(not empty, f"components.schemas has an empty {', '.join(empty)}", expected="schemas that say something")
    return f"components.schemas has {list_of(NAMED)}"


@judges("SPC-09", over=(*ENDPOINTS, OTHERS))
async def test_operations_require_a_bearer_token(target: Target, endpoint: str) -> str:
    """An HTTP bearer scheme is declared, and no way past it is."""
    spec = await published(target)
    declared: dict[str, Any] = spec.component("securitySchemes").value
    bearers = bearer_schemes(spec.document)
    expect(bearers, "no HTTP bearer scheme is declared", expected="type http, scheme bearer", observed=declared)
    operations = operations_of_subject(spec, endpoint)
    wrong = [f"{one.label} {told}" for one in operations if (told := wrong_with(one))]
    expect_none(wrong, "a client would send no key", expected=f"security that names {' or '.join(sorted(bearers))}")
    return f"a bearer token is required, as {' or '.join(sorted(bearers))}"
