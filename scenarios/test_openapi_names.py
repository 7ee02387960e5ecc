"""SPC: what generated clients take their names and addresses from (overview › OpenAPI specification, Postman)."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from conformance.contract.resources import LIST, RESOURCES
from conformance.judging.expect import expect
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable
from conformance.openapi.audit.generating import GENERATOR, generate
from conformance.openapi.document.operations import Operation, is_spec_itself, json_schema_of
from conformance.openapi.document.published import Published, published
from conformance.openapi.document.shapes import is_component, is_page, resource_in
from conformance.target.documents import as_list, as_object
from scenarios._openapi import expect_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.target.target import Target

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_VERSIONED = re.compile(r"/v\d+/?$")
_VERSION = re.compile(r"(?:^|/)v\d+/")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_ELSEWHERE = tuple(one.path for one in RESOURCES if one.name not in {"employees", "observations", "summaries"})
"""The resources whose component schemas the documents don't name."""


def method_name(operation_id: str) -> str:
    """Write an operationId as generators write a method's name: list_observations of listObservations."""
    return "_".join(_WORDS.findall(operation_id)).lower()


@judges("SPC-12")
async def test_every_operation_has_an_id_fit_for_a_name(target: Target) -> str:
    """Each has an operationId with a letter in it, and no two make the same method of the same class."""
    spec = await published(target)
    expect_none(_nameless(spec), "an operation has no name of its own", expected="an operationId for each operation")
    return f"all {len(spec.operations)} operations have names"


def _nameless(spec: Published) -> Iterator[str]:
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for operation in spec.operations:
        told = operation.own.get("operationId")
        name = method_name(told) if isinstance(told, str) else ""
        if not re.search("[a-z]", name):
            yield f"{operation.label} has the operationId {told!r}"
        else:
            named[str(as_list(operation.own.get("tags"))[:1]), name].append(operation.label)
    yield from (f"{' and '.join(same)} are both {name}" for (_, name), same in named.items() if len(same) > 1)


@judges("SPC-12")
async def test_a_client_can_be_generated(target: Target) -> str:
    """A common generator makes a client of the spec, and every module of it can be imported."""
    spec = await published(target)
    client = await generate(spec.document)
    expect(
        not client.wrong,
        f"{GENERATOR} makes no client of the spec: {client.wrong}",
        expected="a client that can be imported",
        observed=client.wrong,
    )
    left_out = f"; of {len(client.warnings)} parts it says that it can't make them" if client.warnings else ""
    return f"{GENERATOR} makes a client of {client.modules} modules{left_out}"


@judges("SPC-13")
async def test_every_resource_has_one_tag_of_its_own(target: Target) -> str:
    """Each operation has exactly one tag, a resource's operations have the same, and no two resources share one."""
    spec = await published(target)
    expect_none(_mistagged(spec), "the tags make no folder a resource", expected="one tag for each resource")
    return "every resource has one tag of its own"


def _mistagged(spec: Published) -> Iterator[str]:
    for operation in spec.operations:
        tags = as_list(operation.own.get("tags"))
        if len(tags) != 1 and not is_spec_itself(operation):
            yield f"{operation.label} has {len(tags)} tags"
    tagged = _tags_by_resource(spec)
    for name, tags_of_one in tagged.items():
        if len(tags_of_one) > 1:
            yield f"the operations of {name} have the tags {', '.join(sorted(tags_of_one))}"
    for tag in sorted({tag for tags_of_one in tagged.values() for tag in tags_of_one}):
        sharing = [name for name, tags_of_one in tagged.items() if tag in tags_of_one]
        if len(sharing) > 1:
            yield f"{' and '.join(sharing)} share the tag {tag}"


def _tags_by_resource(spec: Published) -> Mapping[str, set[str]]:
    """Return the tags of each documented resource: on its path, its items, and what is done with those by POST."""
    tagged: dict[str, set[str]] = {}
    for resource in RESOURCES:
        own = re.compile(rf"{resource.path}(/\{{\}}(/[^/{{}}]+)?)?")
        operations = [one for one in spec.operations if own.fullmatch(one.path) and _is_its_own(one)]
        tagged[resource.name] = {str(tag) for one in operations for tag in as_list(one.own.get("tags"))[:1]}
    return tagged


def _is_its_own(operation: Operation) -> bool:
    return operation.path.count("/") < 3 or operation.method == "POST"


@judges("SPC-14")
async def test_the_servers_end_in_the_version_segment(target: Target) -> str:
    """The URL of a server, read against the spec's own, ends in the version; unless the paths begin with it."""
    spec = await published(target)
    urls = [urljoin(spec.url, one) for one in _servers(spec)]
    in_paths = any(_VERSION.search(one.template) for one in spec.operations)
    doubled = [url for url in urls if _VERSIONED.search(url)]
    if in_paths:
        expect(not doubled, f"the paths and {', '.join(doubled)} both have the version", expected="the version once")
        raise NotApplicable("the paths of the spec have the version segment")
    expect(doubled, f"no server ends in the version segment: {', '.join(urls)}", expected=".../v1", observed=urls)
    return f"servers name {', '.join(doubled)}"


def _servers(spec: Published) -> list[str]:
    """Return the URLs of the servers of the observation list, their variables filled with defaults; "/" without any."""
    operation = spec.find(LIST.method, LIST.path)
    holders = [operation.own, operation.item] if operation is not None else []
    declared: list[object] = next(
        (one["servers"] for one in (*holders, spec.document) if as_list(one.get("servers"))), []
    )
    urls = [_filled(as_object(one)) for one in declared]
    return urls or ["/"]


def _filled(server: Mapping[str, object]) -> str:
    variables = as_object(server.get("variables"))

    def default(match: re.Match[str]) -> str:
        return str(as_object(variables.get(match[1])).get("default", match[0]))

    return _VARIABLE.sub(default, str(server.get("url", "/")))


@judges("SPC-15", over=_ELSEWHERE)
async def test_the_resource_is_a_component_schema(target: Target, resource: str) -> str:
    """The schema of a single one is reached by a reference, in the list or in the item."""
    spec = await published(target)
    operations = [one for one in spec.operations if one.method == "GET" and one.path in {resource, f"{resource}/{{}}"}]
    answers = [answer for one in operations for answer in one.successes]
    schemas = [schema for schema in map(json_schema_of, answers) if schema is not None]
    if not schemas:
        raise Blocked(f"the spec has no schema of what GET {resource} answers")
    expect(
        any(is_component(resource_in(schema)) or (not is_page(schema) and is_component(schema)) for schema in schemas),
        f"the schema of a single one of {resource} is written inline",
        expected="a $ref to components.schemas",
        observed=[schema.pointer for schema in schemas],
    )
    return f"the schema of {resource} is a component"
