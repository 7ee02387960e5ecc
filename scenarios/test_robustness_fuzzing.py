"""ROB: requests that nobody planned, drawn from the published spec (overview › OpenAPI specification)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import Blocked, NotApplicable, NotJudged, Undecided, Violation, Violations
from conformance.openapi.fuzzing.ahead import draw_ahead
from conformance.openapi.fuzzing.errands import ALLOWED, BROKEN, ERRED
from conformance.openapi.fuzzing.findings import DRAWING, OTHERS, SUBJECTS
from conformance.openapi.fuzzing.fuzzer import fuzzed

if TYPE_CHECKING:
    from conformance.openapi.fuzzing.findings import Finding, Fuzzed
    from conformance.target.target import Target

EXPECTED = {
    ERRED: "no 5xx but 503 with Retry-After",
    BROKEN: "a 4xx, as its accepted twin differs in nothing else",
    ALLOWED: "a 2xx, or a refusal that the documents know",
}
TOLD = {
    ERRED: "that nobody planned got no 5xx",
    BROKEN: "that break the spec were refused",
    ALLOWED: "that the spec allows were served",
}
SHOWN = 100
"""So many findings on one resource become checks of their own; a target that breaks everywhere is told by fewer."""


@during(Phase.FUZZING, ahead=draw_ahead)
@judges("ROB-01", over=SUBJECTS)
async def test_no_drawn_request_gets_a_server_error(target: Target, resource: str) -> str:
    """Whatever is drawn from the spec, in whatever sequence, gets no 5xx; each value or sequence that does is told."""
    try:
        return _conclude(await fuzzed(target), ERRED, (target, resource))
    except (NotJudged, Blocked) as nothing:
        raise NotApplicable(f"{nothing.reason}: what was asked otherwise is judged on every answer") from None


@during(Phase.FUZZING, ahead=draw_ahead)
@judges("ROB-02", over=SUBJECTS)
async def test_a_request_that_breaks_the_spec_is_refused(target: Target, resource: str) -> str:
    """Whatever breaks one constraint of the spec, and is accepted without that, gets a 4xx."""
    return _conclude(await fuzzed(target), BROKEN, (target, resource))


@during(Phase.FUZZING, ahead=draw_ahead)
@judges("ROB-03", over=SUBJECTS)
async def test_a_request_that_the_spec_allows_is_served(target: Target, resource: str) -> str:
    """Whatever the spec allows is served, unless the documents, or what no schema can say, give a reason."""
    return _conclude(await fuzzed(target), ALLOWED, (target, resource))


def _conclude(came: Fuzzed, rule: str, where: tuple[Target, str]) -> str:
    """Put what came of fuzzing one resource into a verdict."""
    target, resource = where
    operations = came.of(resource)
    if not operations:
        what = "nothing beside the documented resources" if resource == OTHERS else f"no operation of {resource}"
        raise NotApplicable(f"the spec describes {what}")
    found = came.findings(rule, resource)
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise Violations(f"{found[0].told}{more}", {one.id: _breach(one, target) for one in found[:SHOWN]})
    tally = came.tallies[rule, resource]
    if not tally.held:
        raise _undecided(came, rule, resource)
    target.client.recorder.cite(tally.cited)
    left_out = tally.left_out.total()
    beside = f"; of {left_out} more nothing was expected" if left_out else ""
    cut = f" ({came.cut})" if came.cut else ""
    return f"{tally.held} requests {TOLD[rule]}{beside}{cut}"


def _breach(one: Finding, target: Target) -> Violation:
    """Tell one finding, with the options that ask for it again."""
    observed = one.entry(target.chance.seed, target.settings.fuzz)
    return Violation(one.told, expected=EXPECTED[one.rule], observed=observed, exchanges=one.numbers)


def _undecided(came: Fuzzed, rule: str, resource: str) -> Undecided:
    """Say why there is nothing to judge by."""
    if came.stopped:
        return NotJudged(f"fuzzing was cut short: {came.stopped}", hint="Run --rules ROB again, with more of a budget.")
    if resource.strip("/") in came.forbidden:
        return NotJudged(f"the key may not use {resource}", hint=f"Give PB_API_KEY the scopes of {resource}.")
    reasons = {one.label: came.hindered[one.label] for one in came.of(resource) if one.label in came.hindered}
    if reasons:
        label, reason = next(iter(reasons.items()))
        return NotJudged(f"{label}: {reason}", hint="Mend what the reason names, and run --rules ROB again.")
    if not came.tallies[rule, resource].drawn and DRAWING not in came.hindered:
        return NotApplicable(f"{resource} takes nothing that could {'break' if rule == BROKEN else 'keep to'} the spec")
    return NotJudged(f"nothing was asked of {resource} for certain", hint="Give --fuzz deep, or another --seed.")
