"""Documents, spec and run side by side: what each says of the same thing."""
