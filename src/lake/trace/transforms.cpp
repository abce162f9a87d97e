#include "lake/trace/transforms.hpp"
#include <fmt/format.h>
#include <filesystem>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/redact.hpp"
#include "base/source_file.hpp"
#include "lake/instance/settings_file.hpp"
#include "lake/rows/version.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

/// A part of a key, from a name that an engine gave.
std::string as_key(std::string name) {
  for (auto& c : name) {
    if (c == '\\' || static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '_';
  }
  for (auto at = name.find(".."); at != name.npos; at = name.find("..")) name.replace(at, 2, "_");
  while (name.starts_with('/')) name.erase(0, 1);
  return name;
}

}  // namespace

TraceTransforms::TraceTransforms(Instance& instance, const TraceWorkflow& workflow, const std::string& key)
    : instance_(instance), of_(workflow), key_(key) {
  if (key_.empty())
    key_ = !of_.name.empty() ? as_key(of_.name) : of_.script.empty() ? as_key(of_.engine) : key_of_script();
}

/// Like that of a script: its path below the development folder, otherwise below the folder that it is in.
std::string TraceTransforms::key_of_script() const {
  const auto script = base::resolve(fs::path(of_.folder) / of_.script);
  if (const auto folder = pointer_folder(script.parent_path())) {
    if (auto key = base::relative_key(folder->string(), script); !key.empty()) return key;
  }
  auto root = script.parent_path();
  if (root.filename() == "workflow") root = root.parent_path();  // where Snakemake wants it
  return as_key(root.filename().string() + "/" + base::relative_key(root.string(), script));
}

std::string TraceTransforms::source() const {
  if (!of_.source.empty() || of_.script.empty()) return of_.source;
  constexpr std::int64_t most_bytes = 16 << 20;
  try {
    return base::small_file((fs::path(of_.folder) / of_.script).string(), most_bytes);
  } catch (const Error&) { return ""; }  // it was removed, or is on another machine
}

Record TraceTransforms::workflow() {
  TransformOptions options{.key = key_, .kind = "pipeline", .source_code = source()};
  constexpr std::size_t most_of_reference = 255, most_of_tag = 30;
  if (const auto at = of_.repository + (of_.revision.empty() ? "" : "/tree/" + of_.revision);
      !of_.repository.empty() && at.size() <= most_of_reference) {
    options.reference = at;
    options.reference_type = "url";
  }
  if (!of_.version.empty() && of_.version.size() <= most_of_tag) {
    // A version that was changed without a new tag is the next one, without a tag.
    const bool taken = instance_.database().exists(
        {.registry = "Transform",
         .where = Expr::all_of({Expr::compare("key", Op::exact, Value(key_)),
                                Expr::compare("version_tag", Op::exact, Value(of_.version))}),
         .any_branch = true});
    if (!taken) options.version_tag = of_.version;
  }
  return find_or_make(std::move(options));
}

Record TraceTransforms::process(const TraceTask& task) {
  return find_or_make({.key = key_ + "/" + as_key(task.process),
                       .kind = task.kind.empty() ? std::string("function") : task.kind,
                       .source_code = task.source});
}

Record TraceTransforms::find_or_make(TransformOptions options) {
  options.source_code = base::redact_source(options.source_code).text;
  const auto hash = options.source_code.empty() ? "" : base::md5_base64(options.source_code);
  const auto [at, is_new] = known_.try_emplace(options.key + "\n" + hash);
  if (!is_new) return at->second;
  auto& database = instance_.database();
  std::optional<Record> row;
  if (hash.empty()) {
    row = head(instance_, instance_.catalog().table("Transform"), "key", Value(options.key), database.session().branch);
  } else {
    row = database.first({.registry = "Transform",
                          .where = Expr::all_of({Expr::compare("key", Op::exact, Value(options.key)),
                                                 Expr::compare("hash", Op::exact, Value(hash))}),
                          .any_branch = true});
  }
  if (!row) {
    options.skip_hash_lookup = true;
    row = make_transform(instance_, options);
  }
  return at->second = std::move(*row);
}

}  // namespace lamin::lake
