"""This package and LaminDB provide the same modules and cannot share an environment: checked at import, to avoid odd errors."""

import os

_THEIRS = ("lamindb", "lamindb_core", "lamindb_setup", "bionty", "pertdb")


def refuse_company(site):
    """`site`: the folder of the packages. Only lists that folder; importlib.metadata would cost more than the rest of the import."""
    there = [name.removesuffix(".dist-info").partition("-") for name in os.listdir(site) if name.endswith(".dist-info")]
    theirs = sorted(f"{name} {version}" for name, _, version in there if name in _THEIRS)
    if theirs and any(name == "lamindb_native" for name, _, _ in there):
        raise ImportError(
            f"lamindb-native shares its environment with {', '.join(theirs)}: both bring the package 'lamindb', and now their files "
            "are mixed. Remove both and install one: pip uninstall -y lamindb lamindb-core lamindb-setup bionty pertdb lamin-cli "
            "lamindb-native, then pip install lamindb-native"
        )


refuse_company(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
