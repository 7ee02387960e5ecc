"""What the scenarios on the published spec share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.expect import expect
from conformance.judging.verdicts import Blocked, NotApplicable
from conformance.openapi.document.operations import OTHERS, is_spec_itself, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.published import Published

SHOWN = 12
"""So many things that are wrong are shown: the first tell what the rest come from."""


def expect_none(wrong: Iterable[object], message: str, *, expected: str) -> None:
    """Expect that nothing is wrong; `message` is said before the first that is."""
    found = list(dict.fromkeys(map(str, wrong)))
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    expect(not found, f"{message}: {found[0] if found else ''}{more}", expected=expected, observed=found[:SHOWN])


def operations_of_subject(spec: Published, subject: str) -> Sequence[Operation]:
    """Return the operations of a subject; undecided where there is none, for SPC-03 judges that."""
    found = [one for one in spec.operations if subject_of(one) == subject and not is_spec_itself(one)]
    if not found and subject == OTHERS:
        raise NotApplicable("the spec describes documented endpoints alone")
    if not found:
        raise Blocked(f"the spec does not describe {subject}")
    return found
