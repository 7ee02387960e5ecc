"""RTL: a spent quota (observations › Common error responses; overview › Standard response headers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.headers import RATE_LIMIT, RATE_REMAINING
from conformance.judging.expect import expect, expect_refusal, shown
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import Blocked, NotJudged, Violation
from scenarios._rate_limits import integer
from scenarios._spending import LONGEST, SMALL_QUOTA, Spending, open_again, spending, told_wait

if TYPE_CHECKING:
    from conformance.target.target import Target


async def _throttled(target: Target) -> Spending:
    """Return a quota that was spent and answered with 429; undecided where that did not come about."""
    kept = await spending(target)
    if kept.throttled:
        return kept
    if kept.odd or kept.overdrawn:
        raise Blocked(f"none of {kept.sent} requests got 429, although the quota was spent")
    raise _unspent(kept)


def _unspent(kept: Spending) -> NotJudged:
    return NotJudged(f"{kept.sent} requests did not spend the quota of {kept.limit}", hint=SMALL_QUOTA)


@during(Phase.QUOTA)
@judges("RTL-01")
async def test_a_spent_quota_is_throttled(target: Target) -> str:
    """Requests of one key are answered until none is left of its quota, and then with 429 rate_limited."""
    kept = await spending(target)
    for one in kept.throttled or kept.odd:
        expect_refusal(one, 429, "rate_limited")
    if kept.overdrawn:
        raise Violation(
            f"{kept.overdrawn} requests more were served than a quota of {kept.limit} can give",
            expected="429 rate_limited",
            observed={RATE_LIMIT.name: kept.limit, "served": len(kept.served), "last": shown(kept.served[-1])},
        )
    if not kept.throttled:
        raise _unspent(kept)
    return f"after {len(kept.served)} requests of {kept.limit} the next got 429 rate_limited"


@during(Phase.QUOTA)
@judges("RTL-02")
async def test_a_request_is_served_again_after_retry_after(target: Target) -> str:
    """Once every 429 has been waited out as it says, the next request succeeds."""
    kept = await _throttled(target)
    told = max((seconds for one in kept.throttled if (seconds := told_wait(one)) is not None), default=0)
    if open_again(kept) is None:
        raise Blocked("no 429 says in whole seconds how long to wait")
    if kept.recovered is None:
        raise NotJudged(f"Retry-After is {told:.0f} s, and {LONGEST:.0f} s are waited at most", hint=SMALL_QUOTA)
    expect(
        kept.recovered.status == 200,
        f"after a Retry-After of {told:.0f} s a request still gets {kept.recovered.status}",
        expected="200",
        observed=shown(kept.recovered),
    )
    return f"after a Retry-After of {told:.0f} s a request is served again"


@during(Phase.QUOTA)
@judges("RTL-03")
async def test_nothing_remains_on_a_429(target: Target) -> str:
    """X-RateLimit-Remaining is 0 wherever a spent quota is refused."""
    kept = await _throttled(target)
    told = [integer(one, RATE_REMAINING.name) for one in kept.throttled]
    if None in told:
        raise Blocked(f"a 429 does not tell {RATE_REMAINING.name} as an integer")
    expect(
        not any(told),
        f"{RATE_REMAINING.name} is {max(told, key=lambda one: one or 0)} on a 429",
        expected="0",
        observed=told,
    )
    return f"{RATE_REMAINING.name} is 0 on each of {len(told)} 429s"
