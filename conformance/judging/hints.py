"""Hints that several scenarios give where they can't judge."""

LAGS = "Give --settle more seconds than its lists lag behind."
BUSY = "Run when nobody else works in this organization."
