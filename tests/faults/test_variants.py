"""No legal variant is accused: neither of a breach, nor does the suite break or lose its way on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.faults.matrix import Subject, judged
from conformance.faults.variants import all_variants

if TYPE_CHECKING:
    from typing import Any

    from tests.faults.conftest import Trials

pytestmark = pytest.mark.slow  # each is a whole run
VARIANTS = {variant.name: variant for variant in all_variants()}


def judge(name: str) -> tuple[bool, dict[str, Any]]:
    """Judge a variant by all rules: whether it is accused of nothing, and what was said."""
    row = judged(Subject("variant", name, VARIANTS[name].choice))
    return row.as_it_ought, row.as_json()


@pytest.mark.parametrize("name", VARIANTS)
def test_a_legal_variant_is_accused_of_nothing(name: str, trials: Trials) -> None:
    """The whole suite finds no breach in it."""
    as_it_ought, told = trials.outcome(judge, name)
    assert as_it_ought, told


def test_there_are_variants_enough() -> None:
    """At least thirty ways to be right that are not the reference's."""
    assert len(VARIANTS) >= 30


def test_every_variant_is_stated() -> None:
    """Each says in a sentence what it chooses."""
    assert [variant.name for variant in VARIANTS.values() if not variant.choice.endswith(".")] == []
