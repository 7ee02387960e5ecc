"""Turn what a check asks for into the octets of one request."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import httpx

from conformance.errors import UsageProblem
from conformance.wire.exchange import JSON, Pairs, Request
from conformance.wire.roles import KEY

Query: TypeAlias = Sequence[tuple[str, str]] | Mapping[str, str] | str


class Absent(enum.Enum):
    """The type of ABSENT, which stands for no body where None would be the JSON null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

_VISIBLE = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAK = re.compile(r"[\r\n\0]")


@dataclass(frozen=True)
class Ask:
    """What a check wants sent; the words of Client.send.

    `beside` is a path that stands in the place of the base URL's own, on the same host: what is asked is then no
    part of the API. "" is the root of the host.
    """

    method: str
    path: str
    query: Query = ()
    headers: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    json: JSON = ABSENT
    content: bytes | None = None
    role: str | None = KEY
    beside: str | None = None


@dataclass(frozen=True)
class Outgoing:
    """One request, ready to be sent any number of times."""

    request: Request = field(repr=False)
    base_url: str

    def to_httpx(self, connect_timeout: float) -> httpx.Request:
        """Give httpx's form of it, with a request line that is ours to the octet."""
        made = _httpx(self.request)
        made.extensions = {"timeout": {"connect": connect_timeout}}
        wanted = (urlsplit(self.base_url).path + self.request.target).encode("ascii")
        if made.url.raw_path != wanted:  # httpx tidies dot segments and stray percent signs
            made.extensions["target"] = wanted
        return made


def build(base_url: str, ask: Ask, defaults: Mapping[str, str]) -> Outgoing:
    """Make the request that `ask` describes. Raises UsageProblem where it can't be one."""
    _check(ask)
    base_url = base_url if ask.beside is None else _host(base_url) + _legal(ask.beside)
    path, query = _legal(ask.path), _written(ask.query)
    request = Request(
        method=ask.method,
        url=f"{base_url}{path}?{query}" if query else f"{base_url}{path}",
        path=path,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers=_headers(ask, defaults),
        body=_body(ask),
        role=ask.role or "",
        beside=ask.beside is not None,
    )
    return Outgoing(base_url=base_url, request=replace(request, headers=_completed(request)))


def in_clear(base_url: str) -> str:
    """Give the plain-http twin of an https base URL: at the port that it names, else at that of http."""
    parts = urlsplit(base_url)
    authority = parts.netloc.removesuffix(":443") if parts.port == 443 else parts.netloc  # noqa: PLR2004  # RFC 9110: https
    return f"http://{authority}{parts.path}"


def _host(base_url: str) -> str:
    """Give the scheme and authority of a base URL: whatever path follows, a key goes nowhere else."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def check_base_url(base_url: str) -> str:
    """Give the base URL without its closing slash. Raises UsageProblem for one that can't be used."""
    shown = re.sub(r"//.*@", "//...@", base_url)
    try:
        parts = httpx.URL(base_url)
    except httpx.InvalidURL as problem:
        raise UsageProblem(f"{shown!r} is no base URL: {problem}", "write it as https://host/v1") from None
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise UsageProblem(f"{shown!r} is no base URL", "write it as https://host/v1")
    if parts.userinfo or parts.query or parts.fragment:
        raise UsageProblem(
            "A base URL is scheme, host and path only, without user, query or fragment",
            "write it as https://host/v1; keys come by environment",
        )
    return base_url.rstrip("/")


def _check(ask: Ask) -> None:
    if not _TOKEN.fullmatch(ask.method):
        raise UsageProblem(f"{ask.method!r} is no method name", "a method is a token, such as GET")
    if not ask.path.startswith("/") or ask.path.startswith("//"):
        raise UsageProblem(f"{ask.path!r} is no path below the base URL", 'begin it with one slash: "/observations"')
    if "?" in ask.path or "#" in ask.path:
        raise UsageProblem(f"{ask.path!r} holds more than a path", "give the query as query=; write ? as %3F")
    if ask.beside and (not ask.beside.startswith("/") or ask.beside.startswith("//")):
        raise UsageProblem(f"{ask.beside!r} is no path on the host of the base URL", 'begin it with one slash: "/v2"')
    if ask.json is not ABSENT and ask.content is not None:
        raise UsageProblem("A request has one body, but json and content were given", "leave one of them out")

    if any(not _TOKEN.fullmatch(name) or _BREAK.search(value or "") for name, value in ask.headers.items()):
        raise UsageProblem("A header field can't be sent", "a name is a token, a value holds no line break and no NUL")


def _written(query: Query) -> str:
    if isinstance(query, str):
        return _legal(query)
    pairs = query.items() if isinstance(query, Mapping) else query
    return "&".join(f"{_form(name)}={_form(value)}" for name, value in pairs)


def _form(text: str) -> str:
    """Encode as URLSearchParams does (WHATWG URL, application/x-www-form-urlencoded serializing)."""
    return quote_plus(text, safe="*", errors="surrogatepass").replace("~", "%7E")


def _legal(text: str) -> str:
    """Leave every octet that a request line can carry, and percent-encode the rest (RFC 9112 section 3)."""
    return quote(text, safe=_VISIBLE, errors="surrogatepass")


def _body(ask: Ask) -> bytes:
    if ask.json is ABSENT:
        return ask.content or b""
    return encoded(ask.json)


def encoded(value: JSON) -> bytes:
    """Write a JSON value as it goes out."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")  # which spells a lone surrogate as JSON's own escape


def _headers(ask: Ask, defaults: Mapping[str, str]) -> Pairs:
    own = {name.lower() for name in ask.headers}
    implied = {} if ask.json is ABSENT else {"Content-Type": "application/json"}
    kept = [(name, value) for name, value in {**defaults, **implied}.items() if name.lower() not in own]
    given = [(name, value) for name, value in ask.headers.items() if value is not None]
    return tuple(kept + given)


def _completed(request: Request) -> Pairs:
    """Add the fields that HTTP itself needs: Host, and Content-Length where there is or may be a body."""
    return tuple((name.decode("ascii"), value.decode()) for name, value in _httpx(request).headers.raw)


def _httpx(request: Request) -> httpx.Request:
    headers = [(name.encode("ascii"), value.encode()) for name, value in request.headers]
    try:
        return httpx.Request(request.method, request.url, headers=headers, content=request.body or None)
    except httpx.InvalidURL as problem:
        raise UsageProblem(f"This can't be requested: {problem}", "give a shorter path or query") from None
