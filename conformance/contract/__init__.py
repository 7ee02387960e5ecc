"""What the two documents promise, as data. Imports nothing else of the suite."""
