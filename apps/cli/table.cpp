// table.cpp -- all commands, with their arguments and help.
#include "commands/commands.hpp"
#include "table_parts.hpp"

namespace lamin::cli {

namespace {

void add_environment(std::vector<Command>& all) {
  all.push_back({"connect",
                 environment,
                 "Set the default instance for this user, or with --here for this folder.",
                 {word("INSTANCE",
                       "owner/name, the name of an instance of your own, or the folder of one that was moved "
                       "or copied here."),
                  flag("--here", "For this folder and below only."),
                  flag("--replace", "A folder takes the place of the instance that has its name here.")},
                 connect,
                 "lamin connect lab/cells"});
  all.push_back({"login",
                 environment,
                 "Say who you are, or show it: new records are stamped with you. No server is asked.",
                 {word("USER", "Your handle, or the e-mail of somebody who was logged in here.", false),
                  option("--name", "Your name, as others read it."), option("--email", "Your e-mail."),
                  option("--key", "LaminDB's key for its hub: refused, there is no hub here.")},
                 login,
                 "lamin login ada --name 'Ada Lovelace'"});
  all.push_back({"completion",
                 environment,
                 "Print what makes a shell complete commands, options and keys by the tabulator key.",
                 {word("SHELL", "bash, zsh or fish.")},
                 completion,
                 "lamin completion bash >> ~/.bashrc"});
  all.push_back({"complete",
                 "",
                 "Print what may come next: started by a shell.",
                 {{"WORDS", "What was typed, after --.", Form::repeated, false}},
                 complete,
                 "lamin complete -- save --ke"});
  all.push_back({"logout", environment, "Be anonymous again.", {}, logout, "lamin logout"});
  all.push_back({"settings",
                 environment,
                 "Show or change settings: branch, space, cache-dir, dev-dir, user.",
                 {word("SETTING", "Which one [default: show all].", false),
                  word("ACTION", "get, set, unset; for dev-dir also find, for cache-dir clear [default: get].", false),
                  word("VALUE", "What it is set to; for find, the folder to look in.", false)},
                 settings,
                 "lamin settings branch get"});
  all.push_back({"info", environment, "Show instance, storage, database, modules and user.", {}, info, "lamin info"});
  all.push_back(
      {"init",
       environment,
       "Make an instance: a database, a storage, settings.",
       {option("--storage", "Folder for the artifacts.", "./storage"), option("--name", "Name of the instance."),
        option("--db", "postgresql://user:password@host:port/name; left out: SQLite in the storage."),
        option("--modules", "Comma-separated: bionty, pertdb, a plug-in's package or JSON file.")},
       init,
       "lamin init --storage ./cells --modules bionty"});
  all.push_back({"sync",
                 environment,
                 "Put what was written into the database in a bucket, and fetch what others wrote.",
                 {word("INSTANCE", "owner/name [default: the current one].", false),
                  flag("--take-over", "Take the lock from a program that is gone."),
                  flag("--discard", "Put aside, as a file, what was written here and cannot be put into the bucket.")},
                 sync,
                 "lamin sync"});
  all.push_back({"disconnect",
                 environment,
                 "Unset the default instance.",
                 {flag("--here", "That of this folder only.")},
                 disconnect,
                 "lamin disconnect --here"});
}

void add_data(std::vector<Command>& all) {
  all.push_back(
      {"save",
       data,
       "Save a file or folder as an artifact, a script or notebook as a transform, a note (*.md) as a record.",
       {{"PATH",
         "Files and folders, also as a pattern ('plates/*.csv'); several are saved together or not at all; - for what "
         "is "
         "piped in.",
         Form::repeated, true},
        option("--key",
               "Path-like name under which it gets versions; of several files or a pattern, the folder of their keys."),
        option("--description", "What it is."),
        option("--kind", "dataset, model, plan, ..."),
        option("--links", "Links in a folder: follow or refuse [default: follow those that stay inside it]."),
        flag("--each", "Of a folder: one artifact per file, all of them or none."),
        option("--storage", "Root of the registered storage that takes the content; left out: the default."),
        option("--schema", "Name or uid of a schema: save only if it is valid, and annotate it."),
        option("--registry", "artifact, transform or record, where the suffix does not say it."),
        option("--stem-uid", "The first 16 characters of its uid, of a transform 12: make a version of that one."),
        flag("--real-key", "Store the content under the key itself, so that people find it there."),
        flag("--in-place", "Only if it is in a registered storage, where it stays."),
        many("--project", "Name of a project it belongs to; may be repeated."),
        many("--ulabel", "Name of a label; may be repeated."),
        many("--record", "Name of a record; may be repeated."),
        many("--label", "REGISTRY=NAME, such as cell_type='T cell'; may be repeated."),
        option("--branch", "Branch for this file only."),
        option("--space", "Space for this file only."),
        flag("--json", "One JSON object per record.")},
       save,
       "lamin save pbmc.h5ad --key blood/pbmc.h5ad --description '10x PBMC'"});
  all.push_back(
      {"load", data,
       "Bring an artifact or a collection into the cache and print its paths; write a transform's source, or a note.",
       which(
           {flag("--with-env", "Of a transform: also the environment of its latest run, as <name>__requirements.txt."),
            flag("--json", "One JSON object per path: uid, key and path.")}),
       load, "lamin load --key blood/pbmc.h5ad"});
  all.push_back(
      {"cp",
       data,
       "Copy the content of an artifact to a path or an object.",
       {word("ARTIFACT", "Its uid or the beginning of it, its key, or its address; a pattern of keys: 'plates/*.csv'."),
        word("PLACE", "File, existing folder, or s3://... ."), flag("--replace", "Also if something is there."),
        flag("--json", "As one JSON object: uid, key and path.")},
       copy,
       "lamin cp blood/pbmc.h5ad ./pbmc.h5ad"});
  all.push_back({"replace",
                 data,
                 "Give an artifact other content, for the same version.",
                 {word("PATH", "A file for a file, a folder for a folder; another suffix also goes to its key."),
                  option("--uid", "Its uid or the beginning of it."), option("--key", "Its key."),
                  flag("--json", "One JSON object.")},
                 replace,
                 "lamin replace notes.txt --key plates/notes.txt"});
  all.push_back({"cache",
                 data,
                 "The copies of remote artifacts on this machine: list them, clear them, limit their size.",
                 {word("ACTION", "list, clear, limit, or get: the folder [default: list].", false),
                  word("VALUE", "limit: a size, such as 200GB; left out: print it.", false),
                  flag("--json", "list: one JSON object per copy.")},
                 cache,
                 "lamin cache limit 200GB"});
  all.push_back({"create",
                 data,
                 "Create a record: project, ulabel, feature, schema, ...",
                 {word("REGISTRY", "Registry, such as feature."), word("NAME", "Its name.", false),
                  many("--set", "field=value; may be repeated."),
                  option("--dtype", "feature: int, float, str, bool, cat[bionty.CellType], ..."),
                  option("--features", "schema: comma-separated names of its features."),
                  option("--otype", "schema: DataFrame or AnnData."),
                  many("--slot", "schema: obs=<schema>, var.T=<schema>; may be repeated."),
                  option("--suffix", "schema: what its datasets end with, such as .parquet."),
                  option("--itype", "schema: the registry that names its members, such as bionty.Gene.symbol.")},
                 create,
                 "lamin create feature cell_type --dtype cat[bionty.CellType]"});
  all.push_back({"delete", data, "Delete a record or an instance (owner/name).",
                 which({flag("--permanent", "Remove it for good, not to the trash."),
                        flag("--storage", "With --permanent: also bytes under a key that somebody chose."),
                        flag("--keep-storage", "With --permanent: leave the bytes where they are."),
                        option("--path", "In place of a record: a file or folder in the storage that is part of none."),
                        flag("--force", "Delete an instance that holds artifacts."),
                        flag("--json", "The record that was deleted, as one JSON object.")}),
                 remove, "lamin delete --key blood/pbmc.h5ad"});
  all.push_back({"restore", data, "Bring a record back from the trash.", which({flag("--json", "As one JSON object.")}),
                 restore, "lamin restore --key blood/pbmc.h5ad"});
  all.push_back(
      {"each",
       data,
       "Do the same with many artifacts, on all cores or on a cluster: cache, verify, copy, index, curate, convert.",
       {word("WORK", "cache, verify, copy, index, curate or convert."),
        option("--where", "Which artifacts: \"suffix = '.csv'\" [default: all]."),
        option("--to",
               "copy: a folder or s3://...; index: a folder, which becomes one table of Parquet files; convert: "
               "a suffix, such as .parquet."),
        option("--table", "index: which table, such as var or rna:obs [default: obs]."),
        option("--schema", "curate: the name of a schema."),
        option("--executor", "dask://host:port, ray://host:port or local://4 [default: all cores here]."),
        flag("--json", "One JSON object per line.")},
       each,
       "lamin each verify --where \"suffix = '.h5ad'\" --executor dask://cluster:8786"});
}

void add_look(std::vector<Command>& all) {
  all.push_back({"get", look, "Print a record, or one field of it.",
                 which({option("--field", "Print only this field."), flag("--status", "Print only its status."),
                        flag("--description", "Print only its description."), flag("--json", "As one JSON object.")}),
                 get, "lamin get --key blood/pbmc.h5ad --field hash"});
  all.push_back(
      {"describe", look, "Describe a record with its features, labels and provenance.",
       which({flag("--json", "As one JSON object."),
              option("--include", "comments: what people wrote about it; hidden: features that a schema hides.")}),
       describe, "lamin describe --key blood/pbmc.h5ad"});
  all.push_back({"show",
                 look,
                 "Take a first look at what a file or artifact holds, without loading it.",
                 {word("WHAT", "A file or folder here; key, uid or address of an artifact."),
                  option("--rows", "Rows of a table.", "5"), flag("--html", "As HTML, with pictures."),
                  flag("--json", "As one JSON object.")},
                 show,
                 "lamin show blood/pbmc.h5ad"});
  all.push_back({"list",
                 look,
                 "List the records of a registry.",
                 {word("REGISTRY", "Registry, such as artifact or cell_type."),
                  option("--limit", "Maximum number of rows, or all.", "20"),
                  option("--where", "Condition: \"size > 1e6 and cell_types.name = 'T cell'\"."),
                  option("--any", "Labelled with a term or anything below it: \"cell_types=T cell\"."),
                  option("--columns",
                         "Comma-separated fields, also of what it is related to: key,cell_types.name,created_at.year."),
                  option("--order", "Comma-separated fields; a leading - is descending.", "-id"),
                  flag("--json", "One JSON object per line."), flag("--csv", "Comma-separated values.")},
                 list,
                 "lamin list artifact --where \"size > 1e6\" --columns key,size --csv"});
  all.push_back({"search",
                 look,
                 "Search one registry or all of them; the best rows come first.",
                 {word("TEXT", "What to look for."),
                  option("--registry", "Registry, such as artifact or cell_type [default: all]."),
                  option("--field", "Look in this field only [default: every text field]."),
                  flag("--fuzzy", "Also find texts with a wrong letter, or two if there are ten."),
                  option("--limit", "Maximum number of results.", "20"),
                  flag("--json", "One JSON object per line: registry, score and record.")},
                 search,
                 "lamin search 'T cell' --registry cell_type"});
  all.push_back({"versions", look, "List the versions of a record, newest first.", which(), versions,
                 "lamin versions --key blood/pbmc.h5ad"});
  all.push_back(
      {"lineage",
       look,
       "Show what led to an artifact, a collection, a record, a run or a transform, and what came of it.",
       {word("ENTITY", "Its uid or the beginning of it, its address, or a registry, such as run [default: artifact].",
             false),
        option("--uid", "Its uid or the beginning of it."), option("--key", "Its key."), option("--name", "Its name."),
        flag("--up", "Only what led to it."), flag("--down", "Only what came of it."),
        option("--depth", "Only what is up to N runs away; for a transform, N transforms."),
        flag("--siblings", "Also the other results of the runs."),
        flag("--recreated", "Also runs that made again what existed."), flag("--json", "Nodes and edges as JSON."),
        flag("--mermaid", "A flowchart in Mermaid's language."),
        option("--svg", "Draw it into this file; - prints it.")},
       show_lineage,
       "lamin lineage --key blood/pbmc.h5ad --up --depth 3"});
}

void add_changes(std::vector<Command>& all) {
  all.push_back({"switch",
                 changes,
                 "Work on another branch: new records go there, and it is seen beside main.",
                 {word("TARGET", "Name or uid of the branch."), flag("-c,--create", "Make the branch first."),
                  flag("--space", "Switch to a space instead.")},
                 switch_to,
                 "lamin switch -c new-clustering"});
  all.push_back({"merge",
                 changes,
                 "Move what is on a branch to the current one.",
                 {word("BRANCH", "Name or uid of the branch.")},
                 merge,
                 "lamin merge new-clustering"});
  all.push_back({"update", changes, "Change fields of a record, or the status of a branch.",
                 which({option("--description", "What it is."), many("--set", "field=value; may be repeated."),
                        option("--status", "branch: standalone, draft, review, merged or closed.")}),
                 update, "lamin update ulabel --name pilot --description 'the first ten donors'"});
}

void add_tracking(std::vector<Command>& all) {
  all.push_back({"track",
                 tracking,
                 "Start a run for this shell: what `lamin` saves and loads from now on belongs to it.",
                 {option("--key", "Key of the transform [default: that of the script that runs, otherwise shell].")},
                 track,
                 "lamin track --key align.sh"});
  all.push_back({"finish", tracking, "Finish the run of this shell.", {}, finish, "lamin finish"});
  all.push_back(
      {"diff",
       tracking,
       "Show in which lines two versions of a program differ, or two runs: code, parameters, environment, files.",
       {word("TRANSFORM", "Key or uid; `run` to compare runs."),
        word("BEFORE", "Version tag or uid [default: the one before].", false),
        word("AFTER", "Version tag or uid [default: the latest]; of runs, without it BEFORE and the run before that.",
             false),
        flag("--json", "Of runs, as one JSON object.")},
       diff,
       "lamin diff align.py 1.0 1.1"});
  all.push_back(
      {"import-run",
       tracking,
       "Import what a workflow manager ran, with its tasks, inputs and outputs: from a trace, Nextflow or redun.",
       {word("TRACE", "File that our plug-in for Nextflow or Snakemake wrote, or any program (docs/workflows.md).",
             false),
        option("--nextflow", "Folder in which Nextflow was started, with -with-trace but without our plug-in."),
        option("--redun", "redun's database, or the folder of the workflow."),
        option("--execution", "Which one: run name or session (Nextflow), id (redun) [default: the latest]."),
        flag("--save-outputs", "All files that tasks have made, not only those that the workflow published."),
        flag("--save-inputs", "Also register input files that are no artifacts yet."),
        option("--key", "Key of the workflow's transform [default: its name, or the path of its script]."),
        flag("--json", "What was imported, as one JSON object.")},
       import_run,
       "lamin import-run trace.json --save-outputs"});
  all.push_back(
      {"run",
       tracking,
       "Run any command as a run: which files it reads and writes is observed, and what it prints is kept. Its exit "
       "status is that of the command.",
       {{"COMMAND",
         "The program and its arguments, after --; lamin://owner/name/artifact/... among them is replaced by a path.",
         Form::repeated, true},
        many("--inputs",
             "Files that it reads, as a pattern ('data/*.bam'), even if that is not seen; may be repeated."),
        many("--outputs", "Files to register if it writes them, as a pattern ('results/**'); may be repeated."),
        flag("--save-outputs", "Register all files that it writes, but temporary ones."),
        many("--register-output", "A file or folder to register when it has succeeded; may be repeated."),
        flag("--save-failed", "Register its outputs even if it fails."),
        option("--key", "Key of its transform [default: that of the script that it runs, or the program's name]."),
        option("--name", "Name of the run."),
        option("--description", "Description of the run."),
        many("--param", "NAME=VALUE, a parameter of the run; may be repeated."),
        many("--project", "Project of the run and its outputs, by name or uid; may be repeated."),
        option("--branch", "Branch of its transform, run and outputs [default: the current one]."),
        option("--space", "Space of its transform, run and outputs [default: the current one]."),
        option("--access",
               "How artifacts among its arguments (lamin://...) are got, in order: mount, in place in a local storage; "
               "cache [default: LAMIN_RUN_ACCESS, otherwise `lamin settings run-access`, otherwise mount,cache]."),
        option("--where",
               "local, which is the only place there is [default: LAMIN_RUN_WHERE, otherwise `lamin settings "
               "run-where`, otherwise local]."),
        flag("--upload-outputs", "Outputs go to the storage, which they always do here."),
        flag("--dry-run", "Only say what would run, with which inputs and outputs; nothing is saved."),
        option("--observer", "seccomp, ptrace, preload, declared [default: the best that is possible here]."),
        option("--json", "File to write what was seen to, as JSON."),
        flag("--quiet", "Say nothing about the run.")},
       run_command,
       "lamin run --save-outputs -- samtools sort in.bam -o sorted.bam"});
  all.push_back(
      {"verify",
       tracking,
       "Run the command, script or notebook of a run again in an empty folder, with a copy of the instance, and "
       "compare "
       "what it writes with what is registered. Exits with 1 if that is different.",
       {word("RUN", "Uid of a run, or key or uid of an artifact, whose run is meant."),
        option("--tolerance", "Relative, of numbers [default: 1e-6]."),
        option("--folder", "New folder to run in, which stays there [default: a temporary one]."),
        many("--inputs", "Files that a script needs and that are not artifacts, as in data/*.csv; may be repeated."),
        option("--python", "The Python that executes a script or notebook [default: the one on the PATH]."),
        flag("--json", "Print what was found as JSON."), flag("--quiet", "Hide what the command prints.")},
       verify_run,
       "lamin verify sorted.bam"});
  all.push_back({"abort-run",
                 "",
                 "Records that the process of a run was killed: started by what was left to watch it.",
                 {word("RUN", "Its uid."), needed("--instance", "owner/name."), needed("--log", "File that keeps it.")},
                 abort_run,
                 "lamin abort-run 3fR8sJdk2mQaXy1z --instance lab/cells --log run.txt"});
  all.push_back({"watch-run",
                 "",
                 "Passes on and keeps what a run prints: started by Python, on descriptors 3 to 6.",
                 {word("RUN", "Its uid."), needed("--instance", "owner/name."), needed("--log", "File that keeps it.")},
                 watch_run,
                 "lamin watch-run 3fR8sJdk2mQaXy1z --instance lab/cells --log run.txt"});
  all.push_back({"report-run",
                 "",
                 "Saves the report of a run when its notebook is written: started by Python.",
                 {word("RUN", "Its uid."), needed("--instance", "owner/name."), needed("--file", "The notebook."),
                  needed("--process", "Id of the process that executes it."),
                  needed("--since", "When it was written last, in nanoseconds.")},
                 report_run,
                 "lamin report-run 3fR8sJdk2mQaXy1z --instance lab/cells --file a.ipynb --process 4711 --since 0"});
}

void add_admin(std::vector<Command>& all) {
  const std::vector<Argument> modules = {
      {"--modules", "Plug-ins beside those of the instance: names of packages or JSON files, separated by commas."}};
  auto with_sql = modules;
  with_sql.push_back({"--sql", "Print the statements too.", Argument::Form::flag});
  all.push_back({"migrate plan", admin, "Show what is different between the database and its modules.", with_sql,
                 migrate_plan, "lamin migrate plan --modules wetbench --sql"});
  all.push_back({"migrate apply", admin, "Bring the database up to its modules, or install a plug-in.", modules,
                 migrate_apply, "lamin migrate apply --modules wetbench"});
  all.push_back({"migrate deploy", "", "LaminDB's name of `migrate apply`.", modules, migrate_apply,
                 "lamin migrate deploy --modules wetbench"});
  all.push_back({"migrate check", "", "Exit with 1 if there is anything to migrate.", modules, migrate_check,
                 "lamin migrate check"});
  all.push_back({"migrate create",
                 "",
                 "Migrations follow from the modules: says so.",
                 {},
                 migrate_create,
                 "lamin migrate create"});
  all.push_back({"stubs",
                 admin,
                 "Print the Python stubs (.pyi) of a plug-in, for editors and type checkers.",
                 {{"MODULE", "The module.", Argument::Form::positional, true}},
                 stubs,
                 "lamin stubs wetbench > wetbench.pyi"});
  const auto grace =
      option("--grace", "What a process that is gone has left counts from this age on, in seconds.", "3600");
  all.push_back({"fsck",
                 admin,
                 "Check rows against bytes and bytes against rows; exits with 1 if something remains wrong.",
                 {flag("--full", "Read everything and compare digests; without it sizes are compared."),
                  flag("--repair", "Mend what can be mended without losing anything."),
                  flag("--resume", "Go on where the same check was interrupted."),
                  option("--storage", "Check only the storage with this root."),
                  flag("--json", "One JSON object per line: the findings, then the summary."), grace},
                 fsck,
                 "lamin fsck --full --repair"});
  all.push_back({"gc",
                 admin,
                 "Remove what crashed saves and processes that are gone have left.",
                 {grace},
                 gc,
                 "lamin gc --grace 600"});
}

void add_exchange(std::vector<Command>& all) {
  all.push_back({"io", "", "Whole databases as files, to and from LaminDB.", {}, nullptr});
  all.push_back({"io exportdb",
                 admin,
                 "Write registries to a folder with one Parquet file per table, which LaminDB's importdb reads, too.",
                 {option("--modules", "Comma-separated, such as lamindb,bionty [default: lamindb]."),
                  option("--output-dir", "A new folder, or that of an earlier export [default: ./<instance>_export]."),
                  option("--max-workers", "Of LaminDB; not needed here."),
                  option("--chunk-size", "Of LaminDB; not needed here."), flag("--json", "One JSON object per table.")},
                 export_database,
                 "lamin io exportdb --modules lamindb,bionty --output-dir tables"});
  all.push_back({"io importdb",
                 admin,
                 "Take the rows of an export, ours or LaminDB's, into this instance under their ids: all or nothing.",
                 {option("--modules", "Comma-separated, such as lamindb,bionty [default: all with a file]."),
                  option("--input-dir", "The folder of the export.", "./lamindb_export/"),
                  option("--if-exists",
                         "replace: tables hold the rows of the files and no other; append: other rows stay; fail: "
                         "nothing is imported if a table has rows.",
                         "replace"),
                  flag("--json", "One JSON object per table.")},
                 import_database,
                 "lamin io importdb --input-dir tables --if-exists append"});
}

void add_integrations(std::vector<Command>& all) {
  all.push_back({"integrations", "", "Take over what other programs have.", {}, nullptr});
  all.push_back(
      {"integrations notion sync",
       data,
       "Take over a page or a database of Notion, and what is below it, as records and projects.",
       {word("NOTION_UUID", "The page or database."),
        option("--token", "Of a connection that the pages are shared with [default: that of NOTION_TOKEN]."),
        flag("--apply", "Write; without it, say what would be written."),
        option("--depth", "How many levels below it; a database's rows are one.", "0"),
        option("--space", "Name or uid of the space that records are created in."),
        option("--workspace", "Name of the workspace in the addresses of pages [default: the instance's owner].")},
       notion_sync,
       "lamin integrations notion sync db7c1d2ec3a6495e859f8d21d533dd27 --depth 1 --apply"});
}

void add_absent(std::vector<Command>& all) {
  for (const char* name : {"migrate", "io sync", "io snapshot", "hub", "register", "schema", "mount"}) {
    all.push_back({name, "", "LaminDB has this command; this version does not.", {}, nullptr});
  }
}

}  // namespace

std::vector<Command> table() {
  std::vector<Command> all;
  add_environment(all);
  add_data(all);
  add_look(all);
  add_curation(all);
  add_ontology(all);
  add_changes(all);
  add_tracking(all);
  add_admin(all);
  add_exchange(all);
  add_integrations(all);
  add_absent(all);
  return all;
}

}  // namespace lamin::cli
