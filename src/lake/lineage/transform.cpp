// transform.cpp -- which transform a source is: an existing one, a new version of its key, or a new one.
#include <fmt/format.h>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/form_hooks.hpp"
#include "lake/rows/version.hpp"
#include "lamin/lineage.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

constexpr std::size_t stem_size = 12, uid_size = 16;

class TransformMaker {
 public:
  /// `stem`: of a new family, if one was promised.
  TransformMaker(Instance& instance, const TransformOptions& options, std::string stem = {})
      : instance_(instance), options_(options), table_(instance.catalog().table("Transform")), stem_(std::move(stem)) {
    if (!options.source_code.empty()) hash_ = base::md5_base64(options.source_code);
    const auto size = options.uid.size();
    if (size != 0 && size != stem_size && size != uid_size) {
      throw Error(Code::invalid_argument,
                  fmt::format("Please pass an auto-generated uid instead of '{}': 12 characters for all versions, 16 "
                              "for one",
                              options.uid));
    }
  }

  // In a transaction.
  Record make() {
    if (!options_.key.empty()) base::check_key(options_.key);
    if (!options_.revises.empty()) return revise();
    if (auto row = known()) {
      const Record before = *row;
      take_over(*row);
      if (before.values() != row->values()) registry::Writes(instance_.database()).save(*row);
      return std::move(*row);
    }
    if (options_.uid.size() == uid_size) return make_new(options_.uid);
    const bool stem = options_.uid.size() == stem_size;
    if (!stem && options_.key.empty()) {
      throw Error(Code::invalid_argument, "a transform needs a key, such as 'analysis.py', or a uid");
    }
    if (auto latest = latest_of_family()) return next_version(*latest);
    return make_new(first_uid());
  }

  // The uid that `make` would give now.
  std::string next() {
    if (options_.uid.size() == uid_size) return options_.uid;
    if (!options_.revises.empty()) return next_uid(instance_, table_, stem_of(revised()));
    const auto latest = latest_of_family();
    if (latest) check_tag(*latest, options_.version_tag);
    return latest ? next_uid(instance_, table_, stem_of(*latest)) : first_uid();
  }

  // The existing row for this source, as stored: by uid, by source, or the open version of its key.
  std::optional<Record> known() {
    if (!options_.revises.empty()) return std::nullopt;
    if (options_.uid.size() == uid_size) return by_uid();
    if (options_.uid.empty() && !hash_.empty() && !options_.skip_hash_lookup) {
      if (auto same = by_hash()) return same;
    }
    auto latest = latest_of_family();
    if (latest && (is_same_source(*latest) || is_open(*latest))) return latest;
    return std::nullopt;
  }

  // Applies the call's options to the existing row.
  void take_over(Record& record) {
    if (record.at("branch").integer_or(main_branch) == trash_branch) record.set("branch", Value(main_branch));
    if (record.at("hash").is_null() && !hash_.empty()) {
      record.set("source_code", Value(options_.source_code));
      record.set("hash", Value(hash_));
    }
    if (record.text("version_tag").empty() && !options_.version_tag.empty()) {
      record.set("version_tag", Value(options_.version_tag));
    }
    if (!options_.description.empty() && record.text("description") != options_.description) {
      instance_.say(
          Level::warning,
          fmt::format("updated description from {} to {}",
                      record.at("description").is_null() ? "None" : record.text("description"), options_.description));
      record.set("description", Value(options_.description));
    }
    if (!options_.key.empty() && record.text("key") != options_.key) {
      instance_.say(Level::warning,
                    fmt::format("key {} on existing transform differs from passed key {}, keeping original key; update "
                                "manually if needed or pass skip_hash_lookup if you want to duplicate the transform",
                                record.text("key"), options_.key));
    }
  }

 private:
  std::int64_t branch() const { return options_.branch.value_or(instance_.database().session().branch); }

  std::string first_uid() const {
    const bool stem = options_.uid.size() == stem_size;
    return (stem ? options_.uid : stem_.empty() ? base::random_uid(stem_size) : stem_) + "0000";
  }

  // The latest of the family that is revised.
  Record revised() {
    auto row = instance_.database().get(table_, options_.revises);
    check_tag(row, options_.version_tag);
    if (auto latest = head_of_family(instance_, table_, stem_of(row), branch())) row = std::move(*latest);
    check_tag(row, options_.version_tag);
    return row;
  }

  // The next version of the family, whatever its latest contains.
  Record revise() {
    const auto revised = this->revised();
    auto record = blank(next_uid(instance_, table_, stem_of(revised)));
    if (options_.key.empty()) record.set("key", revised.at("key"));
    if (options_.description.empty()) record.set("description", revised.at("description"));
    return store(std::move(record));
  }

  // The row with this source: the latest of the same key, otherwise any latest, otherwise none.
  std::optional<Record> by_hash() {
    Query query;
    query.registry = "Transform";
    query.any_branch = true;
    query.where = Expr::compare("hash", Op::exact, Value(hash_));
    auto all = instance_.database().all(query);
    newest_first(all);
    std::optional<Record> best;
    for (auto& found : all) {
      const bool same_key = found.text("key") == options_.key;
      const bool live = found.at("branch").integer_or(main_branch) != trash_branch;
      if (same_key) return std::move(found);  // even from the trash: key and hash are unique together
      if (!best && live && found.at("is_latest").boolean_or(false)) best = std::move(found);
    }
    return best;
  }

