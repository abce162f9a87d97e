#!/usr/bin/env python3
"""Joins two tables of human genes to one whose columns are the fields of the Gene registry.

    zstd -d human_genes_orgHsegdb_3.16.tsv.zst
    python make_human_genes.py genes_homo_sapiens.csv.gz human_genes_orgHsegdb_3.16.tsv human_genes.csv.gz

The first table (GENCODE v48, Ensembl release 114) decides which genes there are: ensembl id, symbol, biotype. The second
(NCBI Gene of 2022-09, by Bioconductor's org.Hs.eg.db) adds, by ensembl id, ncbi_gene_ids, description and synonyms; a
symbol of NCBI that differs from GENCODE's is a synonym, too.
"""

import csv
import gzip
import sys
from collections import defaultdict

FIELDS = ["ensembl_gene_id", "symbol", "ncbi_gene_ids", "biotype", "synonyms", "description"]


def ncbi_genes_by_ensembl_id(path: str) -> dict[str, list[dict]]:
    found = defaultdict(list)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for ensembl_id in filter(None, row["ensembl_gene_ids"].split("|")):
                found[ensembl_id].append(row)
    return found


def joined(ensembl_id: str, symbol: str, biotype: str, ncbi: list[dict]) -> list[str]:
    names = []
    for row in ncbi:
        names += [row["symbol"], *row["synonyms"].split("|")]
    synonyms = [name for name in dict.fromkeys(names) if name and name != symbol]
    return [
        ensembl_id,
        symbol,
        "|".join(row["ncbi_gene_id"] for row in ncbi),
        biotype,
        "|".join(synonyms),
        ncbi[0]["description"] if ncbi else "",
    ]


def main(gencode: str, ncbi: str, target: str) -> None:
    ncbi_genes = ncbi_genes_by_ensembl_id(ncbi)
    with gzip.open(gencode, "rt", encoding="utf-8", newline="") as file:
        rows = sorted(
            joined(ensembl_id, symbol, biotype, ncbi_genes.get(ensembl_id, []))
            for ensembl_id, symbol, _version, _length, biotype in csv.reader(file)
        )
    # No time and no name in the header: the same input gives the same bytes.
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        for row in [FIELDS, *rows]:
            packed.write((",".join(_cell(value) for value in row) + "\n").encode())


def _cell(value: str) -> str:
    if any(char in value for char in ',"\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
