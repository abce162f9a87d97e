"""The figures of public ontologies: importing, comparing and reading them. The files are those that come with the program."""
from __future__ import annotations

import csv
import gzip
import json
import random
import re
import shutil
import subprocess
from contextlib import contextmanager
from html import escape
from pathlib import Path

import sides
from programs import BIN, PLACE, numbers
from sides import ROOT

RELEASES = ROOT / "data" / "ontologies"
#           registry, ontology, source file, and the most seconds that an import may take on a quiet machine
IMPORTS = [("CellType", "cl", "Cell Ontology", 0.15), ("Tissue", "uberon", "Uberon", 0.6), ("Disease", "mondo", "Mondo", 1.2)]


def release_text(ontology: str) -> str:
    file = sorted(RELEASES.glob(f"df_all__{ontology}__*.obo.zst"))[-1]
    return subprocess.run(["zstd", "-dcq", str(file)], capture_output=True, check=True).stdout.decode()


def live_terms(text: str, prefix: str) -> list[dict]:
    """The terms as the table that LaminDB accepts, as it cannot read OBO."""
    terms = []
    for block in re.split(r"\n\n(?=\[)", text):
        def one(key, block=block):
            found = re.search(rf"^{key}: (.*)$", block, re.M)
            return found[1] if found else None
        if not block.startswith("[Term]") or not (one("id") or "").startswith(prefix) or one("is_obsolete") == "true" or not one("name"):
            continue
        definition = re.match(r'"((?:[^"\\]|\\.)*)"', one("def") or "")
        parents = re.findall(r"^(?:is_a:|relationship: part_of) (\S+)", block, re.M)
        terms.append({"ontology_id": one("id"), "name": one("name"), "definition": definition[1] if definition else None,
                      "synonyms": "|".join(re.findall(r'^synonym: "((?:[^"\\|]|\\.)*)" EXACT', block, re.M)) or None,
                      "parents": [parent for parent in parents if parent.startswith(prefix)]})
    return terms


def earlier_release(text: str) -> str:
    """The same ontology a year ago, roughly: of 100 terms 6 are not there yet, 2 have another name, 4 another parent."""
    random.seed(3)
    head, *blocks = text.split("\n\n[Term]\n")
    kept = []
    for block in blocks:
        fate = random.random()
        if fate < 0.06 and "is_obsolete" not in block:
            continue
        if fate < 0.08:
            block = re.sub(r"^name: (.*)$", r"name: \1, former name", block, count=1, flags=re.M)
        elif fate < 0.12:
            block = re.sub(r"^is_a: .*\n?", "", block, count=1, flags=re.M)
        kept.append(block)
    head = re.sub(r"^data-version: .*$", "data-version: releases/2025-02-04", head, flags=re.M)
    return "\n\n[Term]\n".join([head, *kept])


OWL = """<?xml version="1.0"?>
<rdf:RDF xmlns="http://purl.obolibrary.org/obo/bench.owl#" xmlns:obo="http://purl.obolibrary.org/obo/"
  xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">
<owl:Ontology rdf:about="http://purl.obolibrary.org/obo/mondo.owl"><owl:versionIRI
  rdf:resource="http://purl.obolibrary.org/obo/mondo/releases/2026-05-05/mondo.owl"/></owl:Ontology>
"""


def iri(term: str) -> str:
    return "http://purl.obolibrary.org/obo/" + term.replace(":", "_")


def as_owl(terms: list[dict]) -> str:
    out = [OWL]
    for term in terms:
        out.append(f'  <owl:Class rdf:about="{iri(term["ontology_id"])}">\n')
        out += [f'    <rdfs:subClassOf rdf:resource="{iri(parent)}"/>\n' for parent in term["parents"]]
        if term["definition"]:
            out.append(f"    <obo:IAO_0000115>{escape(term['definition'])}</obo:IAO_0000115>\n")
        out += [f"    <oboInOwl:hasExactSynonym>{escape(one)}</oboInOwl:hasExactSynonym>\n" for one in (term["synonyms"] or "").split("|") if one]
        out.append(f"    <oboInOwl:id>{term['ontology_id']}</oboInOwl:id>\n    <rdfs:label>{escape(term['name'])}</rdfs:label>\n  </owl:Class>\n")
    return "".join(out) + "</rdf:RDF>\n"


