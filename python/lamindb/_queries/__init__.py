"""Rows that are asked for: conditions, query sets, look-ups, checks of values, data frames. Takes registry classes as they are passed."""
