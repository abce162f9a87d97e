"""Runs: the tracked script, and functions as transforms."""
