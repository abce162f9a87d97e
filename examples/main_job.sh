#!/usr/bin/env bash
# The main job in the shell: nothing but `lamin`. See main_job.py for what it is about.
#   examples/main_job.sh [FOLDER]      works in FOLDER, default a new temporary one
set -euo pipefail

data=$(cd "$(dirname "$0")/data" && pwd)
cd "${1:-$(mktemp -d)}"
say() { printf '\n== %s\n' "$*"; }
expect() { [[ "$2" == "$3" ]] || { echo "main job: $1: got '$2', wanted '$3'" >&2; exit 1; }; }

say "Make an instance"
lamin init --storage ./cells --modules bionty ${LAMIN_DEMO_DB:+--db "$LAMIN_DEMO_DB"}
lamin track --key main_job.sh

say "Import Cell Ontology and the human genes"
lamin import cell_type "$data/cl_2026-03-26.obo"
lamin import gene "$data/human_genes.csv.gz" --organism human

say "Say what a valid dataset is"
lamin create feature cell_type --dtype 'cat[bionty.CellType]'
lamin create schema "cells typed by ontology" --features cell_type
lamin create schema "typed cells" --otype AnnData --slot "obs=cells typed by ontology"

say "Check a dataset whose cell types were typed by hand: it is refused, and says why"
if lamin curate "$data/pbmc68k_typed.h5ad" --schema "typed cells"; then
  echo "main job: a dataset with typos passed" >&2
  exit 1
fi

say "Fix it: synonyms by the ontology, typos by a person"
lamin curate "$data/pbmc68k_typed.h5ad" --schema "typed cells" \
  --replace "obs.cell_type:cytotoxic T cel=cytotoxic T cell" \
  --replace "obs.cell_type:hematopoetic stem cell=hematopoietic stem cell" --write pbmc.h5ad

say "Save it validated and annotated, then a second version"
first=$(lamin save pbmc.h5ad --key blood/pbmc.h5ad --schema "typed cells")
lamin curate pbmc.h5ad --schema "typed cells" --replace "obs.phase:G1=g1" --write pbmc_2.h5ad
second=$(lamin save pbmc_2.h5ad --key blood/pbmc.h5ad --schema "typed cells")
expect "family" "${second:0:16}" "${first:0:16}"
expect "version" "${second:16}" 0001

say "Find all datasets with any T cell"
lamin list artifact --any "cell_types=T cell"
expect "found" "$(lamin list artifact --any "cell_types=T cell" --where "is_latest = true" --json | grep -c "$second")" 1

say "Load, describe, lineage"
path=$(lamin load --key blood/pbmc.h5ad)
cmp "$path" pbmc_2.h5ad
lamin describe --key blood/pbmc.h5ad
lamin lineage --key blood/pbmc.h5ad
lamin finish
echo
echo "Done."
