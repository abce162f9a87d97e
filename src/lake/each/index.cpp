#include "lake/each/index.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/fresh_file.hpp"
#include "base/path.hpp"
#include "format/format.hpp"
#include "format/table_read.hpp"
#include "lake/artifact/content.hpp"
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view owner = "artifact_uid";

/// What tells one content from another: the digest, otherwise LaminDB's hash. Empty: that is not known.
std::string stamp_of(Instance& instance, const Record& artifact) {
  constexpr std::size_t enough = 32;
  const auto digest = known_digest(instance, artifact);
  return std::string(digest ? *digest : artifact.text("hash")).substr(0, enough);
}

/// Anything that is no column of Parquet as text.
Column plain(const Column& column) {
  if (column.kind() != Column::Kind::object) return column;
  std::vector<std::string> texts;
  std::vector<bool> valid;
  for (std::int64_t row = 0; row < column.size(); ++row) {
    const bool foreign = column.foreign().contains(row);
    const auto value = foreign ? Value(column.foreign().at(row)) : column.value(row);
    const auto* json = std::get_if<Json>(&value);
    texts.push_back(json != nullptr ? json->text : value.text() != nullptr ? *value.text() : to_string(value));
    valid.push_back(!value.is_null());
  }
  return Column::texts(texts, valid);
}

/// The table with the uid of its artifact. The column that names the rows has the same name in all files.
Frame owned(const Frame& table, const std::string& index, const std::string& uid, const std::string& slot) {
  const auto names = slot.substr(slot.rfind(':') + 1) + "_names";
  Frame out;
  const auto rows = static_cast<std::size_t>(table.rows());
  out.add(std::string(owner), Column::categories(std::vector<std::int32_t>(rows, 0), {uid}));
  const bool taken = std::ranges::find(table.names(), names) != table.names().end();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& name = table.names()[i];
    if (name == owner) continue;
    out.add(name == index && !taken ? names : name, plain(table.at(i)));
  }
  return out;
}

void remove_older(const fs::path& kept, const std::string& stem) {
  std::error_code failure;
  for (auto it = fs::directory_iterator(kept.parent_path(), failure); !failure && it != fs::directory_iterator();
       it.increment(failure)) {
    const auto name = it->path().filename().string();
    std::error_code ignored;
    if (name.starts_with(stem) && name.ends_with(".parquet") && name != kept.filename())
      fs::remove(it->path(), ignored);
  }
}

}  // namespace

fs::path index_table(Instance& instance, const Record& artifact, const std::string& table, const fs::path& folder) {
  const std::string uid(artifact.uid());
  const auto stamp = stamp_of(instance, artifact);
  auto slot = table == "obs" ? std::string() : "." + table;
  std::ranges::replace(slot, ':', '.');
  const auto stem = uid + slot + "-";
  auto file = base::resolve(folder) / (stem + stamp + ".parquet");
  std::error_code failure;
  if (!stamp.empty() && fs::exists(file, failure)) return file;
  fs::create_directories(file.parent_path(), failure);
  if (failure)
    throw Error(Code::no_access,
                fmt::format("'{}' cannot be made: {}", file.parent_path().string(), failure.message()));
  const auto content = cache_artifact(instance, artifact);
  const auto layout = format::table_layout(content, table);
  const auto read = format::read_table(content, table, layout.columns.names());
  if (!is_still_at(instance, artifact, content))
    throw Error(Code::conflict, fmt::format("the content of {} was replaced while it was read: do it again", uid));
  base::FreshFile fresh(file);
  format::write_parquet(owned(read, layout.columns.index, uid, table), fresh.path());
  fresh.put();
  remove_older(file, stem);
  return file;
}

}  // namespace lamin::lake
