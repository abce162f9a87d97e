"""Public ontologies: looked up, taken over one by one or whole, downloaded from a real server, or brought in a folder."""

import http.server
import sys
import threading

import pytest

CELLS = (
    "ontology_id,name,synonyms,definition,parents\n"
    "CL:0000000,cell,,A cell.,\n"
    "CL:0000542,lymphocyte,,,CL:0000000\n"
    "CL:0000084,T cell,T-cell|T lymphocyte,A type of lymphocyte.,CL:0000542\n"
    "CL:0000236,B cell,B-cell,,CL:0000542\n"
)


@pytest.fixture
def release(bt, tmp_path, monkeypatch):
    """A release of Cell Ontology in a folder of one's own; nothing of it is registered."""
    monkeypatch.setenv("LAMIN_ONTOLOGIES", str(tmp_path))
    (tmp_path / "cl-2020-02-02.csv").write_text(CELLS)
    for links in (bt.models.ArtifactCellType, bt.models.RecordCellType):
        links.objects.all().delete()
    bt.CellType.objects.all().delete(permanent=True)
    source = bt.Source(entity="bionty.CellType", organism="all", name="cl", version="2020-02-02").save()
    yield source
    bt.CellType.objects.all().delete(permanent=True)
    source.delete(permanent=True)


def test_terms_are_looked_up_without_being_registered(bt, release):
    public = bt.CellType.public(source=release)
    assert repr(public) == "PublicOntology\nEntity: CellType\nOrganism: all\nSource: cl, 2020-02-02\n#terms: 4\n"
    assert public.validate(["T cell", "T-cell"], mute=True).tolist() == [True, False]
    assert public.validate(["CL:0000084"], field=public.ontology_id, mute=True).tolist() == [True]
    assert public.inspect(["T-cell", "x"], mute=True).synonyms_mapper == {"T-cell": "T cell"}
    assert public.inspect(["T-cell", "x"], mute=True, standardize=False).synonyms_mapper == {}
    assert public.standardize(["T-cell", "x"], mute=True) == ["T cell", "x"]
    assert public.standardize(["T-cell"], return_field="ontology_id", mute=True) == ["CL:0000084"]
    assert public.search("lymph")["name"].tolist()[0] == "lymphocyte"
    assert public.lookup().t_cell.ontology_id == "CL:0000084" and public.lookup().dict()["B cell"].parents == ["CL:0000542"]
    frame = public.to_dataframe()
    assert frame.index.name == "ontology_id" and frame.loc["CL:0000084", "definition"] == "A type of lymphocyte."
    assert list(frame.columns) == ["name", "synonyms", "definition", "parents"] and public.fields == {"ontology_id", *frame.columns}
    assert bt.CellType.filter().count() == 0


def test_pronto_is_asked_for_where_it_is_missing(bt, release, monkeypatch):
    monkeypatch.setitem(sys.modules, "pronto", None)
    with pytest.raises(ImportError, match="pip install pronto"):
        bt.CellType.public(source=release).to_pronto()


def test_a_term_brings_what_is_above_it(ln, bt, release):
    cell = bt.CellType.from_source("T lymphocyte", source=release)
    assert cell.name == "T cell" and cell.id is None and cell.source == release
    cell.save()
    assert cell.parents.to_list("name") == ["lymphocyte"] and bt.CellType.get(name="lymphocyte").parents.one().name == "cell"
    assert bt.CellType.from_source(ontology_id="CL:0000084") == cell
    found = bt.CellType.from_values(["B cell", "T-cell", "no such"], source=release, mute=True)
    assert [record.name for record in found] == ["T cell", "B cell"]
    found.save()
    assert bt.CellType.filter().count() == 4
    with pytest.raises(bt.CellType.DoesNotExist, match="no CellType found in source for the given field value: name='T-cell'"):
        bt.CellType.from_source(name="T-cell", source=release)
    with pytest.raises(ln.errors.InvalidArgument, match="Only one field"):
        bt.CellType.from_source(name="x", ontology_id="y")
    with pytest.raises(ln.errors.InvalidArgument, match="No field passed"):
        bt.CellType.from_source()


