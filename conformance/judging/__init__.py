"""How a target is judged: scenarios, expectations, verdicts, the concurrent runner and what it results in."""
