"""How a run is told: its summary, and one writer for each format of report."""
