#!/usr/bin/env python3
"""Makes the subsets of public ontologies that come with the program, from files that README.md names.

    python make_subsets.py FOLDER_OF_SOURCES FOLDER_OF_RESULTS

Needs the program `zstd`. The same input gives the same bytes. Of the terms, names, definitions, synonyms, parents and
obsolete ids with what replaces them are kept; the closure, comments and cross-references are left out. A file that lacks
terms of its release says so ("remark: subset", "#!subset"), so that nobody takes it for the whole.
"""

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

GUIDE = [  # file of the CELLxGENE guide, prefix, organism, source, version, registry
    ("CL-ontology-v2026-03-26", "CL", "all", "cl", "2026-03-26", "CellType"),
    ("UBERON-ontology-v2026-04-01", "UBERON", "all", "uberon", "2026-04-01", "Tissue"),
    ("MONDO-ontology-v2026-05-05", "MONDO", "all", "mondo", "2026-05-05", "Disease"),
    ("EFO-ontology-v3.90.0", "EFO", "all", "efo", "3.90.0", "ExperimentalFactor"),
    ("PATO-ontology-v2025-05-14", "PATO", "all", "pato", "2025-05-14", "Phenotype"),
    ("HANCESTRO-ontology-v2025-10-14", "HANCESTRO", "human", "hancestro", "2025-10-14", "Ethnicity"),
    ("HsapDv-ontology-v2025-01-23", "HsapDv", "human", "hsapdv", "2025-01-23", "DevelopmentalStage"),
    ("MmusDv-ontology-v2025-01-23", "MmusDv", "mouse", "mmusdv", "2025-01-23", "DevelopmentalStage"),
]
ASSAYS = {"EFO:0002694", "EFO:0002772", "EFO:0003740", "EFO:0010183"}  # experimental process, assay, library construction
SUBSET = "#!subset\n"
VERTEBRATES = [  # name, species, taxon: as Ensembl's table of species has them
    ("Human", "homo_sapiens", 9606), ("Mouse", "mus_musculus", 10090), ("Rat", "rattus_norvegicus", 10116),
    ("Zebrafish", "danio_rerio", 7955), ("Macaque", "macaca_mulatta", 9544), ("Crab-eating macaque", "macaca_fascicularis", 9541),
    ("Chimpanzee", "pan_troglodytes", 9598), ("Bonobo", "pan_paniscus", 9597), ("Gorilla", "gorilla_gorilla", 9595),
    ("White-tufted-ear marmoset", "callithrix_jacchus", 9483), ("Pig", "sus_scrofa", 9823), ("Cow", "bos_taurus", 9913),
    ("Sheep", "ovis_aries", 9940), ("Goat", "capra_hircus", 9925), ("Horse", "equus_caballus", 9796),
    ("Dog", "canis_lupus_familiaris", 9615), ("Cat", "felis_catus", 9685), ("Rabbit", "oryctolagus_cuniculus", 9986),
    ("Guinea Pig", "cavia_porcellus", 10141), ("Golden Hamster", "mesocricetus_auratus", 10036),
    ("Chicken", "gallus_gallus", 9031), ("Tropical clawed frog", "xenopus_tropicalis", 8364),
    ("Opossum", "monodelphis_domestica", 13616), ("Platypus", "ornithorhynchus_anatinus", 9258),
]  # fmt: skip


