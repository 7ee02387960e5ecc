"""The published document: fetched and read, operation by operation and schema by schema."""
