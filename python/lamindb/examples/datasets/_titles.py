"""Titles of notebooks that nobody wrote."""

import random

_WHAT = ("Study", "Investigate", "Rank", "Classify", "Visualize", "Cluster", "Research of", "Efficiency of", "Results on", "Candidates for")
_CELLS = ("T cells", "B cells", "hepatocytes", "neurons", "macrophages", "fibroblasts", "keratinocytes", "megakaryocytes", "IgG", "IgM", "IgY")
_WHERE = ("intestine", "liver", "lung", "kidney", "heart", "brain", "skin", "spleen", "thymus", "intestinal mucosa")


def fake_bio_notebook_titles(n=100):
    """Titles as biologists give their notebooks, at random.

    Args:
        n (int): how many.

    Returns:
        list[str]: the titles.

    Example:

        >>> len(ln.examples.datasets.fake_bio_notebook_titles(n=5))
        5
    """
    return [f"{random.choice(_WHAT)} {random.choice(_CELLS)} in {random.choice(_WHERE)} {random.choice(_WHERE)}." for _ in range(n)]
