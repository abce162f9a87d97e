"""`ln.UPath` on a bucket: LaminDB's methods besides those of universal_pathlib."""


def test_paths_in_a_bucket(instance, python, shell):
    (shell.folder / "plates" / "sub").mkdir(parents=True)
    (shell.folder / "plates" / "a.csv").write_text("1")
    (shell.folder / "plates" / "sub" / "b.csv").write_text("22")
    said = python(f"""
        import time
        root = ln.UPath({instance.uri("copies")!r})
        assert str(root) == {("s3://" + instance.at("copies"))!r} and root.storage_options["endpoint_url"] == {instance.endpoint!r}
        there = root.upload_from("plates")
        assert there == root / "plates" and (there / "sub" / "b.csv").read_text() == "22"
        there.view_tree()
        there.download_to("again")
        assert open("again/sub/b.csv").read() == "22"
        assert there.synchronize_to("synced") and open("synced/a.csv").read() == "1"
        assert not there.synchronize_to("synced")
        (there / "a.csv").write_text("one")
        (there / "sub" / "b.csv").unlink()
        assert there.synchronize_to("synced", just_check=True) and open("synced/a.csv").read() == "1"
        assert there.synchronize_to("synced") and open("synced/a.csv").read() == "one"
        import os
        assert not os.path.exists("synced/sub/b.csv")
        assert (there / "a.csv").cache().read_text() == "one"
        assert abs((there / "a.csv").modified.timestamp() - time.time()) < 120
        try:
            (root / "nothing").synchronize_to("nothing")
        except FileNotFoundError as e:
            assert "nothing" in str(e)
        else:
            raise AssertionError
        try:
            ln.UPath({instance.uri("copies")!r}, endpoint_url="http://other")
        except ValueError as e:
            assert "two endpoints" in str(e)
        else:
            raise AssertionError
    """)
    assert "1 sub-folders, 2 files" in said
