"""The figures of reading what is in files: rows of matrices, mapped collections, SQL."""
from __future__ import annotations

from pathlib import Path
from statistics import median

from programs import BIN, numbers


class DataFigures:
    """Groups of `run.py`."""

    def matrices(self) -> tuple[int, str]:
        """Files of the groups `rows` and `mapped`: their number of cells, and how their names begin."""
        n, place = self.n(20_000, 6_000), str(self.ours.place / "matrices")
        if not Path(f"{place}_gzip1.h5ad").exists() or self.made_matrices != n:
            self.ours.work("make_matrices", n, CELLS=place)
            self.made_matrices = n
        return n, place

    def rows(self):
        """Rows of the matrix of an open h5ad file, compressed."""
        n, place = self.matrices()
        times = {side.name: side.work("rows", n, CELLS=place) for side in self.both}
        for what, name in (("2,000 rows in order", "blocks"), ("2,000 rows anywhere", "anywhere")):
            self.table.add(f"{what}, gzip, against artifact.open() of LaminDB", times["ours"][name], times["theirs"][name], goal=4)
            self.table.add(f"{what}, gzip, against anndata backed", times["ours"][name], times["ours"][f"anndata_{name}"], goal=4)
        blocks = len(times["ours"]["blocks"])
        alone = [seconds / blocks for seconds in numbers(BIN / "bench_raw_inflate", f"{place}_chunks", self.n(9, 5))]
        self.table.add("2,000 rows in order, gzip, of which inflating alone, on all cores", times["ours"]["blocks"], alone, ratio="share",
                       note=f"inflating alone: {median(times['theirs']['blocks']) / median(alone):.3g}x LaminDB")
        self.table.add("2,000 rows anywhere, gzip, CPU time on all cores, against anndata backed", times["ours"]["cpu"], times["ours"]["anndata_cpu"],
                       note="nearly all of it inflates chunks")

    def mapped(self):
        """Items of a mapped collection of two h5ad files, in random order."""
        n, place = self.matrices()
        times = {side.name: side.work("mapped", n, CELLS=place) for side in self.both}
        for name in ("plain", "gzip"):
            for join in ("inner", "outer"):
                what = f"{name}_{join}"
                self.table.add(f"an item of mapped(), {name}, {join} join, in batches", times["ours"][what], times["theirs"][what], goal=5)
                self.table.add(f"an item of mapped(), {name}, {join} join, one by one", times["ours"][f"{what}_one"], times["theirs"][f"{what}_one"])

    def sql(self):
        """One SELECT over the obs tables of many files."""
        n, ours = self.n(100, 10), self.ours
        ours.work("obs_files", n)
        times = ours.work("sql_obs", n)
        what = f"SQL over obs of {n} h5ad of 10,000 cells, group by one column"
        self.table.add(f"{what}, warm", times["warm"], times["loaded"], limit=0.3, note="against anndata, backed, and pandas")
        self.table.add(f"{what}, cold", times["cold"], None)