def as_obo_graph(terms: list[dict]) -> str:
    nodes, edges = [], []
    for term in terms:
        meta = {"synonyms": [{"pred": "hasExactSynonym", "val": one} for one in (term["synonyms"] or "").split("|") if one]}
        if term["definition"]:
            meta["definition"] = {"val": term["definition"], "xrefs": []}
        nodes.append({"id": iri(term["ontology_id"]), "lbl": term["name"], "type": "CLASS", "meta": meta})
        edges += [{"sub": iri(term["ontology_id"]), "pred": "is_a", "obj": iri(parent)} for parent in term["parents"]]
    version = "http://purl.obolibrary.org/obo/mondo/releases/2026-05-05/mondo.json"
    graph = {"id": "http://purl.obolibrary.org/obo/mondo.json", "meta": {"version": version}, "nodes": nodes, "edges": edges}
    return json.dumps({"graphs": [graph]}, indent=2, separators=(",", " : "))  # as ROBOT writes it


SYLLABLES = "ba co di fu lac to myc es pse udo mon as stre pto bac ter cor yne sal mo nel la vib rio hel ico".split()


def write_taxonomy(folder: Path, n: int) -> None:
    """A dump of NCBI's taxonomy with n taxa."""
    random.seed(4)
    folder.mkdir(parents=True, exist_ok=True)
    pick = random.choice
    with (folder / "names.dmp").open("w") as names, (folder / "nodes.dmp").open("w") as nodes:
        for taxon in range(1, n + 1):
            name = f"{pick(SYLLABLES)}{pick(SYLLABLES)}{pick(SYLLABLES)}".capitalize() + f" {pick(SYLLABLES)}{pick(SYLLABLES)}{pick(SYLLABLES)} {taxon}"
            names.write(f"{taxon}\t|\t{name}\t|\t\t|\tscientific name\t|\n")
            if taxon % 30 == 0:
                names.write(f"{taxon}\t|\tcommon {name}\t|\t\t|\tcommon name\t|\n")
            parent = 1 if taxon == 1 else random.randrange(1, taxon)
            nodes.write(f"{taxon}\t|\t{parent}\t|\tspecies\t|\n")


