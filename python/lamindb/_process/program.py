"""The shell command `lamin`, which some work is left to: what has to go on after this process, or beside it."""

import os
import sys


def lamin_program():
    """The path of `lamin`: beside this Python, beside the libraries of a build, or on the PATH; None where it is not installed.

    Example::

        lamin_program()
    """
    packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    built = os.path.join(os.path.dirname(os.path.realpath(os.path.join(packages, "lib"))), "bin")
    for folder in (os.path.dirname(sys.executable), os.path.join(sys.prefix, "bin"), built, *os.get_exec_path()):
        path = os.path.join(folder, "lamin")
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    return None
