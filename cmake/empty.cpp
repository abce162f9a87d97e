// A shared library needs at least one source; the layers add theirs as objects.
