"""Each law finds what it forbids, and does not cry over what is allowed."""
import pytest

MODULES = {"src/modules/bionty.cpp": 'Module{.name = "bionty", .registries = {{.name = "CellType"}, {.name = "Gene"}}};\n'}


def broken(laws, law, root):
    return [text for text in laws.violations(root)] if law is None else list(
        law(root, [(file.relative_to(root).as_posix(), file) for file in laws.listed(root)]))


@pytest.mark.parametrize("file, text", [
    ("src/registry/query.cpp", 'auto t = catalog.table("bionty.CellType");\n'),
    ("src/registry/query.cpp", 'auto t = catalog.table("Gene");\n'),
    ("src/db/bulk.cpp", 'insert("bionty_celltype");\n'),
    ("src/faces/cli.cpp", "struct CellType {};\n"),
    ("apps/cli/main.cpp", 'list("CellType");\n'),
    ("python/lamindb/_queries/queryset.py", 'x = table("bionty.Gene")\n'),
    ("python/lamindb/_queries/queryset.py", "x = bt.CellType\n"),
])
def test_a_registry_named_in_the_wrong_place_is_found(laws, tree, file, text):
    root = tree({**MODULES, file: text})
    assert len(broken(laws, laws.law_registry_names, root)) == 1


@pytest.mark.parametrize("file, text", [
    ("src/lake/label.cpp", 'catalog.table("bionty.CellType");\n'),
    ("src/registry/query.cpp", "// such as CellType\nint gene = 1;\n"),
    ("src/registry/query_test.cpp", 'catalog.table("bionty.CellType");\n'),
    ("python/bionty/__init__.py", 'x = "CellType"\n'),
    ("python/lamindb/_queries/queryset.py", '"""Finds a CellType."""\ngenes = 1\n'),
    ("docs/tour.md", "CellType\n"),
    ("apps/cli/table.cpp", 'option("--dtype", "such as cat[bionty.CellType]");\n'),
    ("python/lamindb/_made.py", '"""Written by a tool; do not edit."""\nx = "CellType"\n'),
])
def test_a_registry_named_where_it_may_be_passes(laws, tree, file, text):
    assert broken(laws, laws.law_registry_names, tree({**MODULES, file: text})) == []


@pytest.mark.parametrize("code, count", [
    ("case Kind::text: return 1;\n", 1),
    ("case schema::Kind::ref: return 1;\n", 1),
    ("using enum schema::Kind;\n", 1),
    ("case Column::Kind::text: return 1;\n", 0),
    ("using Kind = lamin::Column::Kind;\ncase Kind::text: return 1;\n", 0),
    ("// case Kind::text\n", 0),
    ('auto s = "case Kind::text";\n', 0),
])
def test_a_switch_over_kinds_is_found(laws, tree, code, count):
    root = tree({"src/registry/a.cpp": code, "src/schema/kind.hpp": code, "src/frame/column.cpp": "case Kind::text: break;\n"})
    assert len(broken(laws, laws.law_kinds, root)) == count


@pytest.mark.parametrize("code, count", [
    ("namespace lamin::lake {\nclass Content {\n  int size() {}\n};\n}\n", 1),
    ("namespace lamin::lake {\nstruct Content final : Base {\n};\n}\n", 1),
    ("namespace lamin {\nnamespace lake {\nenum class Content { a };\n}\n}\n", 1),
    ("namespace lamin::lake {\nnamespace {\nstruct Content {};\n}\n}\n", 0),
    ("namespace lamin::faces {\nstruct Content {};\n}\n", 0),
    ("namespace lamin::lake {\nclass Content;\nstruct Content f(struct Content c) { return c; }\n}\n", 0),
    ("namespace lamin::lake {\nstruct Other {\n  struct Content {};\n};\nstruct Content::Part {};\n}\n", 0),
    ("namespace lamin::lake {\n// struct Content {\n}\n", 0),
])
def test_a_type_defined_twice_is_found(laws, tree, code, count):
    root = tree({"src/lake/a/content.hpp": "namespace lamin::lake {\nstruct Content {};\n}\n", "src/lake/b/moves.hpp": code})
    assert len(broken(laws, laws.law_definitions, root)) == count


@pytest.mark.parametrize("code, count", [
    ("std::vector<int> all;\n", 1),
    ("int counter = 0;\n", 1),
    ("static std::map<std::string, int> cache{};\n", 1),
    ("thread_local int depth = 0;\n", 1),
    ("int f() {\n  static int calls = 0;\n  return ++calls;\n}\n", 1),
    ("constexpr int limit = 3;\n", 0),
    ("const std::string name = \"a\";\n", 0),
    ("inline constexpr std::string_view name = \"a\";\n", 0),
    ("int f() {\n  static const std::map<int, int> table = make();\n  return 1;\n}\n", 0),
    ("struct S {\n  static S make(int a);\n  int member = 0;\n};\n", 0),
    ("int f(int a) { return a; }\nint g(int a);\n", 0),
    ("using Row = std::vector<int>;\n", 0),
    ("namespace a = b;\n", 0),
])
def test_a_mutable_global_is_found(laws, tree, code, count):
    root = tree({"src/registry/a.cpp": code, "src/base/log.cpp": "int counter = 0;\n"})
    assert len(broken(laws, laws.law_globals, root)) == count


