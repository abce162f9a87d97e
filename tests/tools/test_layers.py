"""The include law finds what it forbids and lets pass what it allows."""
import pytest

BASE = {"include/lamin/error.hpp": "#include <string>\n", "src/base/text.hpp": '#include "lamin/error.hpp"\n'}


def found(layers, root):
    return list(layers.violations(root))


def test_allowed_includes_pass(layers, tree):
    root = tree({**BASE, "src/db/connection.hpp": '#include "base/text.hpp"\n#include "lamin/error.hpp"\n#include <vector>\n',
                 "src/lake/record/save.cpp": '#include "db/connection.hpp"\n', "src/db/sqlite/open.cpp": '#include "db/connection.hpp"\n'})
    assert found(layers, root) == []


@pytest.mark.parametrize("file, line, complaint", [
    ("src/base/text.cpp", '#include "db/connection.hpp"', "base may not include db"),
    ("src/db/open.cpp", '#include "store/store.hpp"', "db may not include store"),
    ("src/store/local.cpp", '#include "db/connection.hpp"', "store may not include db"),
    ("src/store/local.cpp", '#include "lamin/database.hpp"', "store may not include registry"),
    ("src/faces/cli.cpp", '#include "db/connection.hpp"', "faces may not include db"),
    ("src/lake/record/save.cpp", '#include "faces/cli.hpp"', "lake may not include faces"),
    ("apps/cli/main.cpp", '#include "store/store.hpp"', "apps may not include store"),
    ("apps/cli/main.cpp", '#include "apps/server/http.hpp"', "apps/cli may not include apps/server"),
    ("apps/cli/main.cpp", '#include "python/binding/convert.hpp"', "apps may not include python"),
    ("src/lake/rows/version.cpp", '#include "lake/record/save.hpp"', "lake/rows may not include lake/record"),
    ("src/lake/rows/version.cpp", '#include "lamin/collection.hpp"', "lake/rows may not include lake/collection"),
    ("src/lake/novelty/a.cpp", "#include <string>", "lake has no folder 'novelty'"),
    ("src/db/open.cpp", '#include "db/faulty_testing.hpp"', "which is for tests"),
    ("examples/main_job.cpp", '#include "lake/record/save.hpp"', "which users do not have"),
    ("include/lamin/text.hpp", '#include "base/text.hpp"', "which users do not have"),
    ("include/lamin/text.hpp", "#include <fmt/format.h>", "only std and lamin/"),
    ("include/lamin/novelty.hpp", "#include <string>", "a public header without a layer"),
    ("include/lamin/value.hpp", '#include "lamin/record.hpp"', "base may not include registry"),
    ("src/novelty/a.cpp", "#include <string>", "there is no layer 'novelty'"),
    ("src/db/open.cpp", '#include "db/gone.hpp"', "is no file of ours"),
    ("src/db/open.cpp", '#include "tests/conformance/db_suite.hpp"', "only tests may"),
])
def test_each_break_is_found(layers, tree, file, line, complaint):
    empty = "#include <string>\n"
    root = tree({**BASE, "src/db/connection.hpp": empty, "src/store/store.hpp": empty, "src/faces/cli.hpp": empty, "src/lake/record/save.hpp": empty,
                 "src/db/faulty_testing.hpp": empty, "include/lamin/collection.hpp": empty, "apps/server/http.hpp": empty, "python/binding/convert.hpp": empty, "include/lamin/database.hpp": empty,
                 "include/lamin/record.hpp": empty, "tests/conformance/db_suite.hpp": empty, file: line + "\n"})
    assert len(found(layers, root)) == 1
    assert complaint in found(layers, root)[0]


def test_a_test_may_include_the_conformance_suite(layers, tree):
    root = tree({"tests/conformance/db_suite.hpp": "", "src/db/sqlite_test.cpp": '#include "tests/conformance/db_suite.hpp"\n'})
    assert found(layers, root) == []


def test_a_cycle_is_found_with_its_members(layers, tree):
    root = tree({"src/db/a.hpp": '#include "db/b.hpp"\n', "src/db/b.hpp": '#include "db/c.hpp"\n', "src/db/c.hpp": '#include "db/a.hpp"\n'})
    assert [text for text in found(layers, root) if "include cycle" in text] == [
        "include cycle: src/db/a.hpp -> src/db/b.hpp -> src/db/c.hpp -> src/db/a.hpp"]


def test_every_layer_of_the_table_sees_only_layers_of_the_table(layers):
    for layer, others in layers.MAY_INCLUDE.items():
        assert layer not in others
        assert set(others) <= set(layers.MAY_INCLUDE)
    for layer, folders in layers.FOLDERS.items():
        assert layer in layers.MAY_INCLUDE
        for folder, below in folders.items():
            assert set(below) < set(folders) and folder not in below
    for place in layers.PUBLIC.values():
        layer, _, folder = place.partition("/")
        assert layer in layers.MAY_INCLUDE and folder in layers.FOLDERS.get(layer, {}) or not folder