class OntologyFigures:
    """Groups of `run.py`."""

    def ontology(self):
        for registry, ontology, called, limit in IMPORTS[: self.n(3, 2)]:
            text = release_text(ontology)
            terms = live_terms(text, f"{ontology.upper()}:")
            which = {"ONTOLOGY": ontology, "REGISTRY": registry}
            ours, raw, theirs = [], [], []
            for _ in range(self.n(5, 3)):
                with self.ours.anew() as side, self.rows_alone(side, raw):
                    (side.folder / f"{ontology}.obo").write_text(text)
                    ours += side.work("ontology", len(terms), **which)["import"]
            with self.theirs.anew() as side:
                (side.folder / f"{ontology}.json").write_text(json.dumps(terms))
                sides.touch(self.MEMORY)
                theirs += side.work("ontology", len(terms), **which)["import"]
            what = f"importing {called} with parents, {len(terms):,} terms"
            self.table.add(what, ours, theirs, goal=20, note="ours reads the OBO file, theirs a ready table")
            self.table.add(f"{what}, against raw SQLite", ours, raw, ratio="share", limit=limit, note=self.ALONE)

    ALONE = "the same rows and indexes, nothing read or checked"
    MEMORY = 512  # megabytes, more than an import takes

    @contextmanager
    def rows_alone(self, side: sides.Side, seconds: list[float]):
        """Adds what SQLite needs to write the rows that come into the database of `side`, by the quickest way. Both find memory at hand."""
        bare = side.folder / "bare.db"
        shutil.copy(side.database, bare)
        sides.touch(self.MEMORY)
        yield
        times = []
        for way in ("again", "again-last"):
            copy = bare.with_suffix(f".{way}")
            shutil.copy(bare, copy)
            sides.touch(self.MEMORY)
            times += numbers(BIN / "bench_raw", way, copy, side.database)
        seconds.append(min(times))

    def gene_import(self):
        file = ROOT / "examples" / "data" / "human_genes.csv.gz"
        ours, raw = [], []
        for _ in range(self.n(3, 1)):
            with self.ours.anew() as side, self.rows_alone(side, raw):
                ours += side.work("gene_import", 1, GENES=str(file))["import"]
        with gzip.open(file, "rt") as rows:
            n = sum(1 for _ in csv.reader(rows)) - 1
        if not self.quick:
            with self.theirs.anew() as side:
                theirs = side.work("gene_import", 0, GENES=str(file))["import"]
            self.table.add(f"importing {n:,} genes", ours, theirs, goal=20, note="ours reads the csv.gz file, theirs a ready table")
        self.table.add(f"importing {n:,} genes, against raw SQLite", ours, raw, ratio="share", limit=2.0, note=self.ALONE)

    def release_diff(self):
        """Two releases of Mondo, read before; the shell's whole process, and the comparison in it."""
        with self.ours.anew() as side:
            releases = side.folder / "releases"
            releases.mkdir()
            text = release_text("mondo")
            (releases / "mondo-2026-05-05.obo").write_text(text)
            (releases / "mondo-2025-02-04.obo").write_text(earlier_release(text))
            env = {"LAMIN_ONTOLOGIES": str(releases), "LAMIN_OFFLINE": "1"}
            words = [side.lamin, "ontology", "diff", "mondo", "2025-02-04", "2026-05-05", "--report", "json"]
            side.run(*words, **env)  # reads the files
            changes = json.loads(side.output)["changes"]
            self.table.add("lamin ontology diff of two Mondos, whole process", [side.run(*words, **env) for _ in range(self.n(11, 5))], None,
                           note=f"{len(changes):,} changes as JSON")
            self.table.add("the same in a process that has read them", side.work("release_diff", self.n(21, 5), **env)["diff"], None, limit=0.050)

    def parsing(self):
        """Files of Mondo in three syntaxes: speed, and memory in units of the file."""
        terms = live_terms(release_text("mondo"), "MONDO:")
        folder = self.ours.folder / "syntaxes"
        folder.mkdir(exist_ok=True)
        for name, text, speed in (("mondo.obo", release_text("mondo"), 150), ("mondo.owl", as_owl(terms), 120), ("mondo.json", as_obo_graph(terms), 300)):
            file = folder / name
            file.write_text(text)
            size = file.stat().st_size
            times = self.native("parse", file, self.n(9, 3))
            self.table.add(f"reading {name}, {size / 1e6:.1f} MB", times, None, limit=size / speed / 1e6, note=f"{size / 1e6 / sorted(times)[len(times) // 2]:.0f} MB/s")
            (used,) = self.native("memory", file)
            self.table.add(f"memory to read {name}, in units of the file as s", [used / size], None, limit=3.0)

    def native(self, *words) -> list[float]:
        return numbers(BIN / "bench_native", *words, cwd=self.ours.folder, env=self.ours.env)

    def taxonomy(self):
        """NCBI's taxonomy, of as many taxa as it has had."""
        n = self.n(2_500_000, 100_000)
        dump = PLACE / "taxonomy"
        write_taxonomy(dump, n)
        words = ["import", "organism", dump, "--source", "ncbitaxon", "--version", "2026-01-01"]
        raw = []
        with self.ours.anew() as side, self.rows_alone(side, raw):
            ours = [side.run(side.lamin, *words)]
        with self.ours.anew() as side:
            memory = sides.peak_memory([side.lamin, *words], side.folder, side.env)
        self.table.add(f"importing NCBI's taxonomy, {n:,} taxa, against raw SQLite", ours, raw, ratio="share", limit=20 * n / 2_500_000, note=self.ALONE)
        self.table.add(f"memory to import {n:,} taxa, in units of 1 GB as s", [memory / 1e9], None, limit=1.0)

    def terms(self):
        """Look-ups in all of Mondo: names of a dataset, and what is below a term."""
        text = release_text("mondo")
        known = live_terms(text, "MONDO:")
        random.seed(5)
        names = [term["name"] + (" x" if random.random() < 0.05 else "") for term in random.sample(known, 1000)]
        for both, where in self.databases_anew():
            ours, theirs = both
            (ours.folder / "mondo.obo").write_text(text)
            ours.run(ours.lamin, "import", "disease", ours.folder / "mondo.obo")
            sides.fill_diseases(theirs, known)
            for side in both:
                (side.folder / "names.txt").write_text("\n".join(names))
            times = [side.work("terms", 51)["validate"] for side in both]
            at_most = 0.0002 if where == "SQLite" else None  # a server's answer alone takes half of it
            self.table.add(f"{where}: validate of 1,000 names against {len(known):,} terms", *times, limit=at_most)
            below = numbers(BIN / "bench_native", "below", "bionty.Disease", self.n(1000, 200), cwd=ours.folder, env=ours.env)
            self.table.add(f"{where}: all that is below a term, median of {len(below)}", below, None, limit=0.001)
            self.table.add(f"{where}: the same, 99th percentile", [sorted(below)[len(below) * 99 // 100]], None)

    def fill_genome(self) -> tuple[int, int]:
        """How many genes there are then, and how many symbols to look up."""
        sizes = self.n(77_600, 10_000), self.n(16_727, 2_000)
        sides.fill_genes(self.both, *sizes)
        self.genome = True
        return sizes

    def genes(self):
        n, symbols = self.fill_genome()
        times = {side.name: side.work("genes", 1) for side in self.both}
        for verb, goal, limit in (("validate", 30, None), ("standardize", 50, 0.010)):
            self.table.add(f"{verb} of {symbols:,} symbols against {n:,} genes", times["ours"][verb], times["theirs"][verb], goal=goal, limit=limit)
