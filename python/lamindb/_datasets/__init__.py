"""What artifacts and records hold: files in memory, feature values, labels."""