def unpacked(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = subprocess.run(["zstd", "-dc", str(path)], check=True, stdout=subprocess.PIPE).stdout
    elif path.suffix == ".gz":
        data = gzip.decompress(data)
    return data.decode()


def pack(target: Path, text: str) -> None:
    subprocess.run(["zstd", "-q", "-19", "--ultra", "-22", "-f", "-o", str(target), "-"], input=text.encode(), check=True)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def plain(text: str) -> str:
    for char in "\\!{}":
        text = text.replace(char, "\\" + char)
    return text.replace("\n", "\\n")


def term_lines(name: str, term: dict):
    yield f"\n[Term]\nid: {name}"
    if term["label"]:  # ids that were merged into others have none
        yield f"name: {plain(term['label'])}"
    if term.get("description"):
        yield f"def: {quoted(term['description'])} []"
    yield from (f"synonym: {quoted(synonym)} EXACT []" for synonym in sorted(set(term.get("synonyms", []))))
    if term["deprecated"]:
        yield "is_obsolete: true"
        if term.get("replaced_by"):
            yield f"replaced_by: {term['replaced_by']}"
        yield from (f"consider: {other}" for other in term.get("consider", []))
    else:
        yield from (f"is_a: {parent}" for parent in sorted(p for p, distance in term["ancestors"].items() if distance == 1))


def as_obo(text: str, prefix: str, source: str, version: str) -> str:
    terms = {name: term for name, term in json.loads(text).items() if name.startswith(prefix + ":")}
    if prefix == "EFO":  # the assays, with all above and below: EFO is about diseases, measurements and cell lines, too
        wanted = ASSAYS | {above for name in ASSAYS for above in terms[name]["ancestors"]}
        wanted |= {name for name, term in terms.items() if set(term["ancestors"]) & ASSAYS}
        terms = {name: term for name, term in terms.items() if name in wanted or term.get("replaced_by") in wanted}
    lines = ["format-version: 1.2", f"data-version: releases/{version}", f"ontology: {source}"]
    if prefix == "EFO":
        lines.append("remark: subset")
    for name in sorted(terms):
        lines += term_lines(name, terms[name])
    return "\n".join(lines) + "\n"


def rows_as_text(rows: list) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def ncbi_genes(path: Path) -> dict:
    """The rows of Bioconductor's table by Ensembl id."""
    found = defaultdict(list)
    for row in csv.DictReader(io.StringIO(unpacked(path)), delimiter="\t", quoting=csv.QUOTE_NONE):
        for ensembl_id in filter(None, row["ensembl_gene_ids"].split("|")):
            found[ensembl_id].append(row)
    return found


def genes(path: Path, ncbi: dict) -> list:
    rows = []
    for ensembl_id, symbol, _version, _length, biotype in csv.reader(io.StringIO(unpacked(path))):
        known = ncbi.get(ensembl_id, [])
        names = dict.fromkeys(name for row in known for name in [row["symbol"], *row["synonyms"].split("|")])
        symbol = "" if symbol == ensembl_id else symbol
        ids = "|".join(row["ncbi_gene_id"] for row in known)
        rows.append([ensembl_id, symbol, ids, biotype, "|".join(name for name in names if name and name != symbol)])
    return [["ensembl_gene_id", "symbol", "ncbi_gene_ids", "biotype", "synonyms"], *sorted(rows)]


def retired(earlier: Path, current: list) -> list:
    """Ids of GENCODE 44 that Ensembl 114 no longer has, with those that have the symbol now: where that is one, or few."""
    now, by_symbol = set(), defaultdict(set)
    for ensembl_id, symbol, *_ in current[1:]:
        now.add(ensembl_id)
        if symbol:
            by_symbol[symbol].add(ensembl_id)
    rows = set()
    for cells in csv.reader(io.StringIO(unpacked(earlier))):
        ids = [cell.split(".")[0] for cell in cells if re.match(r"ENSG\d", cell)]
        symbols = [cell for cell in cells if cell and not re.match(r"ENSG\d|\d+$", cell)]
        for old in ids:
            if old not in now:
                rows.update((old, new) for symbol in symbols for new in by_symbol.get(symbol, ()))
    return [["old_stable_id", "new_stable_id"], *sorted(map(list, rows))]


def cell_lines(guide: Path, depmap: Path) -> str:
    """Of Cellosaurus, the lines that DepMap has studied, and everything above them."""
    terms = json.loads(unpacked(guide))
    wanted = {row["RRID"].replace(":", "_") for row in csv.DictReader(io.StringIO(unpacked(depmap))) if row["RRID"].startswith("CVCL")}
    names = {name.replace(":", "_"): name for name in terms}
    chosen = {names[name] for name in wanted if name in names}
    chosen |= {above for name in list(chosen) for above in terms[name]["ancestors"] if above in terms}
    lines = ["format-version: 1.2", "data-version: 55.0", "ontology: cellosaurus", "remark: subset"]
    for name in sorted(chosen):
        lines += [line.replace("CVCL:", "CVCL_") for line in term_lines(name, terms[name])]
    return "\n".join(lines) + "\n"


def main(sources: Path, results: Path) -> None:
    for file, prefix, organism, source, version, registry in GUIDE:
        text = unpacked(sources / f"czi_guide/{file}.json.zst")
        pack(results / f"df_{organism}__{source}__{version}__{registry}.obo.zst", as_obo(text, prefix, source, version))
    lines = cell_lines(sources / "czi_guide/CVCL-ontology-55.0.json.zst", sources / "cell_lines/depmap_sample_info.csv.zst")
    pack(results / "df_all__cellosaurus__55.0__CellLine.obo.zst", lines)
    human = genes(sources / "genes/genes_homo_sapiens.csv.gz", ncbi_genes(sources / "debian/human_genes_orgHsegdb_3.16.tsv.zst"))
    mouse = genes(sources / "genes/genes_mus_musculus.csv.gz", {})
    for organism, rows in (("human", human), ("mouse", mouse)):
        pack(results / f"df_{organism}__ensembl__release-114__Gene.csv.zst", SUBSET + rows_as_text(rows))
    old = retired(sources / "genes/GENCODEv44_Gene_id2name.csv.zst", human)
    pack(results / "df-legacy_human__ensembl__release-114__Gene.csv.zst", rows_as_text(old))
    species = [["#name", "species", "division", "taxonomy_id"]]
    species += [[name, latin, "EnsemblVertebrates", taxon] for name, latin, taxon in VERTEBRATES]
    text = SUBSET + "\n".join("\t".join(map(str, row)) for row in species) + "\n"
    pack(results / "df_vertebrates__ensembl__release-114__Organism.tsv.zst", text)
    shutil.copy(sources / "pipelines/bfxpipelines.parquet", results / "df_all__lamin__1.0.0__BFXPipeline.parquet")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
