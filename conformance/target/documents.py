"""The published spec (overview › OpenAPI specification) as knowledge about a target, read tolerantly.

A spec is data of the target's: whatever is missing or malformed reads as absent. References are followed within the
document only ("#/..."), never to a file or another host, and only so far.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.contract.resources import SPEC_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

KEPT_BACK = frozenset({401, 403})
"""RFC 9110: Unauthorized, Forbidden."""
USUAL = ("q", "query", "search", "text", "term", "filter[q]", "keyword")
"""Names that search parameters usually have, most usual first."""
DEEPEST = 8
"""References to references, and schemas in schemas, are followed so far: the end of any circle."""
MOST = 500
"""A schema is merged from so many parts at most: schemas made of each other can have more than a computer can count."""
_VERSION = re.compile(r"^(?:/[^/{}]+)*?/v\d+(?=/)")
_PARAMETER = re.compile(r"\{[^{}]*\}")
_JSON_TYPES = ("application/json", "application/*", "*/*")


async def spec_exchange(target: Target) -> Exchange:
    """Fetch the published spec without a key, or with one where it is refused without (AUT-05 judges that)."""
    exchange = await target.once("spec", lambda: target.get(SPEC_PATH, role=None))
    if exchange.status in KEPT_BACK:
        return await target.once("spec with the key", lambda: target.get(SPEC_PATH))
    return exchange


async def spec(target: Target) -> Resource:
    """Return the published spec; {} where none is served as a JSON object."""
    exchange = await spec_exchange(target)
    value = exchange.json if exchange.response is not None and exchange.response.is_json else None
    return as_object(value)


def as_object(value: object) -> Resource:
    """Return `value` where it is an object, {} where it is anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return `value` where it is an array, [] where it is anything else."""
    return value if isinstance(value, list) else []


def resolve(document: Resource, value: object) -> Resource:
    """Return the object that `value` is or refers to; {} where a reference leads nowhere, outside or in a circle."""
    found = as_object(value)
    for _ in range(DEEPEST):
        reference = found.get("$ref")
        if not isinstance(reference, str):
            return found
        found = _at(document, reference)
    return {}


def _at(document: Resource, reference: str) -> Resource:
    if not reference.startswith("#/"):
        return {}
    found: Any = document
    for part in reference[2:].split("/"):
        found = as_object(found).get(unquote(part).replace("~1", "/").replace("~0", "~"))
    return as_object(found)


def merged(document: Resource, schema: object) -> Resource:
    """Return a schema as one: its reference resolved, and what `allOf` adds to it merged in.

    A schema that is made of itself, or of more parts than MOST, is merged as far as that.
    """
    return combined(_parts(document, schema))


def _parts(document: Resource, schema: object) -> list[Resource]:
    """Return what a schema is made of, the last word last: itself after all of its `allOf`."""
    found: list[Resource] = []
    left: list[tuple[object, int]] = [(schema, DEEPEST)]
    while left and len(found) < MOST:
        part, depth = left.pop()
        own = resolve(document, part)
        found.append({name: value for name, value in own.items() if name != "allOf"})
        left.extend((inner, depth - 1) for inner in as_list(own.get("allOf")) if depth)
    return found[::-1]


def combined(schemas: Iterable[Resource]) -> Resource:
    """Return schemas that all hold as one: properties and what is required united, of anything else the last."""
    whole: Resource = {}
    for schema in schemas:
        properties = as_object(whole.get("properties")) | as_object(schema.get("properties"))
        required = [*as_list(whole.get("required")), *as_list(schema.get("required"))]
        whole |= schema
        whole |= {"properties": properties} if properties else {}
        whole |= {"required": list(dict.fromkeys(map(str, required)))} if required else {}
    return whole


def below_base(template: str) -> str:
    """Return a path as it is below the base URL, every parameter written {}.

    The spec may write its paths with the version segment of the base URL or without.
    """
    return _VERSION.sub("", _PARAMETER.sub("{}", template).rstrip("/"))


def paths(document: Resource) -> Resource:
    """Return the path items by their paths below the base URL, every parameter written {}."""
    found: Resource = {}
    for template, item in as_object(document.get("paths")).items():
        found.setdefault(below_base(template), item)
    return found


def path_item(document: Resource, path: str) -> Resource:
    """Return what is declared of `path`, a template below the base URL; the names of its parameters don't matter."""
    return resolve(document, paths(document).get(_PARAMETER.sub("{}", path)))


def operation(document: Resource, method: str, path: str) -> Resource | None:
    """Return the operation of a method on `path`, as `path_item` finds it; None where none is declared."""
    declared = path_item(document, path).get(method.lower())
    return declared if isinstance(declared, dict) else None


def json_content(document: Resource, declared: Resource) -> Resource:
    """Return the media type object of an operation's JSON request body (schema, example); {} where it takes none."""
    return _json_media(resolve(document, declared.get("requestBody")))


def response_schema(document: Resource, declared: Resource, status: str = "200") -> Resource:
    """Return the schema of an operation's JSON answer of a status, or of its class; {} where none is told."""
    responses = as_object(declared.get("responses"))
    response = resolve(document, responses.get(status, responses.get(f"{status[0]}XX", responses.get("default"))))
    return merged(document, _json_media(response).get("schema"))


def _json_media(part: Resource) -> Resource:
    """Return the media type object of JSON in a request body or a response."""
    content = as_object(part.get("content"))
    by_type = {str(name).partition(";")[0].strip().lower(): as_object(media) for name, media in content.items()}
    return next((by_type[name] for name in _JSON_TYPES if name in by_type), {})


def demanded_scopes(document: Resource, declared: Resource) -> tuple[str, ...]:
    """Return the scopes that an operation's security requirements name, its own or the document's."""
    return tuple(dict.fromkeys(scope for scopes in demands(document, declared) for scope in scopes))


def demands(document: Resource, declared: Resource) -> tuple[tuple[str, ...], ...]:
    """Return the scopes that go together in each of an operation's security requirements, of which one is enough."""
    requirements = as_list(declared.get("security", document.get("security")))
    named = ([scope for scopes in as_object(one).values() for scope in as_list(scopes)] for one in requirements)
    return tuple(tuple(scope for scope in scopes if isinstance(scope, str)) for scopes in named)


def in_query(document: Resource, path: str) -> dict[str, Resource]:
    """Return the parameters of a GET's query by name, as the spec declares them."""
    item = path_item(document, path)
    declared = [*as_list(item.get("parameters")), *as_list(as_object(item.get("get")).get("parameters"))]
    resolved = [resolve(document, parameter) for parameter in declared]
    return {str(one.get("name")): one for one in resolved if one.get("in") == "query"}


def query_parameter(document: Resource, path: str = "/search") -> str | None:
    """Return the name of the parameter that takes the text to search for, as the spec declares it."""
    named = in_query(document, path)
    usual = next((name for name in USUAL if name in named), None)
    return usual or next((name for name, one in named.items() if one.get("required")), None)
