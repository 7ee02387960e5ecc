"""Every answer of a run, held against the document in bulk and, where they differ, by a second opinion."""
