"""What a run makes: in its journal before it is sent, and removed at the end or by whoever comes after."""
