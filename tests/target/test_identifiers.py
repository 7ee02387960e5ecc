"""What is made up looks like what is known, and is none of it."""

from __future__ import annotations

import re
from random import Random

import pytest

from conformance.target.identifiers import another_like, is_made_up, overflowing

MADE_UP = r"emp_[0-9A-Z]{15}C0NF0RMANCE"


@pytest.mark.parametrize(
    ("known", "form"),
    [
        ([], MADE_UP),
        (["emp_01HXX9YK7Z8N2P3Q4R5S6T7U8V"], MADE_UP),
        (["17", "230"], r"20\d{8}"),
        (["117", "118"], r"20\d{8}"),
        (["emp_0001", "emp_0002"], r"emp_20\d{8}"),
        (["7.1.01J1ABC", "7.1.01JQXYZ"], r"7\.1\.01J\d[A-Z]{3}"),
        (["3f2504e0-4f89-11d3-9a0c-0305e82c3301"], r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"),
        (["65f1c0ffee0123456789abcd", "65f1deadbe0123456789abcd"], r"65f\d[0-9a-f]{20}"),
    ],
)
def test_another_id_has_the_form_of_those_that_are_known(known: list[str], form: str) -> None:
    """What all begin with is kept; what is counted up is far ahead."""
    another = another_like(known, "emp", Random(1))
    assert (bool(re.fullmatch(form, another)), another in known) == (True, False)


@pytest.mark.parametrize(
    ("known", "prefix"), [("emp_01HXX9YK7Z8N2P3Q4R5S6T7U8V", "emp_"), ("17", ""), ("a_b_3", "a_b_")]
)
def test_an_id_that_overflows_is_nobodys(known: str, prefix: str) -> None:
    """It is as long as a ULID, and greater than any."""
    found = overflowing(known)
    assert (is_made_up(found), found.removeprefix(prefix)[0], len(found)) == (True, "Z", len(prefix) + 26)
