"""The schemas of CELLxGENE: what it asks of a dataset, as a schema of the instance.

The rules, version by version, are data: `cellxgene_rules.json`.
"""

import copy
import json
from functools import cache
from pathlib import Path

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.errors import InvalidArgument

__all__ = ["create_cellxgene_schema", "save_cellxgene_defaults"]

_FROM = "From CellxGene schema."


@cache
def _rules():
    return json.loads((Path(__file__).parent / "cellxgene_rules.json").read_text())


def _number(version):
    return tuple(int(part) for part in version.split("."))


def _of_version(version):
    """What is special of a version: the rules of the newest that is not newer."""
    versions = _rules()["versions"]
    if version is None:
        return list(versions.values())[-1]
    try:
        older = [name for name in versions if _number(name) <= _number(version)]
    except ValueError:
        older = []
    if not older:
        raise InvalidArgument(f"version is {version!r} but has to be one such as '7.0.0': rules are known since {next(iter(versions))}")
    return versions[older[-1]]


def save_cellxgene_defaults(*, version=None):
    """Registers what CELLxGENE accepts besides the terms of ontologies: "normal", "na", "unknown"; types of tissues and suspensions; the
    organisms.

    Safe to run again.

    Args:
        version (str, optional): of the schema of CELLxGENE; otherwise the newest known.

    Raises:
        InvalidArgument: the version is unknown.

    Example::

        ln.examples.cellxgene.save_cellxgene_defaults()
    """
    rules, special = _rules(), _of_version(version)
    with logger._quietly():
        for registry, values in rules["control_values"].items():
            model = class_of(registry)
            for name, identifier in values.items():
                if not model.filter(ontology_id=identifier).exists():
                    model(name=name, ontology_id=identifier, description=_FROM).save()
        organism = class_of("bionty.Organism")
        for name, (scientific, identifier) in rules["organisms"].items():
            if not organism.filter(ontology_id=identifier).exists():
                organism(name=name, scientific_name=scientific, ontology_id=identifier).save()
        label = class_of("ULabel")
        for type_name, names in (("TissueType", special["tissue_types"]), ("SuspensionType", rules["suspension_types"])):
            kind = label(name=type_name, is_type=True, description=_FROM).save()
            for name in names:
                label(name=name, type=kind, description=_FROM).save()


def create_cellxgene_schema(*, field_types="ontology_id", spatial_library_id=None, organism="human", version=None):
    """A schema for AnnData that checks what a version of CELLxGENE's schema asks for.

    Args:
        field_types (str | list[str]): "ontology_id" for columns such as `cell_type_ontology_term_id`, "name" for columns such as
            `cell_type`, or both.
        spatial_library_id (str, optional): of a slide, whose metadata in `uns["spatial"]` is checked too.
        organism (str): whose genes and stages of development are meant, such as "human".
        version (str, optional): of the schema of CELLxGENE, since 5.0.0; otherwise the newest known.

    Returns:
        Schema: saved, with slots "obs", "var" and "uns".

    Raises:
        ValueError: there is no such type of field.
        InvalidArgument: the version or the organism is unknown.

    Example::

        schema = ln.examples.cellxgene.create_cellxgene_schema()
    """
    kinds = [field_types] if isinstance(field_types, str) else list(field_types)
    if not kinds or not set(kinds) <= {"ontology_id", "name"}:
        raise ValueError(f"Invalid field_types: {field_types}. Must contain 'ontology_id', 'name', or both.")
    if organism not in _rules()["organisms"]:
        raise InvalidArgument(f"organism is {organism!r} but has to be one of {', '.join(_rules()['organisms'])}")
    organism_in = _of_version(version)["organism_in"]
    columns = {name: rule for name, rule in _rules()["columns"].items() if _is_of(name, kinds)}
    of_organism = [name for name in columns if name.startswith("organism")]
    with logger._quietly():
        features = {name: _feature(name, *rule) for name, rule in columns.items()}
        plain = [_plain(name, *rule) for name, rule in _rules()["plain_columns"].items()]
        obs = [features[name] for name in columns if name not in of_organism or organism_in == "obs"] + plain
        slots = {"var": _var_schema(organism), "obs": _schema(f"obs of CELLxGENE of {' and '.join(kinds)}, organism in {organism_in}", obs)}
        if organism_in == "uns":
            slots["uns"] = _schema(f"uns of CELLxGENE of {' and '.join(kinds)}", [features[name] for name in of_organism])
        if spatial_library_id:
            slots |= _spatial(spatial_library_id)
        about = f" ({spatial_library_id})" if spatial_library_id else ""
        name = f"CELLxGENE AnnData of {', '.join(kinds)}, {organism}, organism in {organism_in}{about}"
        schema = class_of("Schema")(name=name, otype="AnnData", minimal_set=True, coerce=True, slots=slots).save()
        schema.formats.anndata = _layout(kinds, organism, organism_in)
        return schema.save()


def _layout(kinds, organism, organism_in):
    """What there must be besides columns of terms."""
    rules = _rules()
    layout = copy.deepcopy(rules["layout"])
    if "ontology_id" not in kinds:
        return layout
    for part, asked in copy.deepcopy(rules["layout_with_ids"]).items():
        layout[part] |= asked
    terms = layout["obs"]["terms"]
    terms["development_stage_ontology_term_id"] = {"only": rules["stages"].get(organism, rules["stages_of_others"])}
    identifier = [rules["organisms"][organism][1]]
    if organism_in == "obs":
        terms["organism_ontology_term_id"] = {"only": identifier}
    else:
        layout["uns"]["values"]["organism_ontology_term_id"] = identifier
    return layout


def _is_of(name, kinds):
    """Whether a column is of one of the kinds: the identifiers, or the names; types of things have names only."""
    if name in ("suspension_type", "tissue_type"):
        return True
    return ("ontology_id" if name.endswith("_ontology_term_id") else "name") in kinds


def _feature(name, registries, field, default):
    return _plain(name, "cat[" + "|".join(f"{registry}.{field}" for registry in registries.split("|")) + "]", default)


def _plain(name, dtype, default):
    given = {"default_value": default} if default is not None else {}
    return class_of("Feature")(name=name, dtype=dtype, **given).save()


def _schema(name, features, **given):
    return class_of("Schema")(name=name, features=features, minimal_set=True, coerce=True, **given).save()


def _var_schema(organism):
    filters = {"cat_filters": {"organism__name": organism}}
    index = class_of("Feature")(name="var_index", dtype="cat[bionty.Gene.ensembl_gene_id]", **filters).save()
    return _schema(f"var of CELLxGENE of {organism}", [_plain("feature_is_filtered", "bool", None)], index=index)


def _spatial(library):
    feature = class_of("Feature")
    factors = [feature(name=name, dtype=float).save() for name in ("spot_diameter_fullres", "tissue_hires_scalef")]
    single = feature(name="is_single", dtype=bool, description="whether the dataset is one section of Visium or one array of Slide-seqV2").save()
    return {
        "uns:spatial": class_of("Schema")(name="spatial metadata of CELLxGENE", features=[single]).save(),
        f"uns:spatial:{library}:scalefactors": class_of("Schema")(name="scale factors of CELLxGENE", features=factors).save(),
    }
