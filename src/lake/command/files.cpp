#include "lake/command/files.hpp"
#include "base/redact.hpp"
#include "db/connection.hpp"
#include "lake/command/script.hpp"
#include "lamin/command.hpp"

namespace lamin {
namespace lake {
namespace {

/// "r", "rw", "x"; "t" for one that is temporary.
std::string access_of(const process::FileUse& use) {
  std::string text;
  if (use.read) text += 'r';
  if (use.written) text += 'w';
  if (use.executed) text += 'x';
  if (use.gone || use.role == process::Role::scratch) text += 't';
  return text;
}

}  // namespace

void write_files(Instance& instance, const Record& run, const std::vector<Seen>& files) {
  static constexpr std::string_view columns[] = {"run", "path", "access", "size", "hash", "artifact", "output"};
  const Value uid(run.uid());
  std::vector<Value> values;
  for (const auto& file : files) {
    const auto artifact = file.artifact ? Value(file.artifact->uid()) : Value();
    const auto output = file.output ? Value(file.output->uid()) : Value();
    const auto hash = file.hash.empty() ? Value() : Value(file.hash);
    for (const Value& value : {uid, Value(base::redact_text(as_text(file.use.path))), Value(access_of(file.use)),
                               Value(file.use.size), hash, artifact, output})
      values.push_back(value);
  }
  auto& connection = instance.database().connection();
  const Value key[] = {uid};
  connection.execute("DELETE FROM lamin_run_file WHERE run = ?", key);
  connection.bulk_insert("lamin_run_file", columns, values, true);
}

}  // namespace lake

std::vector<CommandFile> command_files(Instance& instance, const Record& run) {
  auto& connection = instance.database().connection();
  const Value key[] = {Value(run.uid())};
  if (!connection.table_exists("lamin_run_file")) return {};
  auto rows = connection.query(
      "SELECT path, access, size, hash, artifact, output FROM lamin_run_file WHERE run = ? ORDER BY path", key);
  std::vector<CommandFile> files;
  while (rows->next()) {
    const std::string access(rows->text(1));
    const auto has = [&](char letter) { return access.find(letter) != std::string::npos; };
    files.push_back({.path = std::string(rows->text(0)),
                     .read = has('r'),
                     .written = has('w'),
                     .executed = has('x'),
                     .temporary = has('t'),
                     .size = rows->integer(2),
                     .hash = rows->is_null(3) ? "" : std::string(rows->text(3)),
                     .artifact = rows->is_null(4) ? "" : std::string(rows->text(4)),
                     .output = rows->is_null(5) ? "" : std::string(rows->text(5))});
  }
  return files;
}

}  // namespace lamin
