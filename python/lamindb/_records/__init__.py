"""What all registries have in common: the metaclass, the record, relations, traits, saving."""
