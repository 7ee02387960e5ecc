"""The embedded reference is served over https from a process of its own, and ends with the run."""

from __future__ import annotations

import httpx
import pytest

from conformance.judging.embedded import embedded_reference


def test_the_embedded_reference_serves_until_it_is_let_go() -> None:
    """Each of its keys is good while it runs, its authority vouches for it, and nobody answers afterwards."""
    with embedded_reference() as served, httpx.Client(verify=served.trust) as client:
        answers = {
            role: client.get(f"{served.base_url}/session", headers={"Authorization": f"Bearer {key}"}).status_code
            for role, key in served.keys.items()
        }
    assert answers == {"key": 200, "read_only": 200, "no_scope": 403, "other_org": 200, "quota": 200}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{served.base_url}/session", verify=served.trust)