  std::optional<Record> by_uid() {
    auto row = instance_.database().first(
        {.registry = "Transform", .where = Expr::compare("uid", Op::exact, Value(options_.uid)), .any_branch = true});
    const bool changed = row && !hash_.empty() && !row->at("hash").is_null() && row->text("hash") != hash_;
    if (changed) {
      throw Error(Code::conflict, fmt::format("source code changed, please update the `uid` argument in `track()` to "
                                              "\"{}\"",
                                              next_uid(instance_, table_, stem_of(*row))));
    }
    return row;
  }

  std::optional<Record> latest_of_family() {
    if (options_.uid.size() == stem_size) return head_of_family(instance_, table_, options_.uid, branch());
    if (options_.key.empty()) return std::nullopt;
    return head(instance_, table_, "key", Value(options_.key), branch());
  }

  bool is_same_source(const Record& row) const { return !row.at("hash").is_null() && row.text("hash") == hash_; }

  // A version without saved source stays open while its creator works on it.
  bool is_open(const Record& row) const {
    const auto tag = row.text("version_tag");
    const bool another_tag = !options_.version_tag.empty() && !tag.empty() && tag != options_.version_tag;
    const bool mine = row.at("created_by").integer_or(0) == instance_.database().session().user;
    return row.at("hash").is_null() && row.text("source_code").empty() && mine && !another_tag;
  }

  Record next_version(const Record& latest) {
    check_tag(latest, options_.version_tag);
    instance_.say(Level::debug, fmt::format("found {} {}, making new version", options_.kind, latest.text("key")));
    auto record = blank(next_uid(instance_, table_, stem_of(latest)));
    if (options_.key.empty()) record.set("key", latest.at("key"));
    return store(std::move(record));
  }

 public:
  Record blank(const std::string& uid) {
    Record record(table_);
    const auto set_text = [&](const char* field, const std::string& text) {
      if (!text.empty()) record.set(field, Value(text));
    };
    record.set("uid", Value(uid));
    record.set("branch", branch()).set("space", options_.space.value_or(instance_.database().session().space));
    set_text("key", options_.key);
    set_text("kind", options_.kind);
    set_text("description", options_.description);
    set_text("source_code", options_.source_code);
    set_text("hash", hash_);
    set_text("version_tag", options_.version_tag);
    set_text("reference", options_.reference);
    set_text("reference_type", options_.reference_type);
    return record;
  }

 private:
  Record make_new(const std::string& uid) {
    if (options_.key.empty()) {
      throw Error(Code::not_found,
                  fmt::format("there is no transform with uid '{}'; pass a key to make it", options_.uid));
    }
    return store(blank(uid));
  }

  Record store(Record record) {
    registry::Writes(instance_.database()).save(record);
    return record;
  }

  Instance& instance_;
  const TransformOptions& options_;
  const schema::Table& table_;
  std::string stem_, hash_;
};

Record make(Instance& instance, const TransformOptions& options, const std::string& stem) {
  TransformMaker maker(instance, options, stem);
  Record made;
  // Another process may be creating the same one: then the second attempt finds it.
  for (int attempt = 1;; ++attempt) {
    try {
      instance.database().transaction([&] { made = maker.make(); });
      return made;
    } catch (Error& e) {
      if (e.code() == Code::no_access)
        e.add_context(fmt::format("while tracking '{}'", options.key.empty() ? options.uid : options.key));
      if (e.code() != Code::conflict || attempt == 3 || options.uid.size() == uid_size) throw;
    }
  }
}

}  // namespace
}  // namespace lake

TransformDraft prepare_transform(Instance& instance, const TransformOptions& options) {
  if (!options.key.empty()) base::check_key(options.key);
  lake::check_transform_kind(options.kind);
  if (!options.uid.empty() && options.uid.size() != lake::uid_size) {
    throw Error(Code::validation, fmt::format("`uid` must be exactly {} characters long, got {}: '{}'", lake::uid_size,
                                              options.uid.size(), options.uid));
  }
  lake::TransformMaker maker(instance, options);
  TransformDraft draft{.options = options};
  auto row = maker.known();
  // A row in the trash is restored when it is saved, not before.
  if (row && row->at("branch").integer_or(lake::main_branch) != lake::trash_branch) {
    instance.say(Level::important, "returning transform with same " +
                                       std::string(options.source_code.empty() ? "key" : "hash") + ": " + named(*row));
    maker.take_over(*row);
    draft.record = std::move(*row);
    draft.existing = true;
  } else {
    draft.record = maker.blank(maker.next());
  }
  return draft;
}

void save_transform(Instance& instance, TransformDraft& draft) {
  if (draft.existing) return registry::Writes(instance.database()).save(draft.record);
  auto& options = draft.options;
  for (const auto& [field, into] : {std::pair{"key", &options.key},
                                    {"kind", &options.kind},
                                    {"description", &options.description},
                                    {"source_code", &options.source_code},
                                    {"reference", &options.reference},
                                    {"reference_type", &options.reference_type}}) {
    *into = draft.record.text(field);
  }
  const auto& record = draft.record;
  for (const auto& [field, into] : {std::pair{"branch", &options.branch}, {"space", &options.space}}) {
    if (const auto id = record.at(field).integer_or(0); id != 0) *into = id;
  }
  draft.record = lake::make(instance, options, std::string(lake::stem_of(record)));
}

Record make_transform(Instance& instance, const TransformOptions& options) { return lake::make(instance, options, ""); }

}  // namespace lamin
