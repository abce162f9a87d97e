"""The lineage as a graph for graphviz, as LaminDB returns it."""


def test_nodes_and_edges(ln, run, tmp_path):
    (tmp_path / "a.txt").write_text("a graph")
    artifact = ln.Artifact(tmp_path / "a.txt", key="<b>/a.txt").save()
    graph = artifact.view_lineage(return_graph=True)
    assert f"run_{run.uid} -> artifact_{artifact.uid}" in graph.source
    assert 'label=" <b>/a.txt"' in graph.source  # a label in <> would be HTML
