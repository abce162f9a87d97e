"""Datasets that a Croissant file describes, as artifacts."""

import json
import os

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.errors import InvalidArgument

__all__ = ["curate_from_croissant"]


def curate_from_croissant(croissant_data, run=None):
    """Saves the files that a Croissant file of MLCommons lists, with its description, version, license and project.

    Args:
        croissant_data (str | PathLike | dict): the path of the JSON file, or what is in it.
        run (Run, optional): what makes the artifacts; otherwise the tracked run.

    Returns:
        Artifact | Collection: the artifact of a single file, or a collection of several.

    Raises:
        FileNotFoundError: the file, or one that it lists, is not there.
        InvalidArgument: it describes no dataset.

    Example::

        about, dataset = ln.examples.croissant.mini_immuno()
        ln.integrations.curate_from_croissant(about)
    """
    about = _read(croissant_data)
    files = about.get("distribution") or []
    if not files:
        raise InvalidArgument("the Croissant file lists no files: it needs a 'distribution'")
    paths = [_path_of(file, about) for file in files]
    labels = _labels(about)
    name, description, version = about["name"], about.get("description"), about.get("version")
    of_file = None if len(files) > 1 else name if description is None else f"{name} - {description}"
    artifacts = []
    for path in paths:
        artifact = class_of("Artifact")(path, key=_key_of(path), description=of_file, version=version, kind="dataset", run=run)
        artifacts.append(_labelled(artifact.save(), labels))
    if len(artifacts) == 1:
        return artifacts[0]
    collection = class_of("Collection")(artifacts, key=name, description=description, version=version, run=run)
    return _labelled(collection.save(), labels)


def _read(given):
    if not isinstance(given, dict):
        if not isinstance(given, (str, os.PathLike)):
            raise InvalidArgument(f"croissant_data is the path of a JSON file or a dict, not a {type(given).__name__}")
        with open(given, encoding="utf-8") as file:
            given = json.load(file)
    if str(given.get("@type")).rpartition(":")[2].rpartition("/")[2] != "Dataset" or "name" not in given:
        raise InvalidArgument("it is not a Croissant file: it needs '@type': 'Dataset' and a 'name'")
    return given


def _path_of(file, about):
    """The file on this machine: named by its id, or by its address without a server."""
    named = [place for place in (file.get("@id"), file.get("contentUrl"), about.get("url")) if place]
    for place in named:
        if os.path.exists(place):
            return place
    raise FileNotFoundError(f"none of the places of a file in the Croissant file is there: {', '.join(named) or 'it names none'}")


def _key_of(path):
    """None for a file that is in a storage of the instance: it stays there, under the key that it has."""
    place = os.path.realpath(path)
    for storage in class_of("Storage").filter():
        root = os.path.realpath(storage.root)
        if "://" not in storage.root and place.startswith(root + os.sep):
            return None
    logger.warning(f"file path {path} is not part of a known storage location, will be duplicated to the default storage")
    return str(path)


def _labels(about):
    """{relation: label}: of the license and of the project."""
    labels = {}
    if about.get("license"):
        label = class_of("ULabel")
        kind = label(name="License", is_type=True).save()
        labels["ulabels"] = label.filter(name=about["license"]).first() or label(
            name=about["license"], description="Dataset license", type=kind).save()  # fmt: skip
    if about.get("cr:projectName"):
        labels["projects"] = class_of("Project")(name=about["cr:projectName"]).save()
    return labels


def _labelled(record, labels):
    for relation, label in labels.items():
        getattr(record, relation).add(label)
    return record
