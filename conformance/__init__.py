"""Judges any implementation of the Performance Blocks REST API against its two contract documents."""
