"""What a user writes, checked by mypy --strict and pyright: nothing in here may be reported."""
from __future__ import annotations

import datetime
from pathlib import Path

import bionty as bt
import lamindb as ln
import pandas as pd


def labels() -> list[str]:
    lab = ln.ULabel(name="Lab A", description="Wet lab").save()
    project = ln.Project(name="Atlas").save()
    kind = ln.ULabel(name="Lab", is_type=True).save()
    lab.type = kind
    lab.save()
    same: ln.ULabel = ln.ULabel.get(name="Lab A")
    maybe: ln.ULabel | None = ln.ULabel.filter(name__startswith="Lab").order_by("-created_at").first()
    if maybe is not None:
        print(maybe.uid, maybe.created_by.handle, maybe.created_at.year)
    names: list[str] = [label.name for label in ln.ULabel.filter(description__isnull=False)]
    print(project.uid, same.description or "")
    return names


def artifacts(folder: Path) -> pd.DataFrame:
    artifact = ln.Artifact(folder / "a.parquet", key="raw/a.parquet", description="counts").save()
    second = ln.Artifact.from_anndata(folder / "a.h5ad", key="raw/a.h5ad").save()
    frame = ln.Artifact.from_dataframe(pd.DataFrame({"a": [1]}), key="raw/b.parquet").save()
    size: int | None = artifact.size
    when: datetime.datetime = artifact.created_at
    label = ln.ULabel.get("abc")
    artifact.ulabels.add(label)
    for one in artifact.ulabels.all():
        print(one.name, size, when)
    print(second.cell_types.filter(name="T cell").one().ontology_id, frame.suffix)
    path = artifact.cache()
    print(path)
    artifact.describe()
    new = ln.Artifact(folder / "c.parquet", revises=artifact).save()
    print(new.version_tag, new.is_latest, new.versions.count())
    listed = ln.Artifact.filter(ln.Q(size__gt=10) | ln.Q(suffix=".h5ad")).exclude(key__endswith=".csv")
    df = listed.to_dataframe(include=["created_by__handle"], limit=10)
    collection = ln.Collection([artifact, second], key="all").save()
    print(collection.artifacts.count())
    return df


def ontology(values: list[str]) -> list[bt.CellType]:
    valid = bt.CellType.validate(values, field=bt.CellType.name)
    print(valid.sum())
    found = bt.CellType.inspect(values)
    print(found.non_validated)
    records = bt.CellType.from_values(bt.CellType.standardize(values)).save()
    t_cell = bt.CellType.get(ontology_id="CL:0000084")
    children: list[bt.CellType] = list(t_cell.query_children())
    parents: list[str] = [parent.name for parent in t_cell.parents.all()]
    print(parents, len(records), t_cell.source.entity if t_cell.source else None)
    return children


def sheets(df: pd.DataFrame, feature: ln.Feature) -> str | None:
    schema = ln.Schema([feature.with_config(optional=True)], name="columns").save()
    schema.index = feature
    schema.save(index_name_conflict="keep_name")
    schema.optionals.add(feature)
    sheet = ln.Record(name="sheet", is_type=True, schema=schema).save()
    rows = ln.Record.from_dataframe(df, type=sheet).save()
    first = ln.Record.filter(type=sheet).order_by(-feature, "name").first()
    print(len(rows), first.features.get_values() if first else None, ln.Record.get(ln.Q(name="a") | ln.Q(name="b")))
    return sheet.to_artifact(suffix=".parquet").key


def run(dataset: pd.DataFrame) -> None:
    ln.track(params={"epochs": 3})
    transform: ln.Transform = ln.Transform.get(key="script.py")
    schema = ln.Schema(features=[ln.Feature(name="cell_type", dtype=bt.CellType).save()]).save()
    curator = ln.curators.DataFrameCurator(dataset, schema)
    curator.validate()
    curated: ln.Artifact = curator.save_artifact(key="x.parquet")
    print(transform.uid, curated.uid)
    ln.finish()
