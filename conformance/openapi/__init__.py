"""The spec that a target publishes: loading it, auditing it, holding exchanges to it."""
