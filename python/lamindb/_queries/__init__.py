"""Queries: conditions, query sets, look-ups, checks of values, data frames. Registry classes are passed in, never imported."""
