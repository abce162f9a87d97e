"""What the C++ tests expect of AnnData files is what anndata reads from them."""

import json

import anndata_fixtures as fixtures
import pytest


@pytest.mark.parametrize("name", fixtures.FILES)
def test_expected_values_are_those_of_anndata(name):
    noted = json.loads(fixtures.expected_file(name).read_text(encoding="utf-8"))
    assert noted == fixtures.expected(fixtures.DATA / name)


def test_the_example_has_every_encoding():
    data = fixtures.expected(fixtures.DATA / "made/encodings.h5ad")["obs"]["columns"]
    assert {c["kind"] for c in data.values()} == {"boolean", "int64", "float64", "text", "category"}
    assert {name for name, c in data.items() if c["nulls"]} == {
        "category", "float64", "nullable_int", "nullable_bool", "nullable_text"
    }
