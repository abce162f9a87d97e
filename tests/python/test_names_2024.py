"""The names of 2024 (LaminDB 0.70 to 0.72), one by one: each works as its name of today does, with one warning that names it.

A row is: what was written then; what the warning says; what is written today, or for what no longer exists the error. The
rows are evaluated in one instance with an artifact, a collection, a transform, a run and terms of Cell Ontology."""

import re
import warnings

import pytest
from lamindb._surface import former

GONE = NotImplementedError
NOT_HERE = ConnectionError  # terms that nobody has downloaded

MODULES = [
    ("ln.FeatureSet", "lamindb.Schema", "ln.Schema"),
    ("ln.FeatureValue", "lamindb.models.JsonValue", "ln.models.JsonValue"),
    ("ln.Registry", "lamindb.models.SQLRecord", "ln.models.SQLRecord"),
    ("ln.Param", "lamindb.Feature", "ln.Feature"),
    ("ln.ParamValue", "JsonValue", "ln.models.JsonValue"),
    ("ln.dev", "lamindb.core", "ln.core"),
    ("ln.types", "lamindb.base.types", "ln.base.types"),
    ("ln.Annotate", "lamindb.curators", "annotate.Annotate"),
    ("ln.Curate", "lamindb.curators", "annotate.Annotate"),
    ("ln.Curator", "lamindb.curators", "annotate.Annotate"),
    ("ln.Data()", None, GONE),
    ("ln.models.CanValidate", "CanCurate", "ln.models.CanCurate"),
    ("ln.models.FeatureSet", "Schema", "ln.Schema"),
    ("ln.models.FeatureValue", "JsonValue", "ln.models.JsonValue"),
    ("ln.models.ParamValue", "JsonValue", "ln.models.JsonValue"),
    ("ln.models.RunParamValue", "RunJsonValue", "ln.models.RunJsonValue"),
    ("ln.models.ArtifactFeatureSet", "ArtifactSchema", "ln.models.ArtifactSchema"),
    ("ln.models.ArtifactFeatureValue", "ArtifactJsonValue", "ln.models.ArtifactJsonValue"),
    ("ln.models.LinkORM", "IsLink", "ln.models.IsLink"),
    ("ln.core.Registry", "SQLRecord", "ln.models.SQLRecord"),
    ("ln.core.Record", "SQLRecord", "ln.models.SQLRecord"),
    ("ln.core.RecordsList", "SQLRecordList", "ln.models.SQLRecordList"),
    ("ln.core.QuerySet", "QuerySet", "ln.models.QuerySet"),
    ("ln.core.QueryManager", "QueryManager", "ln.models.QueryManager"),
    ("ln.core.IsVersioned", "IsVersioned", "ln.models.IsVersioned"),
    ("ln.core.FeatureManager", "FeatureManager", "ln.models.FeatureManager"),
    ("ln.core.ParamManager", "FeatureManager", "ln.models.FeatureManager"),
    ("ln.core.LabelManager", "LabelManager", "ln.models.LabelManager"),
    ("ln.core.CanValidate", "CanCurate", "ln.models.CanCurate"),
    ("ln.core.HasParents", "HasParents", "ln.models.HasParents"),
    ("ln.core.TracksRun", "TracksRun", "ln.models.TracksRun"),
    ("ln.core.TracksUpdates", "TracksUpdates", "ln.models.TracksUpdates"),
    ("ln.core.FeatureValue", "JsonValue", "ln.models.JsonValue"),
    ("ln.core.ParamValue", "JsonValue", "ln.models.JsonValue"),
    ("ln.core.fields", "lamindb.base.fields", "ln.base.fields"),
    ("ln.core.run_context", "lamindb.context", "ln.context"),
    ("ln.core.Data()", None, GONE),
    ("ln.core.DataFrameAnnotator", "lamindb.curators", "annotate.DataFrameAnnotator"),
    ("ln.core.AnnDataAnnotator", "lamindb.curators", "annotate.AnnDataAnnotator"),
    ("ln.core.MuDataAnnotator()", "MuDataCurator", TypeError),
    ("ln.core.BackedAccessor", "core.storage.BackedAccessor", "ln.core.storage.BackedAccessor"),
    ("ln.core.AnnDataAccessor", "core.storage.AnnDataAccessor", "ln.core.storage.AnnDataAccessor"),
    ("ln.core.exceptions.NotebookNotSavedError", "NotebookNotSaved", "ln.errors.NotebookNotSaved"),
    ("ln.core.exceptions.NoTitleError", "NotebookNotSaved", "ln.errors.NotebookNotSaved"),
    ("ln.core.exceptions.MissingTransformSettings", "MissingContextUID", "ln.errors.MissingContextUID"),
    ("ln.core.exceptions.UpdateTransformSettings", "UpdateContext", "ln.errors.UpdateContext"),
    ("ln.core.exceptions.RecordNameChangeIntegrityError", "IntegrityError", "ln.errors.IntegrityError"),
    ("ln.core.types.ArtifactType", "ArtifactKind", "ln.base.types.ArtifactKind"),
    ("ln.core.types.TransformType", "TransformKind", "ln.base.types.TransformKind"),
    ("ln.core.types.VisibilityChoice()", None, GONE),
    ("bt.PublicSource", "bionty.Source", "bt.Source"),
    ("bt.models.PublicSource", "bionty.models.Source", "bt.Source"),
    ("bt.BiontySource", "bionty.Source", "bt.Source"),
    ("bt.Species", "bionty.Organism", "bt.Organism"),
    ("bt.dev", "bionty.core", "bt.core"),
    ("bt.core.BioRegistry", "BioRecord", "bt.core.BioRecord"),
    ("bt.display_available_sources().shape", "bionty.base.display_sources", "bt.base.display_sources().shape"),
    ("bt.base.display_available_sources().shape", "display_sources", "bt.base.display_sources().shape"),
    ("bt.PublicOntology", "bionty.base.PublicOntology", "bt.base.PublicOntology"),
    ("pertdb.CompoundTreatment", "CompoundPerturbation", "pertdb.CompoundPerturbation"),
    ("pertdb.GeneticTreatment", "GeneticPerturbation", "pertdb.GeneticPerturbation"),
    ("pertdb.EnvironmentalTreatment", "EnvironmentalPerturbation", "pertdb.EnvironmentalPerturbation"),
    ("pertdb.CombinationTreatment", "CombinationPerturbation", "pertdb.CombinationPerturbation"),
    ("pertdb.TreatmentTarget", "PerturbationTarget", "pertdb.PerturbationTarget"),
    *((f"pertdb.{name}()", None, GONE) for name in ("Well", "Experiment", "ExperimentType", "Biosample", "Techsample", "Treatment")),
    ("bt.display_currently_used_sources().shape", "bionty.base.display_currently_used_sources",
     "bt.base.display_currently_used_sources(mute=True).shape"),
    ("bt.base.reset_sources()", None, GONE),
    ("bt.base.PublicSource()", None, GONE),
    ("ln.models.Data()", None, GONE),
    ("ln.models.CollectionFeatureSet()", None, GONE),
    ("ln.core.types.DataLike()", None, GONE),
    ("ln.core.types.UPathStr", "AnyPathStr", "ln.base.types.AnyPathStr"),
    ("ln.core.AnnotateLookup", "lamindb.curators", "annotate.AnnotateLookup"),
]
RECORDS = [
    ("artifact.accessor", "otype", "artifact.otype"),
    ("artifact._accessor", "otype", "artifact.otype"),
    ("artifact.type", "kind", "artifact.kind"),
    ("artifact.visibility", "branch_id", "artifact.branch_id"),
    ("artifact.n_objects", "n_files", "artifact.n_files"),
    ("artifact.hash_type", "_hash_type", "artifact._hash_type"),
    ("artifact.key_is_virtual", "_key_is_virtual", "artifact._key_is_virtual"),
    ("artifact.input_of.count()", "input_of_runs", "artifact.input_of_runs.count()"),
    ("artifact.stage()", "cache", "artifact.cache()"),
    ("artifact.backed().count_rows()", "open", "artifact.open().count_rows()"),
    ("artifact.load(stream=False).shape", "open()", "artifact.load().shape"),
    ("artifact.load(stream=True)", "open()", TypeError),
    ("artifact.view_flow()", "view_lineage", "artifact.view_lineage()"),
    ("artifact.add_to_version_family(artifact)", None, GONE),
    ("artifact.replace('x')", None, FileNotFoundError),
    ("ln.Artifact.from_df(df, key='n.parquet').description", "from_dataframe", "None"),
    ("ln.Artifact.from_mudata(df)", None, ValueError),
    ("ln.Artifact(data=path, key='n.txt').suffix", "path", "'.txt'"),
    ("ln.Artifact(path, is_new_version_of=text).key", "revises", "text.key"),
    ("ln.Artifact.filter(visibility=1, key='names.parquet').one()", "branch_id", "artifact"),
    ("ln.Artifact.filter(accessor='DataFrame', key='names.parquet').one()", "otype", "artifact"),
    ("ln.Artifact.filter(type='dataset', key='names.parquet').one()", "kind", "artifact"),
    ("ln.Artifact.filter(key='names.parquet').order_by('accessor').one()", "otype", "artifact"),
    ("ln.Artifact.filter(key='names.parquet').list()", "to_list", "[artifact]"),
    ("ln.Artifact.filter(key='names.parquet').df().shape[0]", "to_dataframe", "1"),
    ("ln.Artifact.filter(key='names.parquet').latest_version().one()", "is_latest", "artifact"),
    ("ln.ULabel.df().shape", "to_dataframe", "ln.ULabel.to_dataframe().shape"),
    ("ln.ULabel.using(None).count()", "connect", "ln.ULabel.connect(None).count()"),
    ("collection.name", "key", "collection.key"),
    ("collection.unordered_artifacts.to_list()", "artifacts", "collection.artifacts.to_list()"),
    ("collection.artifact", "meta_artifact", "collection.meta_artifact"),
    ("collection.input_of.count()", "input_of_runs", "0"),
    ("collection.stage()", "cache", "collection.cache()"),
    ("collection.visibility", "branch_id", "1"),
    ("ln.Collection([artifact], name='another').key", "key", "'another'"),
    ("ln.Collection(data=[artifact], key='another').key", "artifacts", "'another'"),
    ("ln.Collection.filter(name='names').one()", "key", "collection"),
    ("transform.name", "key", "transform.key"),
    ("transform.type", "kind", "transform.kind"),
    ("transform.parents.count()", "predecessors", "0"),
    ("transform.children.count()", "successors", "0"),
    ("transform.latest_report", "latest_run.report", "transform.latest_run.report"),
    ("transform.short_name", "key", "transform.key"),
    ("ln.Transform(name='other.py', kind='script').key", "key", "'other.py'"),
    ("ln.Transform(key='other.py', type='script').kind", "kind", "'script'"),
    ("ln.Transform.filter(name='names.py').one()", "key", "transform"),
    ("run.is_consecutive", "_is_consecutive", "run._is_consecutive"),
    ("run.parent", "initiated_by_run", "run.initiated_by_run"),
    ("run.run_at", "started_at", "run.started_at"),
    ("run.replicated_output_artifacts.count()", "recreated_artifacts", "0"),
    ("run.replicated_output_collections.count()", "recreated_collections", "0"),
    ("run.json()", None, GONE),
    ("ln.Feature(name='f', type='float').dtype_as_str", "dtype", "'float'"),
    ("ln.Feature(name='f', dtype='number').dtype_as_str", "num", "'num'"),
    ("ln.Feature(name='f', dtype='category').dtype_as_str", "cat", "'cat'"),
    ("ln.Feature(name='f', dtype='object').dtype_as_str", "str", "'str'"),
    ("ln.Feature(name='f', dtype='str').registries", "dtype_as_str", "'str'"),
    ("ln.Feature.from_df(df).to_list('name')", "from_dataframe", "['x']"),
    ("schema.n", "n_members", "schema.n_members"),
    ("schema.registry", "itype", "schema.itype"),
    ("schema.coerce_dtype", "coerce", "schema.coerce"),
    ("ln.Schema.from_df(df)", "from_dataframe", "ln.Schema.from_dataframe(df)"),
    ("artifact.feature_sets.count()", "schemas", "artifact.schemas.count()"),
    ("artifact.features.feature_set_by_slot", "slots", "artifact.features.slots"),
    ("artifact.features.add({'x': 1})", "add_values", "artifact.features.add_values({'x': 1})"),
    ("artifact.features.add_feature_set(schema, 'columns')", "schemas.add", "None"),
    ("artifact.features['columns'].to_list('name')", "slots", "['x']"),
    ("artifact.features.get_feature_set('columns')", "slots", "schema"),
    ("artifact.features.add_from_df()", "from_dataframe", "None"),
    ("artifact.features.add_from_mudata(ln.Feature.name)", None, GONE),
    ("artifact.labels.make_external(1)", None, GONE),
    ("artifact.params.get_values()", "features", "artifact.features.get_values()"),
    ("pertdb.GeneticPerturbation(name='x', system='CRISPRi').type", "type", "'CRISPRi'"),
]
TERMS = [
    ("bt.CellType.from_public(name='T cell').name", "from_source", "'T cell'"),
    ("bt.CellType.from_bionty(name='T cell').name", "from_source", "'T cell'"),
    ("bt.Phenotype.bionty()", "public", NOT_HERE),
    ("bt.Phenotype.public(public_source=None)", "source", NOT_HERE),
    ("bt.Phenotype.import_from_source()", "import_source", NOT_HERE),
    ("bt.Phenotype.import_from_public()", "import_source", NOT_HERE),
    ("bt.CellType(name='made', public_source=source).source", "source", "source"),
    ("bt.CellType(name='made', bionty_source=source).source", "source", "source"),
    ("bt.CellType.validate(['T cell'], bionty_source=source).all()", "source", "True"),
    ("bt.CellType.filter(public_source=source).count()", "source", "bt.CellType.filter(source=source).count()"),
    ("bt.CellType.filter(public_source__version='x').count()", "source", "0"),
    ("bt.CellType(name='made').public_source", "source", "None"),
    ("bt.Source.filter(source='cl').count()", "name", "bt.Source.filter(name='cl').count()"),
    ("source.source", "name", "source.name"),
    ("source.source_name", "description", "source.description"),
    ("bt.CellType.validate(['T cell'], public_source=source).all()", "source", "bt.CellType.validate(['T cell'], source=source).all()"),
    ("bt.CellType.inspect(['T cell'], public_aware=False).validated", "from_source", "bt.CellType.inspect(['T cell']).validated"),
    ("bt.CellType.standardize(['T cell'], public_aware=False)", "from_source", "bt.CellType.standardize(['T cell'])"),
    ("bt.CellType.filter().standardize(['T cell'], public_aware=True)", "from_source", "['T cell']"),
    ("bt.CellType.from_values(['T cell'], public_source=source)", "source", "bt.CellType.from_values(['T cell'], source=source)"),
]
SETTINGS = [
    ("ln.settings.upon_create_search_names", "creation.search_names", "True"),
    ("ln.settings.upon_file_create_skip_size_hash", "creation.artifact_skip_size_hash", "False"),
    ("ln.settings.silence_file_run_transform_warning", "creation.artifact_silence_missing_run_warning", "False"),
    ("ln.settings.artifact_use_virtual_keys", "creation._artifact_use_virtual_keys", "True"),
    ("ln.settings.upon_artifact_create_if_hash_exists", "creation.artifact_if_hash_exists", "'warn_return_existing'"),
    ("ln.settings.file_use_virtual_keys", "creation._artifact_use_virtual_keys", "True"),
    ("ln.settings.upon_file_create_if_hash_exists", "creation.artifact_if_hash_exists", "'warn_return_existing'"),
    ("setattr(ln.settings, 'upon_create_search_names', True)", "creation.search_names", "None"),
    ("setattr(ln.settings, 'upon_artifact_create_if_hash_exists', 'warn_return_existing')", "artifact_if_hash_exists", "None"),
    ("setattr(ln.settings, 'upon_artifact_create_if_hash_exists', 'error')", "artifact_if_hash_exists", GONE),
    ("setattr(ln.settings.transform, 'stem_uid', None)", "ln.track", "None"),
    ("setattr(ln.settings.transform, 'version', None)", "ln.context.version", "None"),
    ("ln.setup.settings.instance.schema", "modules", "ln.setup.settings.instance.modules"),
    ("ln.setup.settings.instance.identifier", "slug", "ln.setup.settings.instance.slug"),
    ("ln.setup.load", "lamindb.connect", "ln.connect"),
    ("ln.setup.close", "lamindb.setup.disconnect", "ln.setup.disconnect"),
    ("ln.setup.register()", None, GONE),
    ("ln.setup.set()", None, GONE),
    ("ln.setup.init(storage=storage, name='tests', schema='bionty,pertdb')", "modules", "None"),
    ("ln.view(schema='bionty', registries=['Tissue'])", "modules", "None"),
]


