"""Rate limits: a fixed window for each key, on the reference's clock."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Quota:
    """How many requests a key may make in a window of so many seconds."""

    requests: int
    seconds: int


@dataclass(frozen=True)
class Window:
    """A key's current window: its quota, what was spent of it, and the Unix second at which it ends."""

    quota: Quota
    spent: int
    reset: int

    @property
    def exceeded(self) -> bool:
        """Tell whether more was asked for than the quota holds."""
        return self.spent > self.quota.requests

    @property
    def remaining(self) -> int:
        """Give how many requests are left."""
        return max(0, self.quota.requests - self.spent)

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Write the window as the documents' headers (overview, Standard response headers)."""
        return (
            ("X-RateLimit-Limit", str(self.quota.requests)),
            ("X-RateLimit-Remaining", str(self.remaining)),
            ("X-RateLimit-Reset", str(self.reset)),
        )


GENEROUS = Quota(100_000, 60)
SMALL = Quota(6, 3)


def spend(window: Window | None, quota: Quota, now: float) -> Window:
    """Spend one request, in the running window or in a new one; now is in Unix seconds."""
    if window is None or now >= window.reset:
        return Window(quota, 1, math.floor(now) + quota.seconds)
    return replace(window, spent=window.spent + 1)


def retry_after(window: Window, now: float) -> int:
    """Give the whole seconds until a request succeeds again."""
    return max(1, math.ceil(window.reset - now))
