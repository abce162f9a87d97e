// A shared library needs one source of its own; the layers add theirs as objects.
