// objects.cpp -- compares what is in .lamindb, where content is stored by uid, with rows and intents.
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <unordered_set>
#include <utility>
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/artifact/place.hpp"
#include "lake/fsck/parts.hpp"
#include "lake/instance/settings_file.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t at_once = 500;  // names looked up together

// Names directly below .lamindb, in batches, so that memory does not grow with their number.
void each_batch(store::Store& store, const std::function<void(std::vector<std::string>)>& look) {
  std::vector<std::string> batch;
  const auto add = [&](std::string name) {
    batch.push_back(std::move(name));
    if (batch.size() == at_once) look(std::exchange(batch, {}));
  };
  if (const auto folder = store.local_path(".lamindb")) {
    for (const auto& entry : fs::directory_iterator(*folder)) add(entry.path().filename().string());
  } else {
    std::string last;
    for (const auto& entry : store.list(".lamindb")) {  // sorted, so that related names are adjacent
      auto name = entry.key.substr(auto_prefix.size());
      name.resize(std::min(name.size(), name.find('/')));
      if (name != last) add(last = name);
    }
  }
  if (!batch.empty()) look(std::move(batch));
}

// Files that an instance needs besides content: ours, and those of any version of LaminDB.
class OwnFiles {
 public:
  OwnFiles(const Instance& instance, const std::string& root) {
    if (!is_sqlite(instance.settings())) return;
    const auto file = database_file(instance.settings());
    if (file.parent_path() == fs::path(root) / ".lamindb") database_ = file.filename().string();
  }
  bool has(std::string_view name) const {
    if (!database_.empty() && name.starts_with(database_)) return true;  // -wal, -shm, backups, one being made
    return name.starts_with(".") || name.starts_with("_") || name.starts_with("lamin.db") || name.ends_with(".lndb") ||
           name == "storage_uid.txt" || name == "lost+found";
  }

 private:
  std::string database_;
};

std::string uid_in(std::string_view name) { return std::string(name.substr(0, name.find('.'))); }

bool is_uid(std::string_view text, std::size_t size) {
  return text.size() == size && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0; });
}

// Names at which rows have their content.
std::unordered_set<std::string> names_with_rows(Instance& instance, std::int64_t storage,
                                                const std::vector<std::string>& names) {
  const auto& table = instance.catalog().table("Artifact");
  const auto stem_size = static_cast<std::size_t>(table.stem_size);
  std::vector<Value> uids;
  std::vector<Expr> which;
  for (const auto& name : names) {
    auto uid = uid_in(name);
    if (is_uid(uid, stem_size)) {
      which.push_back(Expr::compare("uid", Op::startswith, Value(uid)));
    } else if (is_uid(uid, stem_size + 4)) {
      uids.emplace_back(std::move(uid));
    }
  }
  std::unordered_set<std::string> found;
  const auto look = [&](Expr condition) {
    const Query query{
        .registry = "Artifact",
        .where = Expr::all_of({Expr::compare("storage", Op::exact, Value(storage)), std::move(condition)}),
        .any_branch = true};
    instance.database().each(query, [&](Record&& row) {
      const auto place = place_of(row);
      if (place.starts_with(auto_prefix)) found.insert(place.substr(auto_prefix.size()));
      return true;
    });
  };
  if (!uids.empty()) look(Expr::in("uid", std::move(uids)));
  constexpr std::size_t conditions = 50;
  for (std::size_t from = 0; from < which.size(); from += conditions) {
    const auto first = which.begin() + static_cast<std::ptrdiff_t>(from);
    look(Expr::any_of({first, first + static_cast<std::ptrdiff_t>(std::min(conditions, which.size() - from))}));
  }
  return found;
}

// Intents before rows: see the invariants in parts.hpp.
std::vector<std::string> unexplained(Instance& instance, std::int64_t storage, std::vector<std::string> names) {
  const AnnouncedPlaces announced(instance, storage);
  std::erase_if(names, [&](const auto& name) { return announced.explains(std::string(auto_prefix) + name); });
  const auto known = names_with_rows(instance, storage, names);
  std::erase_if(names, [&](const auto& name) { return known.contains(name); });
  return names;
}

struct Object {
  std::int64_t bytes = 0;
  std::string written;  // "2026-11-28 02:00:00 UTC"; empty if the store does not say
};

std::optional<Object> object_at(store::Store& store, const std::string& place) {
  const auto entry = store.stat(place);
  if (!entry) return std::nullopt;
  Object object{entry->size, {}};
  if (entry->is_folder) {
    for (const auto& file : store.list(place)) object.bytes += file.size;
  }
  if (const auto path = store.local_path(place)) {
    std::error_code failed;
    const auto written = fs::last_write_time(*path, failed);
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::file_clock::to_sys(written).time_since_epoch());
    if (!failed) object.written = base::display(Time{micros.count()});
  }
  return object;
}

// False if it now has a row.
bool move_away(FsckRun& run, const CheckedStorage& storage, const std::string& place, Finding& finding) {
  try {
    const auto aside = set_aside(run, storage, place);
    finding.done = fmt::format("moved to {}/{}", storage.root, aside);
    return !aside.empty();
  } catch (const Error& e) {
    finding.what += fmt::format("; it cannot be moved: {}", e.what());
    return true;
  }
}

}  // namespace

AnnouncedPlaces::AnnouncedPlaces(Instance& instance, std::int64_t storage) {
  const Value key[] = {storage};
  auto rows = instance.database().connection().query(
      "SELECT place, target, operation FROM lamin_intent WHERE storage_id = ?", key);
  while (rows->next()) {
    places_.emplace_back(rows->text(0));
    if (!rows->is_null(1)) places_.emplace_back(rows->text(1));
    operations_.emplace_back(rows->text(2));
  }
}

bool AnnouncedPlaces::explains(std::string_view place) const {
  const auto at = [&](const std::string& announced) {
    return place == announced || place.starts_with(announced + ".");  // files next to it during an exchange
  };
  return std::ranges::any_of(places_, at) ||
         std::ranges::any_of(operations_, [&](const auto& operation) { return place.find(operation) != place.npos; });
}

void check_objects(FsckRun& run, const CheckedStorage& storage) {
  const OwnFiles own(run.instance, storage.root);
  each_batch(*storage.store, [&](std::vector<std::string> names) {
    std::erase_if(names, [&](const auto& name) { return own.has(name); });
    auto left = unexplained(run.instance, storage.id, std::move(names));
    if (!left.empty()) left = unexplained(run.instance, storage.id, std::move(left));  // deleted in the meantime?
    for (const auto& name : left) {
      const auto place = std::string(auto_prefix) + name;
      const auto object = object_at(*storage.store, place);
      if (!object) continue;
      Finding finding{.kind = FindingKind::no_row,
                      .uid = uid_in(name),
                      .place = fmt::format("{}/{}", storage.root, place),
                      .what = fmt::format("no row has these {} bytes", object->bytes),
                      .size = object->bytes};
      if (!object->written.empty()) finding.what += ", written at " + object->written;
      if (run.options.repair && !move_away(run, storage, place, finding)) continue;
      run.found(std::move(finding));
    }
    run.step();
  });
}

}  // namespace lamin::lake
