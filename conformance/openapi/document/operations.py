"""The operations of a spec, one by one, with what path items and references add to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.contract.resources import OPERATIONS, RESOURCES, SPEC_PATH
from conformance.contract.resources import Operation as Documented
from conformance.openapi.document.pointers import Place, pointer
from conformance.target.documents import as_list, as_object, below_base, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.target.reading import Resource

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
OTHERS = "others"
"""The subject of all operations that the documents don't spell out."""
_JSON = ("application/json", "application/*", "*/*")


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation as a spec declares it.

    `template` is its path as written, `path` the same below the base URL with every parameter written {};
    `item` is the path item and `own` the operation object.
    """

    method: str
    template: str
    path: str
    item: Resource
    own: Resource
    document: Resource = field(repr=False)

    @property
    def label(self) -> str:
        """The operation as a person would name it: "GET /observations/{id}"."""
        return f"{self.method} {self.template}"

    @property
    def path_names(self) -> Sequence[str]:
        """The names of the parameters that are each a whole segment of the path, in its order."""
        return [part[1:-1] for part in self.template.split("/") if part.startswith("{") and part.endswith("}")]

    @property
    def place(self) -> str:
        """The JSON pointer of the operation object; a path item that is a reference is not followed in it."""
        return pointer("paths", self.template, self.method.lower())

    @cached_property
    def parameters(self) -> Mapping[tuple[str, str], Resource]:
        """The parameters by place and name, those of the path item included; its own have the last word."""
        declared = [*as_list(self.item.get("parameters")), *as_list(self.own.get("parameters"))]
        resolved = [resolve(self.document, one) for one in declared]
        return {(str(one.get("in")), str(one.get("name"))): one for one in resolved if one}

    @cached_property
    def responses(self) -> Mapping[str, Place]:
        """The responses by status, range ("2XX", in upper case) or "default"; references followed."""
        base = Place(self.document, as_object(self.own.get("responses")), f"{self.place}/responses")
        return {str(status).upper().replace("DEFAULT", "default"): base.at(status) for status in base.value}

    def response(self, status: int) -> Place | None:
        """Return what is declared for a status: itself, its range, or the default."""
        wanted = (str(status), f"{status // 100}XX", "default")
        return next((self.responses[one] for one in wanted if one in self.responses), None)

    @property
    def successes(self) -> Sequence[Place]:
        """The responses to a success, the default where no other is declared."""
        declared = [place for status, place in self.responses.items() if status.startswith("2")]
        return declared or [place for status, place in self.responses.items() if status == "default"]

    @property
    def request_body(self) -> Place:
        """The request body; empty where none is declared."""
        return Place(self.document, self.own, self.place).at("requestBody")

    @property
    def security(self) -> Sequence[Any]:
        """The security requirements that hold: its own, or the document's."""
        return as_list(self.own.get("security", self.document.get("security")))


def json_schema_of(content_holder: Place) -> Place | None:
    """Return the schema of a response's or request body's JSON content, as it is written; None where there is none."""
    content = content_holder.at("content")
    by_type = {str(name).partition(";")[0].strip().lower(): name for name in content.value}
    named = [by_type[one] for one in _JSON if one in by_type]
    named += [name for bare, name in by_type.items() if bare.endswith("+json")]
    media = content.at(named[0]) if named else None
    return media.raw("schema") if media is not None and isinstance(media.value.get("schema"), dict) else None


def operations_of(document: Resource) -> Iterator[Operation]:
    """Give every operation of a document, in its order."""
    for template, declared in as_object(document.get("paths")).items():
        item = resolve(document, declared) if template.startswith("/") else {}
        for method in METHODS:
            if isinstance(item.get(method), dict):
                yield Operation(method.upper(), template, below_base(template), item, item[method], document)


def is_spec_itself(operation: Operation) -> bool:
    """Tell whether this is the operation that serves the spec."""
    return operation.path == SPEC_PATH


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A documented endpoint: GET on a resource, or one of the six operations on observations."""

    method: str
    path: str
    documented: Documented | None = None

    @property
    def label(self) -> str:
        """The endpoint as a test id and a report name it."""
        return f"{self.method} {self.path}"

    def describes(self, operation: Operation) -> bool:
        """Tell whether an operation of a spec is this endpoint."""
        return (operation.method, operation.path) == (self.method, below_base(self.path))


ENDPOINTS: Mapping[str, Endpoint] = {
    one.label: one
    for one in (
        *(Endpoint("GET", resource.path) for resource in RESOURCES if resource.name != "observations"),
        *(Endpoint(operation.method, operation.path, operation) for operation in OPERATIONS),
    )
}
"""Every documented endpoint but the spec's own, by label."""


_LABELS = {(one.method, below_base(one.path)): one.label for one in ENDPOINTS.values()}


def subject_of(operation: Operation) -> str:
    """Return the label of the documented endpoint that an operation is, or OTHERS."""
    return _LABELS.get((operation.method, operation.path), OTHERS)
