"""The published spec: the reference's own contract, naming the server at which it was asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reference.spec import specification

if TYPE_CHECKING:
    from collections.abc import Mapping


HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:]+\](:[0-9]+)?")


def published(host: str) -> Mapping[str, Any]:
    """Give the document, with the base URL as the client wrote it, so that generated clients and Postman can use it."""
    base = f"http://{host}/v1" if HOST.fullmatch(host) else "/v1"
    document = specification().document
    return {**document, "servers": [{**document["servers"][0], "url": base}]}
