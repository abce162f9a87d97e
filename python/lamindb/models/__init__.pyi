# All registries and their bases, for type checkers.
from lamindb._registries import *
from lamindb._typed import *