@pytest.fixture(scope="module")
def names(ln, bt, tmp_path_factory):
    """What the rows speak of."""
    import pandas as pd
    import pertdb
    from lamindb.curators import annotate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ln.core.exceptions  # the module warns once; the rows are about its names
    place = tmp_path_factory.mktemp("names")
    (place / "names.txt").write_text("names")
    (place / "version.txt").write_text("the next version")
    (place / "cells.obo").write_text("format-version: 1.2\nontology: cl\n\n[Term]\nid: CL:0000084\nname: T cell\n")
    bt.CellType.import_source(path=place / "cells.obo", version="1")
    df = pd.DataFrame({"x": [1, 2]})
    ln.Feature(name="x", dtype=int).save()
    artifact = ln.Artifact.from_dataframe(df, key="names.parquet").save()
    transform = ln.Transform(key="names.py", kind="script").save()
    return {
        "ln": ln, "bt": bt, "pertdb": pertdb, "annotate": annotate, "df": df, "artifact": artifact, "transform": transform,
        "collection": ln.Collection([artifact], key="names").save(), "run": ln.Run(transform).save(), "path": place / "version.txt",
        "text": ln.Artifact(place / "names.txt", key="names.txt").save(), "schema": ln.Schema.from_dataframe(df).save(),
        "source": bt.CellType.get(name="T cell").source, "storage": ln.setup.settings.storage.root_as_str,
    }  # fmt: skip


