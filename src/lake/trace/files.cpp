#include "lake/trace/files.hpp"
#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <numeric>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/place.hpp"
#include "lake/instance/settings_file.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t second = 1'000'000, millisecond = 1'000;

std::optional<Time> modified_at(const struct stat& info) {
  return Time{info.st_mtim.tv_sec * second + info.st_mtim.tv_nsec / 1'000};
}

/// How deep a task is in the calls of others.
std::vector<std::size_t> depths(const Trace& trace) {
  std::unordered_map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < trace.tasks.size(); ++i) at.emplace(trace.tasks[i].id, i);
  std::vector<std::size_t> depths(trace.tasks.size(), 0);
  for (std::size_t i = 0; i < trace.tasks.size(); ++i) {
    auto parent = at.find(trace.tasks[i].parent);
    for (; parent != at.end() && depths[i] <= trace.tasks.size(); parent = at.find(trace.tasks[parent->second].parent))
      ++depths[i];
  }
  return depths;
}

std::string hash_of_md5(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::strtoul(hex.substr(i, 2).c_str(), nullptr, 16)));
  }
  return base::base64url(bytes);
}

bool has_digest(const TraceFile& file, const std::string& hash, const std::string& type, const std::string& digest) {
  if (!file.blake3.empty()) return file.blake3 == digest;
  if (!file.md5.empty() && type == "md5") return hash_of_md5(file.md5) == hash;
  return true;
}

/// The key below a root, by the names alone: a link is where it is, not where it leads. Empty if it is not below.
std::string key_below(const fs::path& root, const fs::path& path) {
  auto key = path.lexically_relative(root).generic_string();
  return key == "." || key == ".." || key.starts_with("../") ? std::string() : key;
}

bool is_address(const std::string& path) { return path.find("://") != path.npos && !path.starts_with("file://"); }

}  // namespace

TraceFiles::TraceFiles(Instance& instance, const Trace& trace, const ImportRunOptions& options,
                       const std::vector<Record>& saved, std::set<std::int64_t> runs)
    : instance_(instance),
      trace_(trace),
      options_(options),
      runs_(std::move(runs)),
      folder_(base::resolve(trace.workflow.folder.empty() ? fs::current_path() : fs::path(trace.workflow.folder))),
      inputs_(trace.tasks.size()),
      done_(trace.tasks.size(), 0) {
  if (const auto folder = pointer_folder(folder_)) dev_folder_ = base::resolve(*folder);
  find_makers();
  find_common_folder();
  keep_published();
  if (options.save_outputs) keep_task_outputs();
  if (!saved.empty()) keep_saved(saved);
  link_inputs();
}

fs::path TraceFiles::given(const std::string& path) const {
  const fs::path at(path.starts_with("file://") ? path.substr(7) : path);
  return at.is_absolute() ? at : folder_ / at;
}

fs::path TraceFiles::place(const std::string& path) const {
  return is_address(path) ? fs::path(path) : base::resolve(given(path));
}

/// `before`: when it was complete, for files of which nothing else is known.
bool TraceFiles::unchanged(const TraceFile& file, const Place& at, const std::optional<Time>& before) const {
  struct stat info{};
  if (::stat(at.c_str(), &info) != 0) return false;
  if (S_ISDIR(info.st_mode)) return true;
  if (file.size && *file.size != info.st_size) return false;
  const auto now = modified_at(info)->micros;
  if (file.modified) return std::abs(now - file.modified->micros) <= 2 * millisecond;
  const bool known = file.size || !file.md5.empty() || !file.blake3.empty();
  return known || !before || now <= before->micros + 2 * second;
}

void TraceFiles::find_makers() {
  const auto depth = depths(trace_);
  std::vector<std::size_t> order(trace_.tasks.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return depth[a] > depth[b]; });
  for (const auto i : order) {
    std::set<std::string> read;
    for (const auto& file : trace_.tasks[i].inputs) read.insert(place(file.path).string());
    for (const auto& file : trace_.tasks[i].outputs) {
      auto at = place(file.path).string();
      if (!read.contains(at)) made_.try_emplace(std::move(at), i);
    }
  }
}

/// Of published files outside of the workflow's folder: where they all are.
void TraceFiles::find_common_folder() {
  for (const auto& file : trace_.workflow.outputs) {
    if (is_address(file.path)) continue;
    const auto at = given(file.path).lexically_normal().parent_path();
    if (!key_below(folder_, at / "x").empty()) continue;
    if (common_.empty()) common_ = at;
    while (at != common_ && key_below(common_, at).empty() && common_.has_relative_path())
      common_ = common_.parent_path();
  }
}

std::size_t TraceFiles::maker_of(const Place& at) const {
  for (auto part = at; part.has_relative_path(); part = part.parent_path()) {
    if (const auto made = made_.find(part.string()); made != made_.end()) return made->second;
  }
  return no_task;
}

