// table.cpp -- all commands, with their arguments and help.
#include "table.hpp"

#include "commands/commands.hpp"

namespace lamin::cli {

namespace {

using faces::Argument;
using faces::Command;
using Form = Argument::Form;

Argument word(std::string name, std::string help, bool required = true) {
  return {std::move(name), std::move(help), Form::positional, required};
}
Argument option(std::string name, std::string help, std::string fallback = {}) {
  return {std::move(name), std::move(help), Form::option, false, std::move(fallback)};
}
Argument needed(std::string name, std::string help) { return {std::move(name), std::move(help), Form::option, true}; }
Argument many(std::string name, std::string help) { return {std::move(name), std::move(help), Form::repeated}; }
Argument flag(std::string name, std::string help) { return {std::move(name), std::move(help), Form::flag}; }

std::vector<Argument> which(std::vector<Argument> more = {}) {
  std::vector<Argument> all = {
      word("ENTITY",
           "Registry, such as cell_type [default: artifact]; the address of a record; to load, the path of a note.",
           false),
      option("--uid", "Its uid or the beginning of it."), option("--key", "Its key."), option("--name", "Its name.")};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

const std::string environment = "Configure your environment", data = "Save, load, create & delete",
                  look = "Describe & list", curation = "Validate & standardize", ontologies = "Public ontologies",
                  changes = "Manage changes", tracking = "Track shell scripts", admin = "Administer";

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
       {word("PATH", "File or folder; - for what is piped in."),
        option("--key", "Path-like name under which it gets versions."), option("--description", "What it is."),
        option("--kind", "dataset, model, plan, ..."),
        option("--links", "In a folder: follow or refuse; otherwise follow those that stay inside of it."),
        flag("--each", "Of a folder: one artifact a file, all of them or none."),
        option("--storage", "Root of the registered storage that takes the content; left out: the default."),
        option("--schema", "Name or uid of a schema: save only if it is valid, and annotate it."),
        option("--registry", "artifact, transform or record, where the suffix does not say it."),
        option("--stem-uid", "The first 16 characters of its uid, of a transform 12: make a version of that one."),
        many("--project", "Name of a project it belongs to; may be repeated."),
        many("--ulabel", "Name of a label; may be repeated."), many("--record", "Name of a record; may be repeated."),
        option("--branch", "Branch for this file only."), option("--space", "Space for this file only.")},
       save,
       "lamin save pbmc.h5ad --key blood/pbmc.h5ad --description '10x PBMC'"});
  all.push_back(
      {"load", data,
       "Bring an artifact or a collection into the cache and print its paths; write a transform's source, or a note.",
       which({flag("--with-env",
                   "Of a transform: also the environment of its latest run, as <name>__requirements.txt.")}),
       load, "lamin load --key blood/pbmc.h5ad"});
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
                        flag("--force", "Delete an instance that holds artifacts.")}),
                 remove, "lamin delete --key blood/pbmc.h5ad"});
  all.push_back({"restore", data, "Bring a record back from the trash.", which(), restore,
                 "lamin restore --key blood/pbmc.h5ad"});
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
  all.push_back({"list",
                 look,
                 "List the records of a registry.",
                 {word("REGISTRY", "Registry, such as artifact or cell_type."),
                  option("--limit", "At most so many, or all.", "20"),
                  option("--where", "Condition: \"size > 1e6 and cell_types.name = 'T cell'\"."),
                  option("--any", "Labelled with a term or anything below it: \"cell_types=T cell\"."),
                  option("--columns",
                         "Comma-separated fields, also of what it is related to: key,cell_types.name,created_at.year."),
                  option("--order", "Comma-separated fields; a leading - is descending.", "-id"),
                  flag("--json", "One JSON object a line."), flag("--csv", "Comma-separated values.")},
                 list,
                 "lamin list artifact --where \"size > 1e6\" --columns key,size --csv"});
  all.push_back({"search",
                 look,
                 "Search one registry or all of them; the best rows come first.",
                 {word("TEXT", "What to look for."),
                  option("--registry", "Registry, such as artifact or cell_type [default: all]."),
                  option("--field", "Look in this field only [default: every text field]."),
                  flag("--fuzzy", "Also find texts with a wrong letter, or two if there are ten."),
                  option("--limit", "At most so many.", "20"),
                  flag("--json", "One JSON object a line: registry, score and record.")},
                 search,
                 "lamin search 'T cell' --registry cell_type"});
  all.push_back({"versions", look, "List the versions of a record, newest first.", which(), versions,
                 "lamin versions --key blood/pbmc.h5ad"});
  all.push_back({"lineage", look, "Show the runs that led to an artifact and those that used it.", which(),
                 show_lineage, "lamin lineage --key blood/pbmc.h5ad"});
}

