"""What artifacts and records hold: files in memory, values of features, labels."""
