"""Common to all registries: the metaclass, the record, relations, traits, saving."""