/// The position in `kept` of a file, or of the folder that it is in.
std::optional<std::size_t> TraceFiles::kept_at(const Place& at) const {
  for (auto part = at; part.has_relative_path(); part = part.parent_path()) {
    if (const auto kept = kept_by_.find(part.string()); kept != kept_by_.end()) return kept->second;
  }
  return std::nullopt;
}

/// Below the development folder, otherwise with the name of the workflow's folder before it.
std::string TraceFiles::key_of(const TraceFile& file) const {
  if (!file.key.empty()) return file.key;
  const auto path = given(file.path).lexically_normal();
  const auto at = base::resolve(path.parent_path()) / path.filename();  // the name of a link, not of its target
  if (in_storage(instance_, base::resolve(path))) return "";            // it is registered where it is
  if (!dev_folder_.empty()) {
    if (auto key = key_below(dev_folder_, at); !key.empty()) return key;
  }
  if (const auto key = key_below(folder_, at); !key.empty()) return folder_.filename().string() + "/" + key;
  const auto key = common_.empty() ? std::string() : key_below(common_, path);
  if (!key.empty()) return common_.filename().string() + "/" + key;
  return at.parent_path().filename().string() + "/" + at.filename().string();
}

void TraceFiles::keep(const TraceFile& file, const Place& source, std::size_t task, const std::optional<Time>& before) {
  const auto at = given(file.path).lexically_normal();
  if (!kept_by_.try_emplace(at.string(), kept_.size()).second) return;
  const auto leave_out = [&](std::string_view why) {
    kept_by_.erase(at.string());
    lost_.push_back(fmt::format("{} ({})", file.path, why));
  };
  std::error_code failed;
  if (!fs::exists(at, failed)) return leave_out("is gone");
  if (!unchanged(file, base::resolve(at), before)) return leave_out("has changed since");
  try {
    auto draft = prepare(instance_, {.source = Source(at), .key = key_of(file), .run = 0}, Telling::nothing);
    if (!has_digest(file, draft.hash, draft.hash_type, draft.digest)) return leave_out("has changed since");
    kept_.push_back({.draft = std::move(draft), .task = task});
  } catch (const Error& error) {
    if (error.code() == Code::unavailable) throw;
    return leave_out(error.what());
  }
  kept_by_.try_emplace(base::resolve(at).string(), kept_.size() - 1);
  kept_by_.try_emplace(source.string(), kept_.size() - 1);
}

void TraceFiles::keep_published() {
  for (const auto& file : trace_.workflow.outputs) {
    if (is_address(file.path)) {
      lost_.push_back(fmt::format("{} (is not on this machine)", file.path));
      continue;
    }
    const auto source = place(file.source.empty() ? file.path : file.source);
    keep(file, source, maker_of(source), trace_.workflow.finished);
  }
}

void TraceFiles::keep_task_outputs() {
  for (std::size_t i = 0; i < trace_.tasks.size(); ++i) {
    const auto& task = trace_.tasks[i];
    if (task.status != "completed" && !task.status.empty()) continue;
    for (const auto& file : task.outputs) {
      const auto at = place(file.path);
      if (is_address(file.path) || maker_of(at) != i || kept_by_.contains(at.string())) continue;
      keep(file, at, i, task.finished);
    }
  }
}

/// Files between tasks that are artifacts already; only what has the size of such an artifact is read.
void TraceFiles::keep_saved(const std::vector<Record>& saved) {
  std::set<std::int64_t> sizes, ids;
  bool folders = false;
  for (const auto& artifact : saved) {
    ids.insert(artifact.id());
    if (artifact.at("n_files").is_null()) sizes.insert(artifact.at("size").integer_or(0));
    else folders = true;
  }
  const auto may_be_one = [&](const Place& at) {
    std::error_code failed;
    if (fs::is_directory(at, failed)) return folders;
    const auto size = fs::is_regular_file(at, failed) ? fs::file_size(at, failed) : 0;
    return !failed && size > 0 && sizes.contains(static_cast<std::int64_t>(size));
  };
  for (std::size_t i = 0; i < trace_.tasks.size(); ++i) {
    for (const auto& file : trace_.tasks[i].outputs) {
      const auto at = place(file.path);
      if (maker_of(at) != i || kept_by_.contains(at.string()) || !may_be_one(at)) continue;
      if (unchanged(file, at, trace_.tasks[i].finished)) keep_if_saved(file, at, i, ids);
    }
  }
}

void TraceFiles::keep_if_saved(const TraceFile& file, const Place& at, std::size_t task,
                               const std::set<std::int64_t>& ids) {
  try {
    auto draft = prepare(instance_, {.source = Source(at), .key = key_of(file), .run = 0}, Telling::nothing);
    if (!draft.existing || !ids.contains(draft.record.id())) return;
    kept_by_.emplace(at.string(), kept_.size());
    kept_.push_back({.draft = std::move(draft), .task = task, .is_output = false});
  } catch (const Error& error) {
    if (error.code() == Code::unavailable) throw;  // what cannot be read was not saved either
  }
}

