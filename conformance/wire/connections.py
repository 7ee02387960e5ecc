"""What a client says of itself, and how it connects."""

from __future__ import annotations

import ipaddress
import re
import ssl
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import httpx

from conformance.wire.lanes import Lanes

if TYPE_CHECKING:
    from conformance.wire.options import Trust, WireOptions

_UNNAMEABLE = re.compile(r"[^!#$%&'*+,./0-9:=@A-Z\[\]^_`a-z{|}~-]")  # what a comment of User-Agent can't hold
_NAME_LENGTH = 150
_IDLE = 1.0  # seconds that a connection is kept idle: less than servers do, so that none closes under a request


def http_client(base_url: str, options: WireOptions, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Make httpx's client: as many connections as requests in flight, no cookies, no redirects.

    Proxies of the environment are used, except for a loopback target, which only this machine can reach.
    """
    limits = httpx.Limits(
        max_connections=options.in_flight,
        max_keepalive_connections=options.in_flight,
        keepalive_expiry=_IDLE,
    )
    cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    if transport is not None:
        return httpx.AsyncClient(transport=transport, cookies=cookies)
    verify = _trust(options.verify)
    direct = _direct(base_url, options) if is_loopback(base_url) else None
    return httpx.AsyncClient(verify=verify, limits=limits, transport=direct, cookies=cookies)


def racing_client(base_url: str, options: WireOptions) -> httpx.AsyncClient:
    """Make a client that opens a connection for each request, as many at once as are asked for, and keeps none."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    direct = is_loopback(base_url)
    verify = verifying(base_url, options.verify)
    return httpx.AsyncClient(verify=verify, limits=limits, cookies=cookies, trust_env=not direct)


def _direct(base_url: str, options: WireOptions) -> Lanes:
    return Lanes(options.in_flight, idle=_IDLE, verify=verifying(base_url, options.verify))


def verifying(url: str, trust: Trust = True) -> ssl.SSLContext | bool:  # noqa: FBT002 - httpx's own word
    """Give what verifies a URL's certificate: SSL_CERT_FILE counts, also where no proxy of the environment does.

    For http that is nothing, as a context costs milliseconds.
    """
    return httpx.create_ssl_context(verify=_trust(trust)) if url.startswith("https:") else False


@cache
def default_agent() -> str:
    """Name the suite and its version, for User-Agent."""
    try:
        return f"performance-blocks-conformance/{version('performance-blocks-conformance')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "performance-blocks-conformance/unreleased"


def user_agent(agent: str, run_id: str, asked_by: str) -> str:
    """Name suite, run and check, so that a server's log maps to rules (RFC 9110 section 10.1.5)."""
    names = [f"run {_nameable(run_id)}", *([_nameable(asked_by)] if asked_by else [])]
    return f"{agent} ({'; '.join(names)})"


def _nameable(text: str) -> str:
    return _UNNAMEABLE.sub("_", text)[:_NAME_LENGTH]


def _trust(verify: Trust) -> ssl.SSLContext | bool:
    return ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify


def is_loopback(url: str) -> bool:
    """Tell whether a URL is of this machine alone, by its host as it is written (RFC 6761, 6.3: all of .localhost)."""
    host = httpx.URL(url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