@pytest.mark.parametrize("then, said, today", MODULES + RECORDS + TERMS + SETTINGS)
def test_name(names, then, said, today):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        if isinstance(today, type):
            with pytest.raises(today):
                eval(then, names)
        else:
            found = eval(then, names)
    told = [str(one.message) for one in heard if one.category is DeprecationWarning and "instead of labels" not in str(one.message)]
    assert len(told) == (said is not None), told
    if said is not None:
        assert said in told[0] and heard[0].filename == "<string>", "the warning is for the line that uses the name"
    if not isinstance(today, type):
        expected = eval(today, names)
        assert found is expected or found == expected


def test_every_former_name_has_a_row():
    written = set(re.findall(r"\w+", " ".join(then for then, _, _ in MODULES + RECORDS + TERMS + SETTINGS)))
    tables = (former.table(kind) for kind in ("module", "class", "keyword", "dtype"))
    names = {name for table in tables for names in table.values() for name in names}
    assert len(names) > 100 and names <= written, names - written


MODULES_OF_2024 = {
    "lnschema_bionty": ("bionty", "CellType"), "lnschema_core": ("lamindb.models", "Artifact"), "wetlab": ("pertdb", "Compound"),
    "lamindb.core.datasets": ("lamindb.examples.datasets", None), "lamindb.core.exceptions": ("lamindb.errors", "ValidationError"),
    "lamindb.base.ids": ("lamindb.base.uids", "base62"), "bionty.ids": ("bionty.uids", "ontology"),
}  # fmt: skip