void add_curation(std::vector<Command>& all) {
  all.push_back(
      {"import",
       curation,
       "Import an ontology (OBO, OWL, JSON) or a table into a registry: terms, or, of a .csv, .tsv, .parquet or .xlsx "
       "file, records as rows of a sheet.",
       {word("REGISTRY", "Registry, such as cell_type."),
        word("PATH", "The file [default: that of the public source, downloaded if need be].", false),
        option("--source", "Name of the source [default: the file's ontology, or the one in use]."),
        option("--version", "Its release [default: as the file says, or the one in use]."),
        option("--organism", "Organism of the terms [default: all]."),
        flag("--update", "Rewrite terms that differ; of a table, rows that the sheet has already."),
        flag("--strict", "Refuse a file of which anything would be left out with a warning."),
        option("--type", "record: the sheet, made anew if there is none [default: the name of the file]."),
        option("--worksheet", "record: of a .xlsx file [default: its first]."),
        flag("--check", "record: only say what is wrong, cell by cell."),
        flag("--valid-rows", "record: save the rows without an error, although others have some."),
        flag("--json", "record: the errors as one JSON object a line.")},
       import,
       "lamin import cell_type cl.obo"});
  all.push_back({"export",
                 curation,
                 "Write the rows of a sheet to a file, to edit them and import it again.",
                 {word("SHEET", "Name or uid of the type of records."), word("PATH", "A .csv, .parquet or .xlsx file."),
                  flag("--replace", "Write over an existing file.")},
                 export_sheet,
                 "lamin export 'Samples 2026' samples.xlsx"});
  all.push_back(
      {"rows",
       curation,
       "List the rows of a sheet, with the values of its features.",
       {word("SHEET", "Name or uid of the type of records."), option("--limit", "At most so many, or all.", "20"),
        flag("--json", "One JSON object a line."), flag("--csv", "Comma-separated values.")},
       rows,
       "lamin rows 'Samples 2026' --csv"});
  all.push_back({"validate",
                 curation,
                 "Check values against a registry: known, synonym, or the nearest.",
                 {word("REGISTRY", "Registry, such as cell_type."),
                  many("--value", "A value; may be repeated. Left out: lines of standard input."),
                  option("--field", "Field to compare with [default: the name]."),
                  option("--organism", "Organism, for genes and proteins.")},
                 validate,
                 "lamin validate cell_type --value 'T cell' --value Treg"});
  all.push_back({"standardize",
                 curation,
                 "Print the standard name of each value; of what is no synonym the value itself.",
                 {word("REGISTRY", "Registry, such as cell_type."),
                  many("--value", "A value; may be repeated. Left out: lines of standard input."),
                  option("--field", "Field to compare with [default: the name]."),
                  option("--organism", "Organism, for genes and proteins.")},
                 standardize,
                 "lamin standardize cell_type --value Treg"});
  all.push_back({"annotate", curation, "Label a record, or give it values of features.",
                 which({many("--label", "REGISTRY=NAME, such as \"cell_type=T cell\"; may be repeated."),
                        many("--features",
                             "FEATURE=VALUE, or FEATURE=\"A\",\"B\", in place of what it has of this feature; may "
                             "be repeated."),
                        many("--project", "Name of a project; may be repeated."),
                        many("--ulabel", "Name of a label; may be repeated."),
                        many("--record", "Name of a record; may be repeated."), option("--version", "Its version tag."),
                        option("--readme", "File in Markdown: its readme."), option("--comment", "Text in Markdown.")}),
                 annotate, "lamin annotate --key blood/pbmc.h5ad --label \"cell_type=T cell\""});
  all.push_back(
      {"curate",
       curation,
       "Check files of data against a schema, in place: say what is wrong, how often, and what was probably meant.",
       {many("PATH", ".h5ad, .zarr, .h5mu, .parquet, .csv, .tsv, or a folder of these; several are checked at once."),
        option("--collection", "Key or uid of a collection: its files, instead of PATH."),
        needed("--schema", "Name or uid of the schema."),
        flag("--fix", "Replace in the file what can only mean one thing; fill in default values."),
        option("--write", "The same in a copy: a file, or for several an existing folder."),
        many("--replace", "\"obs.column:old=new\", with --fix or --write; may be repeated."),
        option("--report", "text, html or json.", "text"),
        option("--output", "Write the report to this file, not to the screen.")},
       curate,
       "lamin curate pbmc.h5ad --schema 'typed cells' --report html --output report.html"});
}

