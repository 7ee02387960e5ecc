"""How far the clocks that one target shows may stand apart."""

from __future__ import annotations

from datetime import timedelta

PROXY = timedelta(hours=1)
"""Date is often written by a proxy with a clock of its own; further off than this, the timestamps are wrong."""
