"""What is asked and expected: one module a family of rules, or a few where a family asks much."""
