"""Tasks that run at the same time, each with its own run in the environment."""


def test_parallel_tasks_do_not_share_a_run(world):
    world.sh("lamin init --storage ./lab; echo in > in.txt; lamin save in.txt --key in.txt")
    world.write("task.sh", """
export LAMIN_RUN=
export LAMIN_RUN=$(lamin track --key "task $1")
lamin load --key in.txt > /dev/null
echo "$1" > "out $1.txt"
lamin save "out $1.txt" --key "out $1.txt"
lamin finish
""")
    world.sh("for i in 1 2 3 4 5 6 7 8; do bash -e task.sh $i & pids=\"$pids $!\"; done; for p in $pids; do wait $p; done")
    world.python("""
for i in range(1, 9):
    made = ln.Artifact.get(key=f"out {i}.txt")
    assert made.run.transform.key == f"task {i}" and made.run.status == "completed"
    assert [a.key for a in made.run.input_artifacts.all()] == ["in.txt"]
""")
