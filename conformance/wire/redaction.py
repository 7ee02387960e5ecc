"""Take secrets out of everything before it is kept, and leave the rest as it was."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from conformance.errors import NotJSON
from conformance.wire.exchange import JSON, Attempt, Pairs, Request, Response, parse
from conformance.wire.secrets import PIECE, Secret, unescape

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOKALIKES = (
    (re.compile(r"pb_(?:live|test)_[A-Za-z0-9_-]{8,}"), "[redacted_key]"),
    (re.compile(r"whsec_[A-Za-z0-9+/_-]{8,}={0,2}"), "[redacted_secret]"),
    (re.compile(r'("\w*(?:secret|signing_?key)\w*"\s*:\s*")(?:[^"\\]|\\.)+', re.IGNORECASE), r"\1[redacted_secret]"),
)
"""Keys and signing secrets that nobody told us of, told by shape (overview, Standard request headers) or by the name of
their JSON member."""

_SHORT = 120  # characters of what is worth remembering: longer texts are bodies, and hardly any comes twice

_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_OPAQUE = frozenset({"cookie", "set-cookie", "x-api-key"})


class Redactor:
    """Replace each secret by the name of the environment variable it came from: "[PB_API_KEY]".

    A secret is found as it is, in any case, percent-encoded, JSON-escaped, as character references, in base64
    at any alignment, in hexadecimal, in UTF-16, and as a piece of PIECE characters or more. JSON stays JSON.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        by_value = {value: Secret(name, value) for name, value in reversed(tuple(secrets.items())) if value}
        # the longest first, so that a secret which begins like another one is not cut in two
        self._secrets = tuple(sorted(by_value.values(), key=lambda secret: -len(secret.value)))
        self._again = lru_cache(maxsize=4096)(self._clean)  # header names and values come back a thousand times

    def plus(self, secrets: Mapping[str, str]) -> Redactor:
        """Give a redactor that takes out these secrets, too."""
        return Redactor({**{secret.name: secret.value for secret in self._secrets}, **secrets})

    def text(self, text: str) -> str:
        """Take secrets, and what looks like one, out of a text."""
        return self._again(text) if len(text) <= _SHORT else self._clean(text)

    def _clean(self, text: str) -> str:
        unescaped = unescape(text)
        for secret in self._secrets:
            text = secret.replace(text, unescaped)
        for pattern, placeholder in _LOOKALIKES:
            text = pattern.sub(placeholder, text)
        return text

    def octets(self, octets: bytes) -> bytes:
        """Take secrets out of a body; a body that parsed as JSON still does."""
        before = octets.decode("latin-1")  # one character an octet: whatever the body is, it comes back whole
        after = self.text(before)
        if after == before:
            return octets
        redacted = after.encode("latin-1")
        return redacted if _is_json(redacted) or not _is_json(octets) else self._rewritten(octets)

    def headers(self, headers: Pairs) -> Pairs:
        """Take secrets out of header fields; of credentials only the scheme is kept."""
        return tuple((self.text(name), self._field(name.lower(), value)) for name, value in headers)

    def request(self, request: Request) -> Request:
        """Give the request without secrets."""
        return replace(
            request,
            url=self.text(request.url),
            path=self.text(request.path),
            query=tuple((self.text(name), self.text(value)) for name, value in request.query),
            headers=self.headers(request.headers),
            body=self.octets(request.body),
        )

    def response(self, response: Response) -> Response:
        """Give the response without secrets."""
        return replace(response, headers=self.headers(response.headers), body=self.octets(response.body))

    def attempt(self, attempt: Attempt) -> Attempt:
        """Give the attempt with a fault that names no secret."""
        return replace(attempt, fault=self.text(attempt.fault)) if attempt.fault else attempt

    def repeats_key(self, request: Request, response: Response | None) -> bool:
        """Whether the response holds, in any spelling, the whole token that the (unredacted) request sent."""
        token = (request.header("authorization") or "").partition(" ")[2].strip()
        known = {secret.value: secret for secret in self._secrets}
        if response is None or (token not in known and len(token) < PIECE):
            return False  # a made-up token such as "x" stands in many an honest answer
        secret = known.get(token) or _made_up(token)
        text = "\n".join((*(value for _, value in response.headers), response.body.decode("latin-1")))
        return secret.is_in(text, unescape(text))

    def _field(self, name: str, value: str) -> str:
        if name in _OPAQUE:
            return "[redacted]"
        value = self.text(value)
        if name not in _CREDENTIALS:
            return value
        scheme, space, token = value.partition(" ")
        shown = {secret.placeholder for secret in self._secrets}
        if not space:
            return scheme if scheme.lower() in {"", "bearer", "basic"} else "[redacted]"
        return value if token.strip() in {"", *shown} else f"{scheme} [redacted]"

    def _rewritten(self, octets: bytes) -> bytes:
        """Redact value by value and write the JSON anew: the way for secrets that stand outside strings."""
        return json.dumps(self._value(parse(octets)), ensure_ascii=False).encode("utf-8", "backslashreplace")

    def _value(self, value: JSON) -> JSON:
        if isinstance(value, dict):
            return {self.text(name): self._value(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        written = value if isinstance(value, str) else json.dumps(value)
        redacted = self.text(written)
        return value if redacted == written else redacted


def _is_json(octets: bytes) -> bool:
    try:
        parse(octets)
    except NotJSON:
        return False
    return True


@lru_cache(maxsize=64)
def _made_up(token: str) -> Secret:
    """Give the spellings of a token that a check invented; a run uses the same few again and again."""
    return Secret("made_up", token)
