"""Named lies of the reference, one or more for each rule, and the trial that shows them caught."""