def test_a_dataset_may_contain_what_the_public_source_has(ln, bt, release):
    import pandas

    bt.Source.filter(entity="bionty.CellType", name="cl", currently_used=True).update(currently_used=False)
    release.currently_used = True
    release.save()
    feature = ln.Feature(name="public cell", dtype=bt.CellType).save()
    schema = ln.Schema([feature], name="public cells").save()
    frame = pandas.DataFrame({"public cell": pandas.Categorical(["T cell", "B cell", "T-cell"])})
    curator = ln.curators.DataFrameCurator(frame, schema)
    with pytest.raises(ln.errors.ValidationError, match="'T-cell'") as told:
        curator.validate()
    assert "'T cell'" not in str(told.value).split("→")[0].replace("'T-cell'", "")
    assert set(bt.CellType.filter().to_list("name")) == {"T cell", "B cell", "lymphocyte", "cell"}
    curator.cat.standardize("public cell")
    curator.validate()
    schema.delete(permanent=True)
    feature.delete(permanent=True)


def test_a_typo_is_explained_by_the_nearest_term_registered_or_not(ln, bt, release):
    """A registered term that is less alike does not hide the public one that was meant."""
    import pandas

    bt.Source.filter(entity="bionty.CellType", name="cl", currently_used=True).update(currently_used=False)
    release.currently_used = True
    release.save()
    bt.CellType.from_source(name="T cell", source=release).save()
    feature = ln.Feature(name="typo cell", dtype=bt.CellType).save()
    schema = ln.Schema([feature], name="typo cells").save()
    frame = pandas.DataFrame({"typo cell": ["T cell", "B cel", "t-CELL", "b-CELL"]})
    curator = ln.curators.DataFrameCurator(frame, schema)
    with pytest.raises(ln.errors.ValidationError, match="'B cel': did you mean 'B cell'"):
        curator.validate()
    values = {one["value"]: one["candidates"] for one in curator.report().to_dict()["files"][0]["problems"][0]["values"]}
    assert [(one["value"], one["why"]) for one in values["b-CELL"]] == [("B cell", "synonym")], values
    assert values["t-CELL"][0]["value"] == "T cell" and values["B cel"][0]["value"] == "B cell"
    schema.delete(permanent=True)
    feature.delete(permanent=True)


def test_a_whole_source_is_imported(bt, release):
    with pytest.raises(TypeError, match="not a str"):
        bt.CellType.import_source("cl")
    bt.CellType.import_source(release)
    assert bt.CellType.filter().count() == 4 and bt.Source.get(release.uid).in_db
    with pytest.raises(ValueError, match="the source is for bionty.CellType"):
        bt.Tissue.import_source(release)


def test_releases_differ(bt, release, tmp_path):
    (tmp_path / "cl-2021-01-01.csv").write_text(CELLS.replace("B cell", "B lymphocyte") + "CL:0000001,new,,,\n")
    later = bt.base.CellType(version="2021-01-01")
    only, changed = bt.CellType.public(source=release).diff(later)
    assert "new" in only["name"].tolist() and changed.index.tolist() == ["CL:0000236"]
    with pytest.raises(ValueError, match="must differ"):
        later.diff(later)


def test_terms_of_ones_own(bt, release):
    import pandas

    mine = bt.Source(entity="bionty.CellType", name="mine", version="1", organism="all")
    frame = pandas.DataFrame({"ontology_id": ["MY:1"], "name": ["my cell"]})
    source = bt.CellType.add_source(mine, df=frame)
    assert source.dataframe_artifact.kind == "__lamindb_run__"
    public = bt.CellType.public(source=source)
    assert type(public).__name__ == "StaticReference" and public.to_dataframe()["name"].tolist() == ["my cell"]
    empty = bt.Source(entity="bionty.CellType", name="none", version="1", organism="all").save()
    assert bt.CellType.public(source=empty).to_dataframe().empty
    source.delete(permanent=True)
    empty.delete(permanent=True)


def test_the_organism_of_the_settings_is_not_that_of_cell_types(ln, bt, release):
    bt.settings.organism = "mouse"
    try:
        assert bt.CellType.add_source("cl", version="2020-02-02") == release
        with pytest.raises(ln.errors.LaminError, match=r"the terms of cl 1999 \(bionty.CellType, all\) are not here"):
            bt.CellType.add_source("cl", version="1999")
    finally:
        bt.settings.organism = None