void TraceFiles::link_inputs() {
  for (std::size_t i = 0; i < trace_.tasks.size(); ++i) {
    std::set<std::size_t> open;
    sources_of(i, open);
    for (const auto artifact : inputs_[i].artifacts) outside_.artifacts.insert(artifact);
    for (const auto position : inputs_[i].kept) {
      if (kept_[position].is_input) outside_.kept.insert(position);
    }
  }
}

/// `open`: tasks whose sources are being found; a trace in which files go in a circle ends there.
Sources TraceFiles::sources_of(std::size_t task, std::set<std::size_t>& open) {
  if (done_[task] != 0 || !open.insert(task).second) return inputs_[task];
  Sources all;
  const auto& of = trace_.tasks[task];
  for (const auto& file : of.inputs) {
    const auto at = place(file.path);
    const auto maker = maker_of(at);
    if (maker == no_task) {
      all.add(from_outside(file, at, of.started));
    } else if (const auto kept = kept_at(at)) {
      if (maker != task) all.kept.insert(*kept);
    } else if (maker != task) {
      all.add(sources_of(maker, open));
    }
  }
  open.erase(task);
  done_[task] = 1;
  return inputs_[task] = std::move(all);
}

Sources TraceFiles::from_outside(const TraceFile& file, const Place& at, const std::optional<Time>& started) {
  const auto [known, is_new] = from_outside_.try_emplace(at.string());
  auto& sources = known->second;
  if (!is_new) return sources;
  if (const auto artifact = artifact_of(file, at, started)) {
    sources.artifacts.insert(*artifact);
    return sources;
  }
  if (options_.save_inputs && !is_address(file.path) && unchanged(file, at, started)) {
    const auto before = kept_.size();
    keep(file, at, no_task, started);
    if (kept_.size() > before) {
      kept_.back().is_input = true;
      sources.kept.insert(before);
      return sources;
    }
  }
  unknown_.insert(file.path);
  return sources;
}

std::optional<std::int64_t> TraceFiles::artifact_of(const TraceFile& file, const Place& at,
                                                    const std::optional<Time>& started) {
  constexpr std::int64_t trash = -1;
  const auto visible = [&](const Record& row) {
    return row.at("branch").integer_or(1) != trash && !runs_.contains(row.at("run").integer_or(0));
  };
  if (is_address(file.path)) {
    const auto uri = Uri::parse(file.path);
    for (const auto& storage : instance_.database().all({.registry = "Storage", .any_branch = true})) {
      const auto key = uri ? uri->key_below(storage.text("root")) : std::nullopt;
      if (!key) continue;
      for (const auto& row : at_place(instance_, storage.id(), *key)) {
        if (visible(row) && row.at("is_latest").boolean_or(false)) return row.id();
      }
    }
    return std::nullopt;
  }
  std::string hash, type = "md5", digest;
  std::vector<LinkPart> links;
  if (unchanged(file, at, started)) {
    try {
      auto content = read_content(at, Links::follow);
      if (content.hash.size == 0) return std::nullopt;  // all empty files are the same
      if (!has_digest(file, content.hash.hash, content.hash.type, content.hash.digest)) return std::nullopt;
      hash = content.hash.hash;
      type = content.hash.type;
      digest = content.hash.digest;
      links = std::move(content.links);
    } catch (const Error& error) {
      if (error.code() == Code::unavailable) throw;
      return std::nullopt;
    }
  } else if (!file.md5.empty()) {
    hash = hash_of_md5(file.md5);  // it is gone, but it is known what it was
  } else {
    return std::nullopt;
  }
  std::vector<Record> rows;
  if (digest.empty()) {
    rows = instance_.database().all({.registry = "Artifact",
                                     .where = Expr::all_of({Expr::compare("hash", Op::exact, Value(hash)),
                                                            Expr::compare("_hash_type", Op::exact, Value(type))})});
  } else {
    rows = same_content(instance_, hash, type, digest, links);
  }
  std::erase_if(rows, [&](const Record& row) { return !visible(row); });
  if (rows.empty()) return std::nullopt;
  // Of several with this content, the one that is here, otherwise the one that ends like it.
  if (const auto here = artifact_at(instance_, at)) {
    for (const auto& row : rows) {
      if (row.id() == here->id()) return row.id();
    }
  }
  for (const auto& row : rows) {
    if (!row.text("key").empty() && at.string().ends_with("/" + std::string(row.text("key")))) return row.id();
  }
  return rows.front().id();
}

}  // namespace lamin::lake
