"""What a machine decides by: waivers for known breaches, the comparison with an earlier run, and the exit code."""
