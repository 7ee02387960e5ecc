"""Keys come from the environment, and a bad one is named without being shown."""

from __future__ import annotations

import pytest

from conformance.errors import UsageProblem
from conformance.wire.roles import ENVIRONMENT, Roles


def test_each_role_has_its_variable() -> None:
    """Every documented variable brings the key of its role."""
    roles = Roles.from_environ({variable: f"k-{role}" for role, variable in ENVIRONMENT.items()})
    assert dict(roles.keys) == {role: f"k-{role}" for role in ENVIRONMENT}


def test_unset_and_empty_variables_bring_no_key() -> None:
    """An empty variable is as good as none."""
    roles = Roles.from_environ({"PB_API_KEY": "k", "PB_QUOTA_API_KEY": ""})
    assert roles.missing == ("read_only", "no_scope", "other_org", "quota")


def test_secrets_are_named_by_variable() -> None:
    """Reports show a key by the variable it came from."""
    assert Roles.from_environ({"PB_API_KEY": "k"}).secrets == {"PB_API_KEY": "k"}


@pytest.mark.parametrize("key", ["canary\n", " canary", "can ary", "canaryé", "can\tary", "can\x7fary"])
def test_a_key_that_cannot_be_sent_is_refused_unseen(key: str) -> None:
    """White space, control characters and non-ASCII are a usage problem that does not repeat the key."""
    with pytest.raises(UsageProblem) as problem:
        Roles.from_environ({"PB_API_KEY": key})
    assert ("PB_API_KEY" in str(problem.value), "can" in problem.value.message.replace("can't", "")) == (
        True,
        False,
    )


def test_keys_are_not_in_its_repr() -> None:
    """Printing the roles shows no key."""
    assert "canary" not in repr(Roles.from_environ({"PB_API_KEY": "canary"}))