@pytest.mark.parametrize("module", MODULES_OF_2024)
def test_module(script, module):
    today, name = MODULES_OF_2024[module]
    done = script(f"""
import importlib, sys, warnings
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    import {module}
told = [one for one in heard if one.category is DeprecationWarning]
assert len(told) == 1 and "{module} is called {today} today" in str(told[0].message), [str(one.message) for one in told]
assert told[0].filename == __file__, told[0].filename
name = {name!r}
assert name is None or getattr({module}, name) is getattr(importlib.import_module("{today}"), name)
""")
    assert done.returncode == 0, done.stderr


def test_submodules_of_the_former_packages(script):
    done = script("""
from lnschema_bionty.models import CellType
from lnschema_core.models import Artifact
from lnschema_core import ids, types
import lamindb, bionty
assert CellType is bionty.CellType and Artifact is lamindb.Artifact and len(ids.base62(8)) == 8
""")
    assert done.returncode == 0, done.stderr


def test_a_warning_is_seen_in_a_script(script):
    done = script("import lamindb as ln\nln.FeatureSet\n")
    assert "DeprecationWarning: lamindb.FeatureSet is called lamindb.Schema today" in done.stderr


def test_unknown_keywords_and_settings_name_the_nearest(ln):
    for call, near in ((lambda: ln.setup.init(storge="x"), "storage"), (lambda: ln.view(registry=[]), "registries")):
        with pytest.raises(TypeError, match=f"did you mean {near}"):
            call()
    with pytest.raises(TypeError, match="both 'modules' and its former name 'schema'"):
        ln.view(modules="bionty", schema="bionty")
    with pytest.raises(AttributeError, match="did you mean verbosity"):
        ln.settings.verbosty = "hint"
    with pytest.raises(AttributeError, match="did you mean search_names"):
        ln.settings.creation.search_name = False


