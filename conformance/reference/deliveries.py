"""Webhook deliveries: sent in the background, signed, retried with growing pauses (observations, Webhook events)."""

from __future__ import annotations

import hashlib
import hmac
import queue
import threading
import uuid
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import select

from conformance.reference.clock import SECOND, iso_milliseconds
from conformance.reference.http import encode
from conformance.reference.storage import TABLES, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.reference.call import Call, Event

PAUSES = (0.5, 2.0, 8.0, 30.0)
TIMEOUT = 5.0
IDLE = 10.0
SIGNATURE = "X-PB-Signature"


@dataclass(frozen=True)
class Delivery:
    """One event to one subscription: where it goes, what it says, and its signature's key."""

    id: str
    webhook_id: str
    url: str
    secret: str
    event: str
    sent_at: int
    body: bytes

    def headers(self) -> dict[str, str]:
        """Give the headers, with the signature: HMAC-SHA256 in hex over the Unix time, a dot and the body."""
        return {
            "Content-Type": "application/json",
            "X-PB-Event": self.event,
            "X-PB-Delivery": self.id,
            SIGNATURE: sign(self.secret, self.sent_at // SECOND, self.body),
        }


Lane = queue.SimpleQueue[Delivery | None]


def sign(secret: str, unix: int, body: bytes) -> str:
    """Sign a body as sent at that Unix time: t=<unix>,v1=<hex>."""
    mac = hmac.new(secret.encode(), f"{unix}.".encode() + body, hashlib.sha256)
    return f"t={unix},v1={mac.hexdigest()}"


class Deliveries:
    """The deliveries of one reference: each subscription has a thread of its own, so that a dead one delays no other.

    A thread starts on need and ends when it has had nothing to do for a while.
    """

    def __init__(self, pauses: tuple[float, ...] = PAUSES) -> None:
        self._pauses = pauses
        self._log: deque[Mapping[str, Any]] = deque(maxlen=200)
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._lanes: dict[str, Lane] = {}
        self._threads: set[threading.Thread] = set()

    def send(self, deliveries: Iterable[Delivery]) -> None:
        """Hand over what is to be sent, once what it tells of is committed."""
        for delivery in deliveries:
            with self._lock:
                if delivery.webhook_id not in self._lanes:
                    self._start(delivery.webhook_id)
                self._lanes[delivery.webhook_id].put(delivery)

    def _start(self, webhook_id: str) -> None:
        lane = self._lanes[webhook_id] = queue.SimpleQueue()
        thread = threading.Thread(target=self._work, args=(webhook_id, lane), daemon=True)
        self._threads.add(thread)
        thread.start()

    def log(self) -> list[Mapping[str, Any]]:
        """Give the attempts made so far, the oldest first."""
        return list(self._log)

    def close(self) -> None:
        """Stop: what is not yet sent is dropped."""
        self._closed.set()
        with self._lock:
            threads = tuple(self._threads)
            for lane in self._lanes.values():
                lane.put(None)
        for thread in threads:
            thread.join(TIMEOUT)

    def _work(self, webhook_id: str, lane: Lane) -> None:
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
            while (delivery := self._next(webhook_id, lane)) is not None and not self._closed.is_set():
                self._deliver(client, delivery)
        with self._lock:
            self._threads.discard(threading.current_thread())

    def _next(self, webhook_id: str, lane: Lane) -> Delivery | None:
        """Wait for the next delivery of a lane; None once it is idle, and closed then."""
        try:
            return lane.get(timeout=IDLE)
        except queue.Empty:
            with self._lock:
                if lane.empty():
                    del self._lanes[webhook_id]
                    return None
            return lane.get()

    def _deliver(self, client: httpx.Client, delivery: Delivery) -> None:
        for attempt, pause in enumerate((*self._pauses, 0.0), start=1):
            if self._attempt(client, delivery, attempt) or self._closed.wait(pause):
                return

    def _attempt(self, client: httpx.Client, delivery: Delivery, attempt: int) -> bool:
        try:
            response = client.post(delivery.url, content=delivery.body, headers=delivery.headers())
            outcome, done = str(response.status_code), response.is_success
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            outcome, done = type(error).__name__, False
        line = {"id": delivery.id, "event": delivery.event, "webhook_id": delivery.webhook_id}
        self._log.append({**line, "url": delivery.url, "attempt": attempt, "outcome": outcome})
        return done


def subscribers(call: Call, event: Event) -> list[Delivery]:
    """Make a delivery of an event for each active subscription of the organization that asked for its type."""
    webhooks = TABLES["Webhook"]
    visible = call.behaviour.visible("deliver", webhooks, call.organization_id)
    rows = call.connection.execute(select(webhooks).where(visible, webhooks.c.active)).mappings()
    return [delivery_of(call, event, row) for row in rows if call.behaviour.subscribed(event, row)]


def delivery_of(call: Call, event: Event, webhook: Row) -> Delivery:
    """Make the delivery of an event to one subscription."""
    identifier = f"evt_{uuid.uuid4().hex}"
    created_at = iso_milliseconds(call.now)
    content = {"id": identifier, "type": event.type, "created_at": created_at, "data": event.data}
    address = {"webhook_id": webhook["id"], "url": webhook["url"], "secret": webhook["secret"]}
    return Delivery(identifier, event=event.type, sent_at=call.now, body=encode(content), **address)
