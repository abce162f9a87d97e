"""The public names of the package: resolved on first use, with stand-ins for those not implemented yet."""