@pytest.mark.parametrize("file, include, count", [
    ("src/lake/a.cpp", "<arrow/api.h>", 1),
    ("src/format/arrow/a.cpp", "<arrow/api.h>", 0),
    ("src/format/csv.cpp", "<hdf5.h>", 1),
    ("src/registry/a.cpp", "<sqlite3.h>", 1),
    ("src/db/sqlite.cpp", "<libpq-fe.h>", 1),
    ("src/db/postgres/a.cpp", "<libpq-fe.h>", 0),
    ("src/faces/a.cpp", "<nanobind/nanobind.h>", 1),
    ("apps/cli/main.cpp", "<CLI/CLI.hpp>", 1),
    ("apps/cli/parser.cpp", "<CLI/CLI.hpp>", 0),
])
def test_a_heavy_header_in_the_wrong_folder_is_found(laws, tree, file, include, count):
    assert len(broken(laws, laws.law_heavy_headers, tree({file: f"#include {include}\n"}))) == count


@pytest.mark.parametrize("text, count", [
    ("cd /home/ada/lamin\n", 1),
    ("see /root/notes\n", 1),
    ("pip install -i https://pypi.org/simple\n", 1),
    ("# TODO: later\n", 1),
    ("cd ~/lamin; see path/root/notes and $HOME/x; /home/someone/x\n", 0),
])
def test_machine_paths_hosts_and_unfinished_work_are_found(laws, tree, text, count):
    assert len(broken(laws, laws.law_clean_text, tree({"docs/a.md": text}))) == count


def test_names_come_from_the_golden_schema_without_mixins(laws, tree):
    schema = '[{"name": "bionty", "registries": [{"name": "BioRecord", "mixin": true}, {"name": "CellType"}]}, {"name": "lamindb", "registries": []}]'
    assert laws.ontology_registries(tree({"tests/golden/schema.json": schema})) == {"bionty": {"CellType"}}


def test_long_files_are_reported_and_do_not_fail(laws, tree):
    root = tree({"src/base/a.cpp": "// x\n" * 401})
    assert laws.violations(root) == []
    assert list(laws.long_files([("src/base/a.cpp", root / "src/base/a.cpp")])) == ["note: src/base/a.cpp has 401 lines (guide: 400)"]


@pytest.mark.parametrize("file, text, count", [
    ("src/lake/rows/x.cpp", 'auto s = "SELECT id FROM \\"" + table;', 1),
    ("src/lake/rows/x.cpp", 'auto s = "UPDATE lamindb_run SET x = 1";', 1),
    ("src/lake/rows/x.cpp", 'auto s = "SELECT path FROM lamin_link WHERE x = ?";', 0),
    ("src/lake/rows/x.cpp", '// SELECT id FROM lamindb_run\nauto s = "taken FROM somewhere else";', 0),
    ("src/registry/x.cpp", 'auto s = "SELECT id FROM \\"" + table;', 0),
    ("src/lake/rows/x_test.cpp", 'auto s = "SELECT id FROM lamindb_run";', 0),
])
def test_sql_about_tables_of_a_catalog_is_found(laws, tree, file, text, count):
    assert len(broken(laws, laws.law_catalog_sql, tree({file: text + "\n"}))) == count


@pytest.mark.parametrize("text, count", [
    ("x = record._aux['ei']", 1), ('TABLES = (".csv", ".parquet")', 1), ("rows.update(branch_id=-1)", 1),
    ('suffix = ".csv" if key.endswith(".csv") else ".parquet"', 0), ("branch_id = given", 0),
])
def test_a_fact_of_the_core_in_python_is_found(laws, tree, text, count):
    assert len(broken(laws, laws.law_facts_in_python, tree({"python/lamindb/x.py": text + "\n"}))) == count


def test_sources_share_a_unit_only_where_no_name_of_one_is_known_to_the_other(tree):
    import units

    root = tree({
        "src/a/shape.hpp": "namespace lamin {\nstruct Shape {};\n}\n",
        "src/a/one.cpp": "namespace lamin {\nnamespace {\nint text(int x) { return x; }\nusing base::Shape;\n}\nint one() { return text(1); }\n}\n",
        "src/a/says.cpp": "namespace lamin {\nint says() { return text(2); }\n}\n",
        "src/a/sees.cpp": '#include "shape.hpp"\nnamespace lamin {\nint sees() { return 3; }\n}\n',
        "src/a/macro.cpp": "#define one 1\nint macro() { return 6; }\n",
        "src/a/all.cpp": "using namespace std;\nint all() { return 4; }\n",
        "src/a/free.cpp": "// text Shape\nnamespace lamin {\nint free_() { return 5; }\n}\n",
    })
    found = [{file.name for file in unit} for unit in units.together(sorted((root / "src/a").glob("*.cpp")), 8)]
    unit = next(unit for unit in found if "one.cpp" in unit)
    assert unit == {"one.cpp", "free.cpp"}
    assert {"all.cpp"} in found


def test_sources_share_no_unit_where_a_header_of_one_hides_what_the_other_uses(tree):
    import units

    root = tree({
        "src/a/inner.hpp": "namespace lamin::lake {\nint source_of(int x);\n}\n",
        "src/a/outer.hpp": "namespace lamin {\nint source_of(double x);\n}\n",
        "src/a/brings.cpp": '#include "inner.hpp"\nnamespace lamin::lake {\nint brings() { return 1; }\n}\n',
        "src/a/uses.cpp": '#include "outer.hpp"\nnamespace lamin::lake {\nint uses() { return source_of(2); }\n}\n',
        "src/a/lacks.cpp": '#include "outer.hpp"\nnamespace lamin::lake {\nint lacks() { return 3; }\n}\n',
    })
    found = [{file.name for file in unit} for unit in units.together(sorted((root / "src/a").glob("*.cpp")), 8)]
    assert found == [{"brings.cpp", "lacks.cpp"}, {"uses.cpp"}]
