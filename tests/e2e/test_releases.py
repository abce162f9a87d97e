"""Two real releases of each of Cell Ontology, Uberon, Mondo and EFO: closure as published, plan and result of an upgrade, undo.

bench/releases.py does the work, here on parts of the releases, by hand on whole ones."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import releases  # noqa: E402  (the path comes first)

PARTS = ROOT / "tests" / "data" / "releases"
# What the guide puts below terms of other ontologies, of which it gives no more than the distance: Uberon's parts of cells, below terms
# of Cell Ontology, and the latter's parts of cells, below terms of GO. Half of EFO is below terms of Mondo, OBI and CLO,
# and some of its terms are nearer to each other through these.
BELOW_OTHERS = {
    "CL": {"CL:0017500", "CL:0017502", "CL:0017503", "CL:0017504", "CL:0017506", "CL:0017507", "CL:0017508", "CL:0017509"},
    "UBERON": {"UBERON:0004032", "UBERON:0004033", "UBERON:0012456", "UBERON:0035017"},
    "MONDO": set(),
}


@pytest.mark.parametrize("prefix", releases.ONTOLOGIES)
def test_closure_upgrade_and_undo_of_real_releases(prefix):
    done = subprocess.run([sys.executable, ROOT / "bench" / "releases.py", PARTS, "--only", prefix], capture_output=True, text=True,
                          env=dict(os.environ), timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert "; 0 differ" in said and "0 labels are not as planned, 0 changes are left" in said and "after undoing 0 tables differ" in said
    assert int(said.partition(" datasets labelled")[0].rpartition(" ")[2]) >= (20 if prefix != "UBERON" else 10), said


@pytest.mark.parametrize("prefix", BELOW_OTHERS)
def test_what_the_published_closure_has_beyond_its_links_is_below_terms_of_other_ontologies(prefix):
    for file in PARTS.glob(f"{prefix}-*"):
        published, linked = releases.published_closure(file)
        assert releases.terms_below_others(published, linked) == BELOW_OTHERS[prefix]
        assert len(linked) > 1000 and len(published - linked) <= 0.01 * len(published)
