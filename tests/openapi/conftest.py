"""Targets in this process, as the tests of the target's room have them."""

from __future__ import annotations

from tests.target.conftest import ask, referring

__all__ = ["ask", "referring"]
