"""The reference's contract, read once from openapi.yaml: operations, their parameters, and resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import yaml

Schema = Mapping[str, Any]
FILTER = re.compile(r"filter\[([^\[\]]+)\](?:\[([^\[\]]+)\])?")


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter of an operation; a filter knows its field and operator."""

    name: str
    location: str
    required: bool
    explode: bool
    schema: Schema

    @cached_property
    def filter(self) -> tuple[str, str] | None:
        """Give the field and operator that it filters by, or None where it is no filter."""
        match = FILTER.fullmatch(self.name)
        return (match[1], match[2] or ("in" if self.schema["type"] == "array" else "eq")) if match else None


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation: what it is called, where it is, what it takes and which scope it asks for."""

    id: str
    method: str
    path: str
    tag: str
    scope: str | None
    public: bool
    parameters: Mapping[str, Parameter]
    body: Schema | None
    creates: bool

    @property
    def segments(self) -> tuple[str, ...]:
        """Give the path's segments, without the version."""
        return tuple(self.path.strip("/").split("/"))


@dataclass(frozen=True, eq=False)
class Relation:
    """A relation that can be expanded: the field it stands in for, and the resource it leads to."""

    name: str
    field: str
    target: str
    many: bool


@dataclass(frozen=True, eq=False)
class Resource:
    """A kind of thing: its schema's name, its properties, and what it relates to."""

    name: str
    properties: Mapping[str, Schema]
    relations: Mapping[str, Relation]

    @property
    def prefix(self) -> str:
        """Give what its identifiers begin with."""
        return str(self.properties["id"]["pattern"]).removeprefix("^").split("_")[0]

    @cached_property
    def fields(self) -> Mapping[str, Schema]:
        """Give the properties that are stored, with their schemas."""
        return {name: schema for name, schema in self.properties.items() if name not in self.relations}

    @cached_property
    def instants(self) -> frozenset[str]:
        """Give the properties that are date-times."""
        return frozenset(name for name, schema in self.fields.items() if schema.get("format") == "date-time")

    @cached_property
    def served(self) -> tuple[str, ...]:
        """Give the properties that are served wherever the resource is: all but a secret, shown once."""
        return tuple(name for name in self.fields if name != "secret")


class Specification:
    """The document as a whole, with its references resolved where a request needs them."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.operations = tuple(self._operations())
        self.resources = {name: self._resource(name) for name in self._resource_names()}
        self.of_tag = dict(self._tags())

    def resolve(self, schema: Any) -> Any:  # noqa: ANN401 - a part of a document can be anything
        """Give a part of the document with every reference in it replaced by what it refers to."""
        if isinstance(schema, Mapping):
            if "$ref" in schema:
                return self.resolve(self._at(schema["$ref"]))
            return {key: self.resolve(value) for key, value in schema.items()}
        return [self.resolve(value) for value in schema] if isinstance(schema, list) else schema

    def _at(self, reference: str) -> Any:  # noqa: ANN401 - likewise
        found: Any = self.document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return found

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield self._operation(path, method, operation)

    def _operation(self, path: str, method: str, operation: Schema) -> Operation:
        parameters = [self._parameter(self.resolve(parameter)) for parameter in operation["parameters"]]
        content = operation.get("requestBody", {}).get("content", {})
        return Operation(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            tag=operation["tags"][0],
            scope=operation.get("x-required-scope"),
            public=operation.get("security") == [],
            parameters={parameter.name: parameter for parameter in parameters},
            body=self.resolve(content["application/json"]["schema"]) if content else None,
            creates="201" in operation["responses"],
        )

    @staticmethod
    def _parameter(parameter: Schema) -> Parameter:
        return Parameter(
            name=parameter["name"],
            location=parameter["in"],
            required=parameter.get("required", False),
            explode=parameter.get("explode", True),
            schema=parameter["schema"],
        )

    def _resource_names(self) -> Iterator[str]:
        for name, schema in self.document["components"]["schemas"].items():
            if "id" in schema.get("properties", {}):
                yield name

    def _resource(self, name: str) -> Resource:
        properties = self.document["components"]["schemas"][name]["properties"]
        relations = {key: relation(key, schema) for key, schema in properties.items() if "x-expands" in schema}
        return Resource(name, properties, relations)

    def _tags(self) -> Iterator[tuple[str, str]]:
        for operation in self.operations:
            if operation.id.startswith(("list", "search")):
                response = self.document["paths"][operation.path]["get"]["responses"]["200"]
                page = response["content"]["application/json"]["schema"]
                yield operation.tag, page["properties"]["data"]["items"]["$ref"].rsplit("/", 1)[-1]


def relation(name: str, schema: Schema) -> Relation:
    """Read a relation from the property that holds it once expanded."""
    many = schema.get("type") == "array"
    target = schema["items"] if many else (schema.get("allOf") or schema["anyOf"])[0]
    return Relation(name, schema["x-expands"], target["$ref"].rsplit("/", 1)[-1], many)


@cache
def specification() -> Specification:
    """Read openapi.yaml, once a process."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("conformance.reference").joinpath("openapi.yaml").read_text("utf-8")
    return Specification(yaml.load(text, Loader=loader))  # noqa: S506 - both loaders are the safe ones
