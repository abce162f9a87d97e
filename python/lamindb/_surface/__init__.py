"""The public names of the package: found on first use, and honest about what is not there yet."""
