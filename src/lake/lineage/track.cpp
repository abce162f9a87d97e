// track.cpp -- which transform something that runs is, wherever its file is now and whatever it is called.
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/uid.hpp"
#include "lake/instance/branches.hpp"
#include "lake/instance/settings_file.hpp"
#include "lake/rows/version.hpp"
#include "lamin/lineage.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

constexpr std::size_t stem_size = 12, uid_size = 16;

std::string shown(const Record& transform) {
  return fmt::format("Transform('{}', key='{}')", transform.uid(), transform.text("key"));
}

/// Whether a path, or key, ends with this key: "team/a.py" with "a.py", but not "data.py".
bool ends_with(std::string_view path, std::string_view key) {
  return path == key || (path.size() > key.size() && path.ends_with(key) && path[path.size() - key.size() - 1] == '/');
}

/// "1" → "2", "1.0" → "1.1", anything else with ".1": a tag that is not taken yet.
std::string next_tag(const std::string& tag) {
  const auto dot = tag.rfind('.');
  const auto number = tag.substr(dot == tag.npos ? 0 : dot + 1);
  const bool is_number =
      !number.empty() && number.size() < 9 && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || dot == tag.npos) return tag + ".1";
  return tag.substr(0, dot + 1) + std::to_string(std::stoi(number) + 1);
}

class Tracker {
 public:
  Tracker(Instance& instance, TrackOptions options)
      : instance_(instance), options_(std::move(options)), table_(instance.catalog().table("Transform")) {
    check_uid();
    read_source();
    if (options_.key.empty()) throw Error(Code::invalid_argument, "pass key: what the transform is called");
    base::check_key(options_.key);
  }

  /// In a transaction.
  TrackedTransform track() {
    said_.clear();
    auto row = options_.uid.size() == uid_size    ? by_uid()
               : options_.uid.size() == stem_size ? usable(by_stem())
                                                  : by_source_or_key();
    check_tag(row);
    if (row) {
      take_over(*row);
    } else {
      row = make();
      said_ = "created " + shown(*row);
    }
    return {.record = std::move(*row), .said = said_};
  }

 private:
  std::int64_t branch() const { return instance_.database().session().branch; }
  std::int64_t user() const { return instance_.database().session().user; }
  bool is_notebook(const Record& row) const { return row.text("kind") == "notebook"; }

  void check_uid() const {
    const auto size = options_.uid.size();
    if (size == 0 || size == stem_size || size == uid_size) return;
    throw Error(Code::invalid_argument, fmt::format("Please pass an auto-generated uid instead of \"{}\". Resolve by "
                                                    "running: ln.track(\"{}\")",
                                                    options_.uid, base::random_uid(stem_size)))
        .known_as("InvalidArgument");
  }

  void read_source() {
    const auto& path = options_.path;
    if (path.extension() == ".ipynb" && path.stem().string().starts_with("Untitled")) {
      throw Error(Code::invalid_argument,
                  fmt::format("Your notebook file name is '{}', please rename it before tracking. You might have to "
                              "re-start your notebook kernel.",
                              path.filename().string()))
          .known_as("NotebookNotSaved");
    }
    std::error_code failed;
    if (!path.empty() && fs::exists(path, failed)) {
      auto source = source_of(path);
      if (options_.key.empty()) options_.key = source.key;
      if (options_.kind.empty()) options_.kind = source.kind;
      if (options_.source_code.empty()) options_.source_code = std::move(source.code);
      if (!source.title.empty()) options_.description = source.title;
    } else if (!path.empty() && options_.key.empty()) {
      options_.key = path.filename().string();
    }
    if (options_.kind.empty()) options_.kind = options_.path.empty() ? "function" : "script";
    if (!options_.source_code.empty()) hash_ = base::md5_base64(options_.source_code);
  }

  // -- finding -------------------------------------------------------------------------------------------------------

  std::optional<Record> by_uid() {
    return instance_.database().first(
        {.registry = "Transform", .where = Expr::compare("uid", Op::exact, Value(options_.uid)), .any_branch = true});
  }

  std::optional<Record> by_stem() {
    auto head = head_of_family(instance_, table_, options_.uid, branch());
    if (!head && !family_newest_first(instance_.database(), table_, options_.uid).empty())
      throw Error(Code::conflict, fmt::format("Transform is in the trash, please restore it before tracking or saving "
                                              "'{}'",
                                              options_.key));
    return head;
  }

