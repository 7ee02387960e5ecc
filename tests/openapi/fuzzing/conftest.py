"""A small spec with one of everything that is read, and targets that are fuzzed in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.judging.embedded import ROLES
from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.fuzzer import fuzz
from conformance.openapi.fuzzing.questions import Twin
from conformance.reference import HONEST, Behaviour, Reference
from conformance.target.means import NONE, Means
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from conformance.openapi.fuzzing.bounds import Bounds
    from conformance.openapi.fuzzing.findings import Fuzzed

BASE_URL = "http://reference.test/v1"
RESPONSES = {"200": {"description": "Done."}}


def query(name: str, schema: dict[str, Any], **more: object) -> dict[str, Any]:
    """Write a query parameter."""
    return {"name": name, "in": "query", "schema": schema, **more}


BODY = {
    "type": "object",
    "required": ["title", "employee_id"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 10},
        "employee_id": {"type": "string"},
        "note": {"type": "string"},
        "mark": {"type": "string", "nullable": True, "maxLength": 20},
        "rank": {"type": "integer", "minimum": 1, "maximum": 5},
        "on": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["one", "two"]},
        "day": {"type": "string", "format": "date"},
        "contact": {"type": "string", "format": "email", "maxLength": 80},
        "link": {"type": "string", "format": "uri"},
        "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "maxItems": 2, "uniqueItems": True},
        "id": {"type": "string", "maxLength": 5, "readOnly": True},
        "old": {"type": "string", "maxLength": 5, "deprecated": True},
    },
}
DATES = r"^\d{4}-\d{2}-\d{2}(,\d{4}-\d{2}-\d{2})*$"
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Small", "version": "1"},
    "paths": {
        "/things": {
            "get": {
                "parameters": [
                    query("limit", {"type": "integer", "minimum": 1, "maximum": 100}),
                    query("cursor", {"type": "string", "minLength": 1}),
                    query("sort", {"type": "array", "items": {"enum": ["a", "-a"]}}, style="form", explode=False),
                    query("expand", {"type": "string", "enum": ["owner"]}),
                    query("q", {"type": "string", "maxLength": 50}, required=True),
                    query("filter[kind]", {"type": "string", "enum": ["one", "two"]}),
                    query("filter[day]", {"type": "string", "format": "date"}),
                    query("filter[at]", {"type": "string", "format": "date-time"}),
                    query("filter[due_date][in]", {"type": "string", "pattern": DATES}),
                    query("filter[rank]", {"type": "integer"}),
                    query("filter[on]", {"type": "boolean"}),
                    query("filter[owner_id]", {"type": "string", "maxLength": 30}),
                    query("filter[tag]", {"type": "array", "items": {"type": "string", "minLength": 2}}),
                    query("old", {"type": "integer"}, deprecated=True),
                    {"name": "X-Colour", "in": "header", "schema": {"type": "string", "enum": ["red"]}},
                ],
                "responses": RESPONSES,
            },
            "post": {
                "parameters": [
                    {"name": "Idempotency-Key", "in": "header", "schema": {"minLength": 1, "maxLength": 40}},
                ],
                "requestBody": {"content": {"application/json": {"schema": BODY}}},
                "responses": RESPONSES,
            },
        },
        "/things/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^thg_"}}
                ],
                "responses": RESPONSES,
            },
            "patch": {
                "requestBody": {"content": {"application/json": {"schema": BODY | {"required": []}}}},
                "responses": RESPONSES,
            },
        },
        "/observations/{id}": {
            "patch": {
                "requestBody": {"content": {"application/json": {"schema": {
                    "properties": {"type": {"enum": ["strength"]}, "impact": {"type": "string", "maxLength": 9}}
                }}}},
                "responses": RESPONSES,
            },
        },
    },
}  # fmt: skip


def answer(status: int = 200, body: bytes = b"{}", *, number: int = 1) -> Exchange:
    """Make an answered exchange."""
    request = Request("GET", f"{BASE_URL}/things", "/things")
    return Exchange(number, request, Response(status, (("Content-Type", "application/json"),), body))


@pytest.fixture(scope="session")
def spec() -> Published:
    """Give the small spec."""
    return Published(DOCUMENT, answer())


def twin_of(spec: Published, label: str) -> Twin:
    """Give the accepted plain request of an operation of the small spec."""
    operation = next(one for one in spec.operations if one.label == label)
    path = operation.path.replace("{}", "thg_1")
    body = {"title": "Fine", "employee_id": "emp_1"} if operation.method == "POST" else {"title": "Fine"}
    if operation.path.startswith("/observations"):
        body = {"impact": "Fine"}
    if operation.method == "GET":
        return Twin(operation, path, {"q": ("x",)} if path == "/things" else {}, exchange=answer())
    return Twin(operation, path, {}, body, exchange=answer())


Fuzzing = Callable[..., tuple["Fuzzed", Target, Reference]]


@pytest.fixture
def fuzzing() -> Fuzzing:
    """Give what fuzzes a reference of a behaviour, within bounds, and gives what came of it."""

    def run(
        bounds: Bounds, behaviour: Behaviour = HONEST, *, means: Means = NONE, seed: int = 0, **settings: object
    ) -> tuple[Fuzzed, Target, Reference]:
        return asyncio.run(_fuzz(bounds, behaviour, means, seed, settings))

    return run


async def _fuzz(
    bounds: Bounds, behaviour: Behaviour, means: Means, seed: int, settings: dict[str, object]
) -> tuple[Fuzzed, Target, Reference]:
    reference = Reference(behaviour)
    transport = httpx.ASGITransport(reference.asgi, raise_app_exceptions=False)
    keys = {role: getattr(reference.keys, name) for name, role in ROLES.items()}
    given: dict[str, Any] = {"base_url": BASE_URL, "settle": 0.3, "leave_data": True} | settings
    chosen = Settings(**given)
    async with Client(BASE_URL, keys, run_id="trial", transport=transport) as client:
        target = Target(client, chosen, run_id="trial", means=means, seed=seed)
        return await fuzz(target, bounds), target, reference