/// Of a move from one release to another.
std::vector<Argument> releases(std::vector<Argument> more = {}) {
  std::vector<Argument> all = {word("ONTOLOGY", "Name of a source, such as CL, or a registry, such as cell_type."),
                               word("OLD", "Release that the registry is moved from; may be left out.", false),
                               word("NEW", "Release that it is moved to [default: the one in use].", false)};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void add_ontology(std::vector<Command>& all) {
  const auto which_one = word("ONTOLOGY", "Name of a source, such as CL, or a registry, such as cell_type.");
  const auto report = option("--report", "text, html or json.", "text");
  const auto output = option("--output", "Write it to this file, not to the screen.");
  const auto choose = many("--choose", "OBSOLETE=TERM: what replaces an obsolete term; may be repeated.");
  all.push_back({"ontology", "", "Terms of public ontologies, and their releases.", {}, nullptr});
  all.push_back({"ontology tree",
                 ontologies,
                 "Show what is below and above a term, registered or not.",
                 {which_one, word("TERM", "Its identifier, name or a synonym."),
                  option("--down", "Levels below it.", "2"), option("--up", "Levels above it.", "0"),
                  option("--relation", "Another relation than that of parents, such as part_of."),
                  option("--report", "text, svg or json.", "text"), output},
                 ontology_tree,
                 "lamin ontology tree CL 'T cell' --down 2"});
  all.push_back({"ontology search",
                 ontologies,
                 "Search the terms of an ontology, registered or not; the best come first.",
                 {which_one, word("TEXT", "What to look for."), option("--limit", "At most so many.", "20"),
                  flag("--fuzzy", "Also find texts with a wrong letter, or two if there are ten.")},
                 ontology_search,
                 "lamin ontology search CL gamma-delta"});
  all.push_back(
      {"ontology show",
       ontologies,
       "Show a term: synonyms, relations, cross-references, what replaces it, who uses it.",
       {word("ONTOLOGY", "Left out where the identifier says it."),
        word("TERM", "Its identifier, name or a synonym.", false), option("--report", "text, html or json.", "text")},
       ontology_show,
       "lamin ontology show CL:0000084"});
  all.push_back({"ontology diff",
                 ontologies,
                 "Compare two releases: added, renamed, obsolete, merged, split, moved terms.",
                 {which_one, word("OLD", "The earlier release."), word("NEW", "The later one."), report, output},
                 ontology_diff,
                 "lamin ontology diff CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology plan", ontologies,
                 "Show what moving to another release would change, and which datasets that touches.",
                 releases({choose, report, output}), ontology_plan, "lamin ontology plan CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology apply", ontologies, "Move a registry to another release, in one transaction.",
                 releases({choose}), ontology_apply, "lamin ontology apply CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology undo", ontologies, "Restore the rows as they were before the last move.",
                 releases({option("--number", "Which one, as `lamin ontology history` lists them.")}), ontology_undo,
                 "lamin ontology undo CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology history",
                 ontologies,
                 "List the moves from one release to another.",
                 {word("ONTOLOGY", "Name of a source or a registry [default: all].", false)},
                 ontology_history,
                 "lamin ontology history CL"});
  all.push_back({"ontology add",
                 ontologies,
                 "Put the file of a release into the cache, where no network is needed to find it.",
                 {word("PATH", "The file as its publisher offers it, or a folder of such files."),
                  option("--source", "Name of the source, such as cl [default: as the file says]."),
                  option("--version", "Its release [default: as the file says]."),
                  option("--organism", "Organism, of a file of genes or proteins [default: as the file says].")},
                 ontology_add,
                 "lamin ontology add cl.obo"});
  all.push_back({"ontology list",
                 ontologies,
                 "List the files of releases that are at hand.",
                 {option("--source", "Of this source only.")},
                 ontology_list,
                 "lamin ontology list"});
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
       "Show in which lines two versions of a program differ.",
       {word("TRANSFORM", "Key or uid."), word("BEFORE", "Version tag or uid [default: the one before].", false),
        word("AFTER", "Version tag or uid [default: the latest].", false)},
       diff,
       "lamin diff align.py 1.0 1.1"});
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
                  flag("--json", "One JSON object a line: the findings, then the summary."), grace},
                 fsck,
                 "lamin fsck --full --repair"});
  all.push_back({"gc",
                 admin,
                 "Remove what crashed saves and processes that are gone have left.",
                 {grace},
                 gc,
                 "lamin gc --grace 600"});
}

void add_absent(std::vector<Command>& all) {
  for (const char* name : {"run", "integrations", "migrate", "io", "hub", "register", "schema", "mount"}) {
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
  add_absent(all);
  return all;
}

}  // namespace lamin::cli