def test_annotate(ln, bt, names):
    import pandas as pd

    df = pd.DataFrame({"annotated": ["T cell", "odd cell"], "n": [1, 2]})
    with pytest.warns(DeprecationWarning, match="lamindb.curators"):
        annotate = ln.Annotate.from_df(df, categoricals={"annotated": bt.CellType.name})
    assert annotate.validate() is False and annotate.lookup().annotated.t_cell.name == "T cell"
    annotate.add_validated_from("annotated")
    assert not bt.CellType.filter(name="odd cell").exists(), "only what is known somewhere is registered"
    annotate.add_new_from("annotated")
    annotate.add_validated_from("annotated")
    assert annotate.validate() is True and bt.CellType.filter(name="odd cell").exists()
    artifact = annotate.save_artifact(description="annotated")
    assert artifact.description == "annotated" and set(artifact.cell_types.to_list("name")) == {"T cell", "odd cell"}
    annotate_class = names["annotate"].Annotate
    with pytest.raises(ln.errors.InvalidArgument, match="MuData-like"):
        annotate_class.from_mudata(df, {"rna": bt.Gene.symbol})
    with pytest.raises(ln.errors.InvalidArgument, match="fields of registries"):
        annotate_class.from_df(df, categoricals={"n": "bt.CellType"})


def test_annotate_anndata(ln, bt, names):
    anndata = pytest.importorskip("anndata")
    import pandas as pd

    adata = anndata.AnnData(obs=pd.DataFrame({"annotated": ["T cell"]}, index=["c1"]), var=pd.DataFrame(index=["x"]))
    annotate = names["annotate"].Annotate.from_anndata(adata, ln.Feature.name, categoricals={"annotated": bt.CellType.name})
    assert annotate.validate() is True
    assert annotate.save_artifact(description="cells").cell_types.to_list("name") == ["T cell"]


def test_a_feature_set_needs_a_saved_artifact(ln, names, tmp_path):
    (tmp_path / "unsaved.txt").write_text("unsaved")
    unsaved, n = ln.Artifact(str(tmp_path / "unsaved.txt"), key="unsaved.txt"), ln.Schema.filter().count()
    with pytest.raises(ValueError, match="save the artifact or collection before adding a feature set"):
        unsaved.features.add_feature_set(ln.Schema([ln.Feature.get(name="x")], name="left behind"), "columns")
    assert ln.Schema.filter().count() == n
