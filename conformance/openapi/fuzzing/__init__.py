"""Requests that nobody planned, drawn from the target's own spec, and what is expected of their answers."""
