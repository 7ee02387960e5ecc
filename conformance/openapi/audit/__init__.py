"""The audit: whether the document is OpenAPI, says what the field reference says, and makes a client."""