def test_known_sources_are_shown(bt):
    every = bt.base.display_sources()
    assert len(every) == 43 and list(every.columns) == ["name", "organism", "version", "url", "description", "source_website"]
    assert every.loc["CellType", "name"] == "cl" and every.loc["Drug", "name"].tolist() == ["chebi", "dron"] and every.index.name == "entity"
    used = bt.base.display_currently_used_sources(mute=True)
    assert list(used.columns) == ["organism", "name", "version"] and "pato" in used.loc["Phenotype", "name"].tolist() and len(used) < len(every)


def test_an_organism_is_asked_for(ln, bt):
    for verb in (bt.Gene.public, bt.CellMarker.import_source):
        with pytest.raises(ln.errors.OrganismNotSet, match="`organism` is required to get Source record"):
            verb()


def test_what_cannot_be_had_says_what_to_bring(ln, bt):
    with pytest.raises(ln.errors.LaminError, match=r"lamin ontology add.*LAMIN_ONTOLOGIES.*pato-2025-05-14\.obo"):
        bt.Phenotype.public()


class Server(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, by range if asked; the first `cuts` answers end in the middle."""

    cuts, asked = 0, []

    def do_GET(self):
        path = self.translate_path(self.path)
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            return self.send_error(404)
        wanted = self.headers.get("Range")
        type(self).asked.append((self.path.rsplit("/", 1)[1], wanted))
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        if type(self).cuts:
            type(self).cuts -= 1
            self.wfile.write(data[start : start + 30])
            return self.connection.close()
        self.wfile.write(data[start:])

    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    folder = tmp_path / "web" / "bionty-assets"
    folder.mkdir(parents=True)
    Server.cuts, Server.asked = 0, []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: Server(*args, directory=str(tmp_path / "web"))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.delenv("LAMIN_OFFLINE")
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{running.server_port}")
        yield folder
        running.shutdown()


def test_a_release_is_downloaded_once_and_continued_where_it_was_cut_off(ln, bt, server):
    import io

    import pandas

    frame = pandas.read_csv(io.StringIO(CELLS))
    frame["parents"] = [[] if parents != parents else [parents] for parents in frame["parents"]]
    name = "df_all__cl__2018-08-08__CellType.parquet"
    frame.set_index("ontology_id").to_parquet(server / name)
    source = bt.Source(entity="bionty.CellType", organism="all", name="cl", version="2018-08-08", url="s3://bionty-assets/" + name).save()
    Server.cuts = 1
    with pytest.raises(ln.errors.LaminError, match="cannot be downloaded"):
        bt.CellType.public(source=source)
    public = bt.CellType.public(source=source)
    assert public.to_dataframe().loc["CL:0000084", "parents"] == ["CL:0000542"]
    assert Server.asked == [(name, None), (name, "bytes=30-")]
    bt.CellType.public(source=source)
    assert len(Server.asked) == 2
    source.delete(permanent=True)


def test_what_no_server_has_is_said(ln, bt, server):
    source = bt.Source(entity="bionty.CellType", organism="all", name="cl", version="2017-07-07", url=None).save()
    with pytest.raises(ln.errors.LaminError, match=r"terms of cl 2017-07-07 .* cannot be downloaded: .*LAMIN_ONTOLOGIES"):
        bt.CellType.import_source(source)
    source.delete(permanent=True)


def test_several_processes_download_a_release_once(ln, bt, server, tmp_path):
    import os
    import subprocess
    import sys

    name = "df_all__cl__2016-06-06__CellType.csv"
    rows = "".join(f"CL:{9_000_000 + i},cell {i},,,\n" for i in range(50_000))
    (server / name).write_text("ontology_id,name,synonyms,definition,parents\n" + rows)
    source = bt.Source(entity="bionty.CellType", organism="all", name="cl", version="2016-06-06", url="s3://bionty-assets/" + name).save()
    code = "import bionty as bt; print(len(bt.CellType.public(source=bt.Source.get(version='2016-06-06')).to_dataframe()))"
    env = {**os.environ, "LAMIN_CACHE_DIR": str(tmp_path / "fresh")}
    running = [subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [one.communicate(timeout=120)[0].split()[-1] for one in running] == ["50000"] * 4
    assert Server.asked.count((name, None)) == 1
    assert not [path for path in (tmp_path / "fresh" / "ontologies").iterdir() if not path.name.endswith((".csv", ".db"))]
    source.delete(permanent=True)