  /// Rows with this value that are not in the trash, the latest versions first.
  std::vector<Record> rows(std::string_view field, Op op, const std::string& value) {
    auto all = instance_.database().all({.registry = "Transform",
                                         .where = Expr::all_of({Expr::compare(std::string(field), op, Value(value)),
                                                                Expr::compare("branch", Op::ne, Value(trash_branch))}),
                                         .any_branch = true});
    newest_first(all);
    std::ranges::stable_partition(all, [](const Record& row) { return row.at("is_latest").boolean_or(false); });
    return all;
  }

  std::optional<Record> by_source_or_key() {
    if (auto same = by_source()) return usable(std::move(same));
    return usable(by_key());
  }

  /// The one with this source: of the same place, or of another from which the file was moved.
  std::optional<Record> by_source() {
    if (hash_.empty()) return std::nullopt;
    auto same = rows("hash", Op::exact, hash_);
    const auto here = std::ranges::find_if(
        same, [&](const Record& row) { return row.text("key") == options_.key || is_here(row.text("key")); });
    if (here != same.end()) return std::move(*here);
    const auto moved = std::ranges::find_if(same, [&](const Record& row) { return !is_still_there(row.text("key")); });
    return moved == same.end() ? std::nullopt : std::optional(std::move(*moved));
  }

  /// Whether the key names the file, with a part of the path before it.
  bool is_here(std::string_view key) const {
    return !options_.path.empty() && ends_with(key, options_.key) &&
           ends_with(base::resolve(options_.path).string(), key);
  }

  /// Whether the file is a copy: there is one still at this key, relative to any folder above this one.
  bool is_still_there(std::string_view key) const {
    if (options_.path.empty() || fs::path(key).extension() != options_.path.extension()) return true;
    if (const char* told = std::getenv("LAMIN_TESTING"); told != nullptr && std::string_view(told) == "true")
      return false;  // LaminDB's tests say so that a file was renamed
    const auto path = base::resolve(options_.path);
    std::error_code failed;
    for (auto folder = path.parent_path();; folder = folder.parent_path()) {
      const auto place = folder / key;
      if (place != path && fs::is_regular_file(place, failed)) return true;
      if (folder == folder.parent_path()) return false;
    }
  }

  /// The newest whose key is a part of the path, the longest key first.
  std::optional<Record> by_key() {
    auto same = rows("key", Op::endswith, fs::path(options_.key).filename().string());
    std::erase_if(same, [](const Record& row) { return !row.at("is_latest").boolean_or(false); });
    std::erase_if(same, [&](const Record& row) { return !ends_with(row.text("key"), options_.key); });
    if (options_.path.empty()) {
      std::erase_if(same, [&](const Record& row) { return row.text("key") != options_.key; });
    }
    std::ranges::stable_sort(same, std::greater(),
                             [](const Record& row) { return std::ranges::count(row.text("key"), '/'); });
    for (auto& row : same) {
      if (row.text("key") != options_.key && !is_here(row.text("key"))) continue;
      options_.key = row.text("key");
      return std::move(row);
    }
    if (!same.empty()) {
      std::string list;
      for (const auto& row : same) list += fmt::format("\n    {} → {}", row.uid(), row.text("key"));
      instance_.say(Level::important, fmt::format("ignoring transform{} with same filename in different folder:{}",
                                                  same.size() > 1 ? "s" : "", list));
    }
    return std::nullopt;
  }

  /// The version that is found, if what runs is that version; otherwise the next one of its family is made.
  std::optional<Record> usable(std::optional<Record> row) {
    if (!row) return row;
    const bool mine = row->at("created_by").integer_or(0) == user();
    const bool draft = row->at("source_code").is_null();
    const bool same = !hash_.empty() && row->text("hash") == hash_;
    if ((draft && mine) || (same && !(is_notebook(*row) && options_.interactive))) return row;
    auto words = fmt::format("found {} {}, making new version", row->text("kind"), row->text("key"));
    if (same) words += " -- anticipating changes";
    else if (draft) words += " -- another user already works on this draft";
    instance_.say(Level::important, words);
    options_.uid = next_uid(instance_, table_, stem_of(*row));
    if (options_.description.empty()) options_.description = row->text("description");
    return std::nullopt;
  }

