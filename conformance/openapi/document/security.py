"""Which operations of a spec require a bearer token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.openapi.document.pointers import Place
from conformance.target.documents import as_object

if TYPE_CHECKING:
    from conformance.openapi.document.operations import Operation
    from conformance.target.reading import Resource


def bearer_schemes(document: Resource) -> frozenset[str]:
    """Return the names of the schemes that are HTTP bearer, which RFC 9110 lets be written in any case."""
    declared = Place(document, document, "").at("components").at("securitySchemes")
    schemes = {name: declared.at(name).value for name in declared.value}
    return frozenset(
        name
        for name, scheme in schemes.items()
        if scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "bearer"
    )


def wrong_with(operation: Operation) -> str:
    """Say why a client would not send its key with an operation; "" where it would."""
    bearers = bearer_schemes(operation.document)
    alternatives = [frozenset(as_object(one)) for one in operation.security]
    if not alternatives:
        return "requires no key"
    if frozenset() in alternatives:
        return "leaves the key to the client"
    return "" if any(bearers & one for one in alternatives) else "requires another scheme than HTTP bearer"
