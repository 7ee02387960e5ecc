"""How the suite talks: one client, one recorder, and no secret beyond them."""
