"""The documented request and response headers, and how long an idempotency key is kept."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.contract.model import Source, overview

_REQUEST = overview("Standard request headers")
_RESPONSE = overview("Standard response headers")


@dataclass(frozen=True, slots=True)
class Header:
    """A documented header: `when` it is sent, in our own words."""

    name: str
    when: str
    source: Source


AUTHORIZATION = Header("Authorization", "on every request but that for the spec, as Bearer", _REQUEST)
CONTENT_TYPE = Header("Content-Type", "on every POST and PATCH, as application/json", _REQUEST)
ACCEPT = Header("Accept", "as the client likes; JSON without it", _REQUEST)
IDEMPOTENCY_KEY = Header("Idempotency-Key", "on a POST that may be retried", _REQUEST)
REQUEST_ID = Header("X-Request-ID", "as the client likes; comes back in every response", _REQUEST)

RATE_LIMIT = Header("X-RateLimit-Limit", "on every response to a key: its quota", _RESPONSE)
RATE_REMAINING = Header("X-RateLimit-Remaining", "on every response to a key: requests left", _RESPONSE)
RATE_RESET = Header("X-RateLimit-Reset", "on every response to a key: end of the window, epoch s", _RESPONSE)
RETRY_AFTER = Header("Retry-After", "on 429 and 503: seconds to wait", _RESPONSE)

REQUEST_HEADERS: tuple[Header, ...] = (AUTHORIZATION, CONTENT_TYPE, ACCEPT, IDEMPOTENCY_KEY, REQUEST_ID)
RESPONSE_HEADERS: tuple[Header, ...] = (
    REQUEST_ID,
    RATE_LIMIT,
    RATE_REMAINING,
    RATE_RESET,
    RETRY_AFTER,
)

LIVE_KEY_PREFIX = "pb_live_"
TEST_KEY_PREFIX = "pb_test_"

IDEMPOTENCY_HOURS = 24
"""Hours for which a key replays its response. Source: overview, Idempotency keys for POSTs."""
