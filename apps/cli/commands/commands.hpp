// commands.hpp -- the functions behind the commands, one file per section of `lamin --help`.
#pragma once
#include <memory>
#include <optional>
#include "faces/cli.hpp"
#include "faces/columns.hpp"
#include "lamin/error.hpp"
#include "lamin/instance.hpp"
#include "lamin/schema.hpp"

namespace lamin::cli {

using faces::Given;

// environment.cpp
int init(const Given& given);
int connect(const Given& given);
int disconnect(const Given& given);
int info(const Given& given);
int stubs(const Given& given);
int login(const Given& given);
int logout(const Given& given);
int sync(const Given& given);

// settings.cpp
int settings(const Given& given);

// upkeep.cpp
int fsck(const Given& given);
int gc(const Given& given);

// migrate.cpp
int migrate_plan(const Given& given);
int migrate_apply(const Given& given);
int migrate_check(const Given& given);
int migrate_create(const Given& given);

// save.cpp
int save(const Given& given);
int replace(const Given& given);
/// Its uid, or all of it as one JSON object.
void print_record(const Record& record, bool json);

// copy.cpp
int copy(const Given& given);
/// A path with the content of an artifact, or it with uid and key as one JSON object.
void print_place(const Record& artifact, const std::string& path, bool json);

// cache.cpp
int cache(const Given& given);

// completion.cpp
int completion(const Given& given);
int complete(const Given& given);

// data.cpp
int load(const Given& given);
int remove(const Given& given);
int create(const Given& given);
int restore(const Given& given);

// look.cpp
int get(const Given& given);
int describe(const Given& given);
int list(const Given& given);
int search(const Given& given);
int versions(const Given& given);

// show.cpp
int show(const Given& given);

// exchange.cpp
int export_registries(const Given& given);
int export_database(const Given& given);
int import_database(const Given& given);

// lineage.cpp
int show_lineage(const Given& given);

// branches.cpp
int switch_to(const Given& given);
int merge(const Given& given);
int update(const Given& given);

// curation.cpp
int import(const Given& given);
int validate(const Given& given);
int standardize(const Given& given);
int annotate(const Given& given);
int curate(const Given& given);

// releases.cpp
int ontology_add(const Given& given);
int ontology_list(const Given& given);

// ontology.cpp
int ontology_tree(const Given& given);
int ontology_search(const Given& given);
int ontology_show(const Given& given);
int ontology_diff(const Given& given);
int ontology_plan(const Given& given);
int ontology_apply(const Given& given);
int ontology_undo(const Given& given);
int ontology_history(const Given& given);

// sheets.cpp
int export_any(const Given& given);
int rows(const Given& given);
/// `lamin import record FILE`: into the sheet --type.
int import_sheet(Instance& instance, const Given& given);
/// Throws invalid_argument for options of sheets with a registry that has none.
void check_sheet_options(const Given& given, bool is_sheet);

// tracking.cpp
int track(const Given& given);
int finish(const Given& given);
int diff(const Given& given);

// trace.cpp
int import_run(const Given& given);

// run.cpp
int run_command(const Given& given);
int abort_run(const Given& given);
int verify_run(const Given& given);

// watch.cpp
int watch_run(const Given& given);
int report_run(const Given& given);

// each.cpp
int each(const Given& given);

// python.cpp
/// Runs a Python program with `input` on its standard input; its exit status. `command` is what a message calls it.
int run_python(std::vector<std::string> words, std::string_view input, std::string_view command);
int notion_sync(const Given& given);

// plugins.cpp
/// The Python that this program belongs to, otherwise the active one.
std::string python_program();
/// The plug-in declared by a JSON file or by the installed package of this name; nullopt if there is no such package.
std::optional<schema::Module> find_plugin(const std::string& name);
struct Modules {
  std::vector<std::string> names;  ///< all of them
  std::vector<schema::Module> plugins;
};
/// "bionty,mylab,./other.json"; throws not_found.
Modules modules_called(const std::string& list);

// common.cpp
/// Whether a word is lamin://owner/name/artifact/...
bool is_artifact_uri(const std::string& text);
/// "owner/name", and whether it is read-only.
std::string called(Instance& instance);
/// The current instance, with "connected lamindb: owner/name" on stderr and a shell run that is being tracked.
std::unique_ptr<Instance> open();
/// The same for one that is not the current one; nothing is said.
std::unique_ptr<Instance> open_called(const std::string& slug);
/// Why what an instance wrote could not be put into its bucket when it was closed.
std::optional<Error>& unsent();
/// The instance of an ENTITY that is an address, such as https://lamin.ai/owner/name/artifact/uid; otherwise `open()`.
std::unique_ptr<Instance> open(const Given& given);
/// The instance of an address such as lamin://owner/name/artifact/uid.
std::unique_ptr<Instance> open_at(const std::string& uri);
/// On the branch and in the space that --branch and --space name, in this command only.
void work_on(Instance& instance, const Given& given);
/// The record that ENTITY and --uid, --key or --name name; throws not_found.
Record find(Instance& instance, const Given& given, const char* default_entity = "artifact");
/// The same, or all whose keys match --key, if that is a pattern ("*" and "?" within a name, "**" over folders); those
/// in the trash if `trashed`. Throws not_found if none does.
std::vector<Record> find_all(Instance& instance, const Given& given, bool trashed = false);
/// What --label REGISTRY=NAME, --project, --ulabel and --record name; throws not_found.
std::vector<Record> labels_of(Instance& instance, const Given& given);
/// A whole number from 1 on; throws invalid_argument.
std::int64_t number(const Given& given, const char* name);
/// The text of a file; throws not_found, invalid_argument (too large for a text).
std::string file_text(const std::string& path);
Record schema_called(Instance& instance, const std::string& name);  ///< by name or uid; throws not_found
/// "field=value" as field and value; throws invalid_argument, naming the option.
std::pair<std::string, std::string> assignment(const std::string& text, std::string_view option);
/// What people write for a field: a number, a time, the name or uid of a row.
Value setting(Instance& instance, const schema::Table& table, const std::string& field, const std::string& text);
/// A line for the user, on stderr, through base::shown().
void tell(const std::string& message);
/// A command's result, a line on stdout: unchanged for a program, through base::visible() on a terminal.
void print_value(const std::string& value);
/// Text on stdout; throws unavailable if it cannot be written, so that long output ends there.
void print(std::string_view text);
/// A table on stdout, as wide as the terminal.
faces::TextTable text_table(std::vector<std::string> header);
bool coloured();               ///< stdout is a terminal with colours
std::size_t terminal_width();  ///< of stdout; 120 without a terminal
/// Throws unavailable if anything written to stdout so far was lost: a full disk is not a success.
void finish_output();

}  // namespace lamin::cli
