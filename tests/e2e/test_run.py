"""`lamin run`: any command as a run. Which files real programs open is compared with what strace sees."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture
def shell(run_shell):
    return run_shell


def names(told, which):
    return {Path(file["path"]).name for file in told["files"] if file[which] and not file["temporary"]}


# -- real programs, beside strace ------------------------------------------------------------------------------------

C_PROGRAM = """
#include <stdio.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
static void *reader(void *name) { FILE *f = fopen(name, "r"); char line[80]; while (f && fgets(line, 80, f)) {} if (f) fclose(f); return 0; }
int main(int argc, char **argv) {
  pthread_t threads[4]; char names[4][40];
  for (int i = 0; i < 4; ++i) { sprintf(names[i], "many/%d.txt", i); pthread_create(&threads[i], 0, reader, names[i]); }
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], 0);
  if (fork() == 0) { FILE *f = fopen("by_child.txt", "w"); fputs("x", f); fclose(f); _exit(0); }
  wait(0);
  return 0;
}
"""
R_SCRIPT = """
source("helper.R")
given <- commandArgs(trailingOnly = TRUE)
numbers <- read.table(given[1])[[1]]
write.csv(data.frame(n = ordered_unique(numbers)), given[2])
saveRDS(numbers, "numbers.rds")
invisible(parallel::mclapply(1:2, function(i) writeLines(readLines(sprintf("many/%d.txt", i)), sprintf("by_r_%d.txt", i)), mc.cores = 2))
"""
SAM = "@HD\tVN:1.6\tSO:unsorted\n@SQ\tSN:chr1\tLN:60\n" + "".join(
    f"r{i}\t0\tchr1\t{1 + i * 7 % 40}\t60\t8M\t*\t0\t0\tACGTACGT\tIIIIIIII\n" for i in range(20)
)
JAVA = 'import java.nio.file.*; public class Copy { public static void main(String[] a) throws Exception { Files.write(Paths.get(a[1]), Files.readAllBytes(Paths.get(a[0]))); } }'
COMMANDS = {
    "sort": ["sort", "a.txt", "-o", "sorted.txt"],
    "gzip": ["gzip", "-k", "a.txt"],
    "gzip that removes": ["gzip", "b.txt"],
    "tar": ["tar", "czf", "many.tgz", "many"],
    "tar x": ["bash", "-c", "mkdir -p out && tar xzf given.tgz -C out"],
    "sed in place": ["sed", "-i", "s/1/one/", "b.txt"],
    "cp": ["cp", "-r", "many", "copied"],
    "mv": ["mv", "b.txt", "moved.txt"],
    "pipeline": ["bash", "-c", "cat many/*.txt | sort -u | tee all.txt | wc -l > n.txt"],
    "redirects": ["sh", "-c", "while read x; do echo $x; done < a.txt > lines.txt 2> errors.txt"],
    "python": [sys.executable, "-c", "import json; json.dump({'n': len(open('a.txt').read())}, open('n.json', 'w'))"],
    "python with h5py": [sys.executable, "-c", "import h5py; h5py.File('made.h5', 'w')['x'] = [1]; print(h5py.File('made.h5')['x'][:])"],
    "python with processes": [sys.executable, "pool.py"],
    "perl": ["perl", "-ne", "print if /1/", "a.txt", "b.txt"],
    "awk": ["awk", "{ print > \"by_awk.txt\" }", "a.txt"],
    "gcc": ["gcc", "-O1", "-o", "prog", "prog.c", "-lpthread"],
    "threads and fork": ["./prog_given"],
    "static": ["./static_given"],
    "java": ["java", "-cp", ".", "Copy", "a.txt", "by_java.txt"],
    "R": ["Rscript", "count.R", "a.txt", "by_r.csv"],
    "R -e": ["Rscript", "-e", "x <- readLines('a.txt'); con <- gzfile('x.gz', 'w'); writeLines(x, con); close(con)"],
    "samtools": ["bash", "-c", "samtools sort -@ 2 -o sorted.bam reads.sam && samtools index sorted.bam && samtools view sorted.bam chr1:1-20 > some.sam"],
    "samtools faidx": ["samtools", "faidx", "-o", "part.fa", "genome.fa", "chr1:5-20"],
    "bedtools": ["bash", "-c", "bedtools intersect -a genes.bed -b peaks.bed > both.bed"],
    "bgzip and tabix": ["bash", "-c", "bgzip -k genes.bed && tabix -p bed genes.bed.gz && tabix genes.bed.gz chr1:1-30 > some.bed"],
    "find": ["find", ".", "-name", "*.txt", "-exec", "md5sum", "{}", "+"],
    "git": ["git", "hash-object", "a.txt", "many/0.txt"],
    "dd": ["dd", "if=a.txt", "of=by_dd.txt", "status=none"],
    "cmake script": ["cmake", "-P", "copy.cmake"],
    "xargs": ["sh", "-c", "ls many/*.txt | xargs -P 4 -n 1 gzip -k"],
}


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """What the commands work on."""
    folder = tmp_path_factory.mktemp("material")
    (folder / "many").mkdir()
    for i in range(8):
        (folder / "many" / f"{i}.txt").write_text(f"{i}\n" * (i + 1))
    (folder / "a.txt").write_text("".join(f"{i * 7919 % 1000}\n" for i in range(1000)))
    (folder / "b.txt").write_text("1\n2\n")
    (folder / "prog.c").write_text(C_PROGRAM)
    (folder / "Copy.java").write_text(JAVA)
    (folder / "copy.cmake").write_text("file(READ a.txt text)\nfile(WRITE by_cmake.txt \"${text}\")\n")
    (folder / "count.R").write_text(R_SCRIPT)
    (folder / "helper.R").write_text("ordered_unique <- function(x) sort(unique(x))\n")
    (folder / "reads.sam").write_text(SAM)
    (folder / "genome.fa").write_text(">chr1\n" + "ACGTACGTAC" * 6 + "\n")
    for name, starts in (("genes.bed", (2, 20, 40)), ("peaks.bed", (5, 45))):
        (folder / name).write_text("".join(f"chr1\t{start}\t{start + 9}\n" for start in starts))
    (folder / "pool.py").write_text(
        "import multiprocessing as m\ndef f(i): open(f'many/{i}.out', 'w').write(open(f'many/{i}.txt').read())\n"
        "if __name__ == '__main__':\n    m.Pool(3).map(f, range(8))\n"
    )
    subprocess.run(["gcc", "-o", "prog_given", "prog.c", "-lpthread"], cwd=folder, check=True)
    subprocess.run(["gcc", "-static", "-o", "static_given", "prog.c", "-lpthread"], cwd=folder, check=True)
    subprocess.run(["javac", "Copy.java"], cwd=folder, check=True)
    subprocess.run(["tar", "czf", "given.tgz", "many"], cwd=folder, check=True)
    return folder


def seen_by_strace(command, folder, log):
    """Regular files that the command opened successfully, except those of the system and the environment: absolute paths."""
    subprocess.run(["strace", "-f", "-y", "-qq", "-e", "trace=open,openat,openat2,creat", "-o", log, *command], cwd=folder, capture_output=True, timeout=300)
    found = set()
    for line in log.read_text(errors="replace").splitlines():
        opened = re.search(r"= \d+<([^>]*)>$", line)
        if opened and "O_DIRECTORY" not in line and "O_PATH" not in line:
            found.add(opened[1].removesuffix(" (deleted)"))
    mine = str(folder.resolve()) + "/"
    return {path for path in found if path.startswith(mine) and not Path(path).is_dir() and "__pycache__" not in path}


@pytest.mark.parametrize("observer", ["seccomp", "ptrace"])
def test_the_files_that_programs_open_are_listed(shell, material, tmp_path, observer):
    assert shutil.which("strace"), "./dev setup installs strace"
    missed, total = [], 0
    for name, command in COMMANDS.items():
        one, other = tmp_path / "strace", tmp_path / "ours"
        for copy in (one, other):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(material, copy)
        expected = {os.path.relpath(path, one.resolve()) for path in seen_by_strace(command, one, tmp_path / "log")}
        told = shell("run", "--quiet", "--observer", observer, "--json", tmp_path / "told.json", "--", "sh", "-c", 'cd "$0" && exec "$@"', other, *command)
        told = json.loads((tmp_path / "told.json").read_text())
        assert told["observer"] == observer and told["exit_status"] == 0, name
        listed = {os.path.relpath(file["path"], other.resolve()) for file in told["files"]}
        volatile = re.compile(r"(^|/)(sed\w{6}|tmp\w+|cc\w{6}\..*)$")  # a new name each time
        expected = {path for path in expected if not volatile.search(path)}
        assert expected or name == "mv", f"{name}: strace saw nothing"
        missed += [f"{name}: {path}" for path in sorted(expected - listed)]
        total += len(expected)
    assert len(COMMANDS) >= 20 and total > 100
    assert len(missed) <= total / 100, missed


def test_preloaded_programs_are_seen(shell, material, tmp_path):
    shutil.copytree(material, tmp_path / "w")
    told = shell.run("sh", "-c", "cd w && sort a.txt > s.txt && ./prog_given && mv s.txt t.txt && gzip t.txt", options=["--observer", "preload"])
    assert told["observer"] == "preload"
    assert {"a.txt", "0.txt", "3.txt"} <= names(told, "read") and {"t.txt.gz", "by_child.txt"} <= names(told, "written")


# -- inputs and outputs ----------------------------------------------------------------------------------------------


def test_what_is_read_is_an_input_and_what_is_written_an_output(shell):
    shell.write("in.txt", "b\na\n")
    shell("save", "in.txt", "--key", "in.txt")
    shell.write("elsewhere/renamed.txt", "b\na\n")  # known by its content
    told = shell.run("sort", "elsewhere/renamed.txt", "-o", "out.txt", options=["--save-outputs"])
    assert len(told["inputs"]) == len(told["outputs"]) == 1
    assert shell.row("run", f"uid = '{told['run']}'", "input_artifacts.key") == "in.txt"
    assert shell.row("artifact", "key = 'out.txt'", "run.uid") == told["run"]
    again = shell.run("sort", "elsewhere/renamed.txt", "-o", "out.txt", options=["--save-outputs"])
    assert again["outputs"] == told["outputs"] and again["run"] != told["run"] and again["transform"] == told["transform"]


def test_what_is_changed_in_place_is_both(shell):
    shell.write("x.txt", "1\n")
    first = shell("save", "x.txt", "--key", "x.txt")
    told = shell.run("sed", "-i", "s/1/2/", "x.txt", options=["--save-outputs"])
    assert [uid[:12] for uid in told["outputs"]] == [uid[:12] for uid in told["inputs"]] == [first[:12]]
    assert told["outputs"] != told["inputs"], "a new version"
    for command in (["gzip", "x.txt"], ["mv", "x.txt.gz", "y.gz"]):
        told = shell.run(*command, options=["--save-outputs"])
        assert len(told["inputs"]) == len(told["outputs"]) == 1, command


def test_files_in_the_storage_and_in_the_cache_are_known_by_their_place(shell):
    shell.write("st/raw/x.txt", "in place")
    shell("save", "st/raw/x.txt")
    stored = shell("save", shell.write("y.txt", "by uid"), "--key", "y.txt")
    place = next((shell.folder / "st" / ".lamindb").glob(f"{stored}*"))
    told = shell.run("cat", "st/raw/x.txt", place)
    assert len(told["inputs"]) == 2
    cached = shell.write(f"cache/{stored}.any/y.txt", "by uid")
    assert shell.run("cat", cached, LAMIN_CACHE_DIR=str(shell.folder / "cache"))["inputs"] == [stored]
    shell.write("st/raw/x.txt", "in p1ace")  # not what was registered
    assert shell.run("cat", "st/raw/x.txt")["inputs"] == []


def test_only_asked_outputs_are_registered(shell):
    shell.write("in.txt", "x")
    script = "mkdir -p results/deep; cp in.txt results/deep/a.csv; echo 1 > log.txt; echo 2 > results/b.txt"
    assert shell.run("sh", "-c", script)["outputs"] == []
    told = shell.run("sh", "-c", script, options=["--outputs", "results/**"])
    assert {shell.row("artifact", f"uid = '{uid}'", "key") for uid in told["outputs"]} == {"results/deep/a.csv", "results/b.txt"}
    assert len(shell.run("sh", "-c", script + "; exit 3", options=["--save-outputs"], status=3)["outputs"]) == 0
    assert len(shell.run("sh", "-c", script + "; exit 3", options=["--save-outputs", "--save-failed"], status=3)["outputs"]) == 3


def test_strange_names_do_not_lose_the_run(shell):
    shell.write("strange.py", """
        open(b"n\\xff\\n.txt", "w").write("1")
        open("back\\\\slash.txt", "w").write("2")
        open("good.txt", "w").write("3")
        """)
    told = shell.run(sys.executable, "strange.py", os.fsdecode(b"\xff"), options=["--save-outputs"])
    assert {shell.row("artifact", f"uid = '{uid}'", "key") for uid in told["outputs"]} == {"good.txt"}
    assert {"n\\xff\\n.txt", "back\\slash.txt", "good.txt"} <= names(told, "written")
    assert shell.row("run", f"uid = '{told['run']}'", "cli_args") == "\\xff"


def test_redirects_of_the_calling_shell_count(shell, lamin):
    shell.write("in.txt", "b\na\n")
    shell("save", "in.txt", "--key", "in.txt")
    subprocess.run(f"'{lamin}' run --quiet --save-outputs --json told.json -- sort < in.txt > out.txt", shell=True, cwd=shell.folder, check=True)
    told = json.loads((shell.folder / "told.json").read_text())
    assert len(told["inputs"]) == len(told["outputs"]) == 1 and (shell.folder / "out.txt").read_text() == "a\nb\n"


def test_declared_paths_are_enough(shell):
    shell.write("in.txt", "b\na\n")
    shell("save", "in.txt", "--key", "in.txt")
    told = shell.run("sort", "in.txt", "-o", "out.txt", options=["--observer", "declared", "--inputs", "*.txt", "--outputs", "out.*"])
    assert told["observer"] == "declared" and len(told["inputs"]) == len(told["outputs"]) == 1


def test_saving_inside_belongs_to_the_run_and_tracking_inside_is_initiated_by_it(shell, lamin):
    shell.write("inner.py", "import lamindb as ln\nln.track()\nprint('inner')\nln.finish()\n")
    told = shell.run("bash", "-c", f"echo 1 > n.txt; '{lamin}' save n.txt --key n.txt; '{sys.executable}' inner.py; '{lamin}' run -- true")
    assert shell.row("artifact", "key = 'n.txt'", "run.uid") == told["run"]
    for key in ("inner.py", "true"):
        assert shell.row("run", f"transform.key = '{key}'", "initiated_by_run.uid") == told["run"]


def test_a_run_inside_a_run_sees_its_files_too(shell, lamin):
    shell.write("in.txt", "x")
    shell("save", "in.txt", "--key", "in.txt")
    told = shell.run(lamin, "run", "--json", "inner.json", "--save-outputs", "--", "cp", "in.txt", "out.txt", options=["--save-outputs"])
    inner = json.loads((shell.folder / "inner.json").read_text())
    assert len(inner["inputs"]) == 1 and "out.txt" in names(inner, "written")
    assert inner["observer"] != "declared" and "in.txt" in names(told, "read")


# -- what is kept ----------------------------------------------------------------------------------------------------


def extra(shell, told):
    text = subprocess.run(
        [sys.executable, "-c", f"import lamindb as ln, json; print(json.dumps(ln.Run.get('{told['run']}').extra_data))"],
        cwd=shell.folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return json.loads(text.splitlines()[-1])["command"]


def test_scripts_are_transforms_by_their_content(shell):
    shell.write("x.sh", "#!/bin/sh\necho $1\n", 0o755)
    by_bash, by_path = shell.run("bash", "x.sh", "1"), shell.run("./x.sh", "2")
    assert by_bash["transform"] == by_path["transform"]
    assert shell.row("transform", f"uid = '{by_path['transform']}'", "key", "kind") == "x.sh,script"
    assert shell.row("run", f"uid = '{by_path['run']}'", "cli_args") == "2"
    shell.write("x.sh", "#!/bin/sh\necho new $1\n", 0o755)
    newer = shell.run("bash", "-e", "x.sh")
    assert newer["transform"][:12] == by_path["transform"][:12] and newer["transform"] != by_path["transform"]
    shell.write("y.py", "print(1)\n")
    python = shell.run(sys.executable, "-W", "ignore", "y.py", "a b")
    assert shell.row("transform", f"uid = '{python['transform']}'", "key") == "y.py"
    shell("run", "--quiet", "--json", "told.json", "y.py", "--", "--epochs", "3")
    assert shell.row("run", f"uid = '{json.loads((shell.folder / 'told.json').read_text())['run']}'", "cli_args") == "--epochs 3"
    plain = shell.run("sort", "y.py")
    assert shell.row("transform", f"uid = '{plain['transform']}'", "key", "source_code") == "sort,\"sort y.py"


def test_facts_of_the_command_are_kept(shell):
    told = shell.run("sh", "-c", "echo out; echo err >&2; exit 7", status=7, LOADEDMODULES="samtools/1.19:htslib/1.19", SLURM_JOB_ID="42")
    facts = extra(shell, told)
    assert facts["exit_status"] == 7 and facts["observer"] == "seccomp" and facts["words"][0] == "sh"
    assert facts["modules"] == ["samtools/1.19", "htslib/1.19"] and facts["job"] == "slurm 42"
    assert facts["seconds"] >= 0 and facts["peak_memory"] > 0 and facts["host"] == os.uname().nodename
    assert shell.row("run", f"uid = '{told['run']}'", "_status_code") == "1"
    log = shell.row("run", f"uid = '{told['run']}'", "report.uid")
    text = next((shell.folder / "st" / ".lamindb").glob(f"{log}*")).read_text()
    assert sorted(text.split()) == ["err", "out"]


def test_the_exit_status_and_the_streams_are_those_of_the_command(shell, lamin):
    done = subprocess.run([lamin, "run", "--quiet", "--", "sh", "-c", "cat; echo err >&2; exit 5"], cwd=shell.folder, input=b"\0\xff", capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (5, b"\0\xff", b"err\n")
    done = subprocess.run(f"'{lamin}' run --quiet -- yes | head -1", shell=True, cwd=shell.folder, capture_output=True, timeout=20)
    assert done.stdout == b"y\n", "a program whose reader has gone ends"
    assert "there is no program 'nothing-like-this'" in shell("run", "--", "nothing-like-this", status=5)
    shell.write("not_a_program", "#!/no/such/interpreter\n", 0o755)
    assert shell.run("./not_a_program", status=127)["exit_status"] == 127
    assert shell.row("run", "transform.key = 'nothing-like-this'", "uid") is None


def test_signals_reach_the_command_and_the_run_is_aborted(shell):
    running = shell.start("run", "--json", "told.json", "--", "sh", "-c", "trap 'echo got it; exit 9' TERM; echo ready; while :; do sleep 0.05; done")
    assert running.stdout.readline() == b"ready\n"
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=20)
    assert running.returncode == 9 and b"got it" in out
    running = shell.start("run", "--json", "told.json", "--", "sh", "-c", "echo ready; exec sleep 60")
    assert running.stdout.readline() == b"ready\n"
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    told = json.loads((shell.folder / "told.json").read_text())
    assert running.returncode == 128 + signal.SIGTERM
    assert shell.row("run", f"uid = '{told['run']}'", "_status_code") == "2"


def wait_for(what, seconds=20):
    for _ in range(seconds * 20):
        if what():
            return True
        time.sleep(0.05)
    return False


def test_a_command_outlives_lamin_run(shell):
    running = shell.start("run", "--", "sh", "-c", "echo ready; sleep 1; cat told.txt > copied.txt; echo still; echo done > done.txt")
    shell.write("told.txt", "x")
    assert running.stdout.readline() == b"ready\n"
    running.kill()
    running.wait()
    assert wait_for(lambda: (shell.folder / "done.txt").exists()), "its calls and its output still work"
    assert running.stdout.read() == b"still\n"
    assert wait_for(lambda: shell.row("run", "transform.key = 'sh'", "_status_code") == "2"), "recorded as aborted"
    assert not list(Path(os.environ.get("LAMIN_CACHE_DIR", shell.folder)).rglob("run_logs_*")), "the log is its report now"


def test_children_that_go_on_in_the_background_still_work(shell):
    shell.write("a.txt", "x")
    script = "(sleep 0.7; cat a.txt > late.txt; echo late; rm a.txt) & echo early"
    begin = time.time()
    running = shell.start("run", "--", "sh", "-c", script)
    assert running.wait(timeout=20) == 0 and time.time() - begin < 0.7
    assert running.stdout.read() == b"early\nlate\n" and (shell.folder / "late.txt").read_text() == "x"


def test_a_full_disk_of_logs_does_not_stop_the_command(shell, tmp_path):
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(shell.write("full/x").parent)]).returncode != 0:
        pytest.fail("this test mounts a small file system, as root")
    try:
        script = "i=0; while [ $i -lt 3000 ]; do echo 'a line that is longer than others are, for the disk to be full soon'; i=$((i+1)); done"
        running = shell.start("run", "--", "sh", "-c", script, LAMIN_CACHE_DIR=str(tmp_path / "full"))
        out, err = running.communicate(timeout=60)
        assert out.count(b"\n") == 3000
    finally:
        subprocess.run(["umount", str(tmp_path / "full")], check=True)


def test_no_secret_is_kept(shell):
    data = Path(__file__).resolve().parents[1] / "data" / "secrets.txt"
    secrets = [line.split("\t")[1].partition("~")[::2] for line in data.read_text().splitlines() if line and line[0] != "#"]
    assert len(secrets) >= 50
    shell.write("x.sh", "".join(f"x{i}='{head}{tail}'\n" for i, (head, tail) in enumerate(secrets)) + 'echo "$@"\n')
    words = [head + tail for head, tail in secrets]
    shell("run", "--param", "token=Hunter2-is-short", "--name", "n", "--", "bash", "x.sh", "--password", "Hunter2-is-short", *words, API_KEY="Hunter2-is-short")
    shell("run", "--", "echo", "--password", "Hunter2-is-short", *words)
    kept = b"".join(path.read_bytes() for path in (shell.folder / "st").rglob("*") if path.is_file()).decode("latin-1")
    assert [tail for _, tail in secrets if tail in kept] == [] and "Hunter2-is-short" not in kept
