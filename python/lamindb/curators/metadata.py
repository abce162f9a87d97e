"""A schema about what people say of a file, its feature values, rather than about what is in it."""

from lamindb import _core
from lamindb.curators.core import DictCurator
from lamindb.curators.slots import EXTERNAL
from lamindb.errors import InvalidArgument, ValidationError

_MAKERS = {
    "DataFrame": "from_dataframe", "AnnData": "from_anndata", "MuData": "from_mudata", "SpatialData": "from_spatialdata",
    "tiledbsoma": "from_tiledbsoma",
}  # fmt: skip


def refuse_content_schema(schema, path, otype):
    """Raises InvalidArgument if a schema is about the content of a dataset, which `Artifact(path)` does not look at.

    Args:
        schema (Schema): the schema.
        path (str): the file.
        otype (str, optional): what it is.

    Raises:
        InvalidArgument: it names the constructor that validates the content.
    """
    content = _core.content_type(schema, path, otype or "")
    if content is None:
        return
    maker = _MAKERS.get(content)
    name = f" '{schema.name}'" if schema.name else ""
    if maker is None:
        raise InvalidArgument(
            f"Schema{name} defines dataset features and cannot be validated by Artifact() for an artifact with otype '{otype}': for "
            "metadata, pass a schema whose only slot is '__external__'"
        )
    raise InvalidArgument(f"Schema{name} defines dataset features and cannot be validated by Artifact(). Use Artifact.{maker}().")


def checked_values(schema, features, existing):
    """The feature values that a schema allows for an artifact: those passed, or those it has.

    Args:
        schema (Schema): flat, or with the only slot `__external__`.
        features (dict, optional): {feature: value}.
        existing (Artifact, optional): the saved artifact with the same content.

    Returns:
        dict: the values, None if nothing is said of any.

    Raises:
        ValidationError: they do not fit, or there are none.
    """
    external = schema.slots.get(EXTERNAL)
    if external is None and not schema.n_members:
        if features:
            DictCurator(features, schema).validate()
        return features
    if not features and existing is not None:
        features = existing.features.get_values(external_only=True)
    if not features:
        if external is not None:
            raise ValidationError("External features slot is defined in schema but no external features were provided.")
        raise ValidationError(
            "Schema defines features but no feature values were provided: pass features={...} to validate what you say of the file, or "
            "use Artifact.from_dataframe() to validate its content"
        )
    DictCurator(features, schema if external is None else external).validate()
    return features