  void check_tag(const std::optional<Record>& row) {
    const auto& tag = options_.version_tag;
    if (tag.empty()) return;
    if (row && !row->text("version_tag").empty() && row->text("version_tag") != tag) {
      throw Error(Code::invalid_argument,
                  fmt::format("Transform is already tagged with version {0}, but you passed {1}\nIf you want to update "
                              "the transform version, set it outside ln.track(): transform.version_tag = '{1}'; "
                              "transform.save()",
                              row->text("version_tag"), tag));
    }
    const auto uid = row ? std::string(row->uid()) : options_.uid;
    if (uid.size() != uid_size) return;
    for (const auto& other : family_newest_first(instance_.database(), table_, uid.substr(0, stem_size))) {
      if (other.text("version_tag") != tag || other.uid() == uid) continue;
      throw Error(Code::conflict, fmt::format("✗ version '{}' is already taken by Transform('{}'); please set another "
                                              "version, e.g., ln.context.version = '{}'",
                                              tag, other.uid(), next_tag(tag)))
          .known_as("UpdateContext");
    }
  }

  // -- taking it -----------------------------------------------------------------------------------------------------

  void take_over(Record& row) {
    const Record before = row;
    const bool saved = !row.at("source_code").is_null();
    if (!saved && row.at("created_by").integer_or(0) != user()) refuse(row, "another user already works on this draft");
    if (saved && is_notebook(row) && options_.interactive)
      refuse(row, "re-running notebook with already-saved source code");
    if (saved && !hash_.empty() && row.text("hash") != hash_) refuse(row, "source code changed");
    if (row.text("key") != options_.key && !is_here(row.text("key"))) {
      said_ = fmt::format("renaming transform {} to {}, ", row.text("key"), options_.key);
      row.set("key", Value(options_.key));
    } else if (!options_.description.empty() && row.text("description") != options_.description) {
      said_ = "updated transform description, ";
    }
    set_given(row, "description", options_.description);
    set_given(row, "reference", options_.reference);
    set_given(row, "reference_type", options_.reference_type);
    if (row.text("version_tag").empty()) set_given(row, "version_tag", options_.version_tag);
    if (!saved && !options_.interactive && !hash_.empty()) {
      row.set("source_code", Value(options_.source_code));
      row.set("hash", Value(hash_));
    }
    if (row.at("branch").integer_or(main_branch) == trash_branch) row.set("branch", Value(branch()));
    if (before.values() != row.values()) registry::Writes(instance_.database()).save(row);
    said_ += "loaded " + shown(row);
  }

  void set_given(Record& row, const char* field, const std::string& text) {
    if (!text.empty()) row.set(field, Value(text));
  }

  [[noreturn]] void refuse(const Record& row, std::string_view why) {
    throw Error(Code::conflict, fmt::format("✗ {}, please update the `uid` argument in `track()` to \"{}\"", why,
                                            next_uid(instance_, table_, stem_of(row))))
        .known_as("UpdateContext");
  }

  Record make() {
    TransformOptions options{.uid = options_.uid,
                             .key = options_.key,
                             .kind = options_.kind,
                             .description = options_.description,
                             .version_tag = options_.version_tag,
                             .reference = options_.reference,
                             .reference_type = options_.reference_type,
                             .skip_hash_lookup = true};
    if (!options_.interactive) options.source_code = options_.source_code;
    say_if_renamed();
    if (options.uid.empty()) options.uid = base::random_uid(stem_size);
    if (options.uid.size() == stem_size) options.uid += "0000";
    return make_transform(instance_, options);
  }

  /// A new version of a program that had another key.
  void say_if_renamed() {
    if (options_.uid.empty()) return;
    const auto before = head_of_family(instance_, table_, options_.uid.substr(0, stem_size), branch());
    if (before && before->text("key") != options_.key) {
      instance_.say(Level::important, fmt::format("renaming transform {} to {}", before->text("key"), options_.key));
    }
  }

  Instance& instance_;
  TrackOptions options_;
  const schema::Table& table_;
  std::string hash_, said_;
};

}  // namespace
}  // namespace lake

TrackedTransform track_transform(Instance& instance, const TrackOptions& options) {
  TrackedTransform tracked;
  // Another process may be creating the same one: then the second attempt finds it.
  for (int attempt = 1;; ++attempt) {
    try {
      instance.database().transaction([&] { tracked = lake::Tracker(instance, options).track(); });
      return tracked;
    } catch (Error& error) {
      if (error.code() == Code::no_access)
        error.add_context(
            fmt::format("while tracking '{}'", options.key.empty() ? options.path.string() : options.key));
      if (error.code() != Code::conflict || !error.python().empty() || attempt == 3) throw;
    }
  }
}

}  // namespace lamin
