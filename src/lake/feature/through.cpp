#include "lake/feature/through.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>
#include "base/text.hpp"
#include "base/time.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/rows/aux_json.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

constexpr const char *to_field = "sf", *to_source = "vf", *read_by = "rf";
constexpr std::array<std::string_view, 9> fields = {
    "created_at", "created_by", "description", "name", "reference", "reference_type", "run", "type", "updated_at"};

std::string code_in(const Record& feature, const char* code) {
  const auto aux = aux_of(feature.at("_aux"));
  const auto* found = aux.if_contains(code);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

void set_code(Record& feature, const char* code, const std::string& value) {
  auto aux = aux_of(feature.at("_aux"));
  if (value.empty()) aux.erase(code);
  else aux[code] = value;
  feature.set("_aux", to_aux(aux));
}

[[noreturn]] void refuse(const std::string& why) { throw Error(Code::invalid_argument, why); }

[[noreturn]] void refuse_source(const std::string& why) {
  throw Error(Code::invalid_argument, why).known_as("UnmetCondition");
}

std::string called(const Record& record) {
  const auto name = record.text("name");
  return name.empty() ? fmt::format("uid={}", record.uid()) : fmt::format("'{}' (uid={})", name, record.uid());
}

std::optional<Record> feature_of_uid(Instance& instance, std::string_view uid) {
  if (uid.empty()) return std::nullopt;
  return instance.database().first(
      {.registry = "Feature", .where = Expr::compare("uid", Op::exact, Value(uid)), .any_branch = true});
}

/// The feature that reads this one backwards. Its own note of it may be lost to a writer with an older copy of the row.
std::optional<Record> reader_of(Instance& instance, const Record& source) {
  for (Record& feature : features_through(instance)) {
    if (values_through(feature).source == source.uid()) return std::move(feature);
  }
  return std::nullopt;
}

bool of_records(const Dtype& dtype) { return dtype.targets.size() == 1 && dtype.targets.front().registry == "Record"; }

void check_field(Instance& instance, const Record& feature, const std::string& field) {
  if (std::ranges::find(fields, field) == fields.end()) {
    refuse(fmt::format("Unsupported feature field mapping '{}'. Allowed values are: {}", field,
                       base::join(std::vector<std::string>(fields.begin(), fields.end()), ", ")));
  }
  const auto& column = instance.catalog().table("Record").column(field);
  const std::string_view text = feature.text("_dtype_str");
  const Dtype dtype = parse_dtype(instance.catalog(), text);
  const auto requires_that = [&](bool holds, const std::string& what) {
    if (!holds) refuse(fmt::format("Feature(..., values_through='{}') requires {}, not '{}'", field, what, text));
  };
  if (column.to != nullptr) {
    requires_that(dtype.targets.size() == 1 && !dtype.list, "a non-list categorical dtype");
    const auto& registry = column.to->qualified.str();
    requires_that(dtype.targets.front().registry == registry, "a categorical dtype pointing to " + registry);
  } else if (column.type == Type::time) {
    requires_that(row(dtype.base).values == std::vector<Type>{Type::time} && !dtype.list,
                  "feature dtype 'datetime' or 'datetime64[ns, UTC]'");
  } else {
    requires_that(text == "str", "feature dtype 'str'");
  }
}

void check_source(Instance& instance, const Record& feature, const Record& source) {
  constexpr const char* start = "Feature(..., values_through=...) ";
  constexpr const char* passed = "Feature object passed to values_through ";
  if (feature.uid() == source.uid()) refuse_source(std::string(start) + "cannot point to itself");
  const auto reader = reader_of(instance, source);
  if (reader && reader->uid() != feature.uid()) {
    refuse_source(fmt::format("{}is already related to another feature, {}", passed, called(*reader)));
  }
  const auto through = values_through(source);
  if (!through.field.empty() || !through.source.empty()) {
    refuse_source(std::string(passed) + "already has a values_through relationship");
  }
  const Dtype own = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
  const Dtype other = parse_dtype(instance.catalog(), source.text("_dtype_str"));
  if (!of_records(own) || !of_records(other)) {
    refuse_source(std::string(start) + "requires both features to have a Record dtype");
  }
  if (!own.list) { refuse_source(std::string(start) + "requires the configured feature to have a list[Record] dtype"); }
}

/// A feature that has values cannot have them elsewhere.
void check_has_no_values(Instance& instance, const Record& feature) {
  if (!feature.saved()) return;
  constexpr std::size_t most_listed = 20;
  const Query of_feature{.registry = "RecordRecord",
                         .where = Expr::compare("feature_id", Op::exact, Value(feature.id())),
                         .order_by = {"id"},
                         .any_branch = true};
  const auto links = instance.database().all(of_feature);
  if (links.empty()) return;
  std::string lines;
  const auto& records = instance.catalog().table("Record");
  for (std::size_t i = 0; i < std::min(links.size(), most_listed); ++i) {
    const auto from = instance.database().find(records, links[i].at("record").integer_or(0));
    const auto to = instance.database().find(records, links[i].at("value").integer_or(0));
    if (from && to) lines += fmt::format("\n    - record={} -> value={}", called(*from), called(*to));
  }
  if (links.size() > most_listed) lines += fmt::format("\n    - ... and {} more", links.size() - most_listed);
  refuse(
      fmt::format("Feature.values_through can only be set when no RecordRecord links exist for this feature.\n"
                  "  feature: {}\n  RecordRecord links ({}):{}",
                  called(feature), links.size(), lines));
}

/// Tells the source of a feature who reads it, or that nobody does any more.
void tell_source(Database& database, const std::string& source, const std::string& reader) {
  if (source.empty()) return;
  auto row = database.first(
      {.registry = "Feature", .where = Expr::compare("uid", Op::exact, Value(source)), .any_branch = true});
  if (!row || code_in(*row, read_by) == reader) return;
  set_code(*row, read_by, reader);
  registry::Writes(database).save(*row);
}

}  // namespace

std::vector<Record> features_through(Instance& instance) {
  auto some = instance.database().all({.registry = "Feature",
                                       .where = Expr::compare("_aux", Op::isnull, Value(false)),
                                       .order_by = {"id"},
                                       .any_branch = true});
  std::erase_if(some, [](const Record& feature) {
    const auto through = values_through(feature);
    return through.field.empty() && through.source.empty();
  });
  return some;
}

void set_in_field(Instance& instance, Record& record, const Record& feature, const std::string& field,
                  const std::vector<Value>& values) {
  const auto& column = record.table().column(field);
  const std::string name(feature.text("name"));
  if (values.empty()) {
    record.set(column.position, Value());
    return;
  }
  if (values.size() > 1) {
    throw Error(Code::validation,
                fmt::format("feature '{}' is the field {} of the record, which takes one value, not {}", name, field,
                            values.size()));
  }
  const Value& given = values.front();
  if (column.to == nullptr) {
    const auto time =
        column.type == Type::time && given.text() != nullptr ? base::parse_time(*given.text()) : std::optional<Time>();
    record.set(column.position, time ? Value(*time) : given);
    return;
  }
  const Dtype dtype = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
  for (const std::string& by : {dtype.targets.front().field, std::string("uid")}) {
    const auto rows = instance.database().all(
        {.registry = column.to->qualified.str(), .where = Expr::compare(by, Op::exact, given), .order_by = {"id"}});
    if (rows.size() > 1) {
      throw Error(Code::validation, fmt::format("Multiple {} records match {}={} for feature '{}': pass the record",
                                                column.to->name.view(), by, to_string(given), name));
    }
    if (rows.empty()) continue;
    record.set(column.position, rows.front().id());
    return;
  }
  throw Error(Code::validation,
              fmt::format("No {} matches {}={} for feature '{}': create it first, or fix the name",
                          column.to->name.view(), dtype.targets.front().field, to_string(given), name));
}

void write_backwards(Instance& instance, const Record& host, const Record& source,
                     const std::vector<std::int64_t>& records, bool replace) {
  registry::Writes writes(instance.database());
  const auto links = [&](std::vector<Expr> where) {
    where.push_back(Expr::compare("feature_id", Op::exact, Value(source.id())));
    return Query{.registry = "RecordRecord", .where = Expr::all_of(std::move(where)), .any_branch = true};
  };
  const Expr to_host = Expr::compare("value_id", Op::exact, Value(host.id()));
  const std::vector<Value> wanted(records.begin(), records.end());
  if (replace) {
    std::vector<Expr> stale{to_host};
    if (!wanted.empty()) stale.push_back(Expr::none_of({Expr::in("record_id", wanted)}));
    writes.erase(links(std::move(stale)));
  }
  if (wanted.empty()) return;
  const std::string path[] = {"record_id"};
  const auto columns = instance.database().columns(links({to_host}), path);
  std::set<std::int64_t> known;
  for (const Value& id : columns.at(0)) known.insert(id.integer_or(0));
  if (!source.text("_dtype_str").starts_with("list["))
    writes.erase(links({Expr::in("record_id", wanted), Expr::compare("value_id", Op::ne, Value(host.id()))}));
  std::vector<Record> fresh;
  for (const std::int64_t id : records) {
    if (!known.insert(id).second) continue;
    Record link(instance.catalog().table("RecordRecord"));
    link.set("record", Value(id));
    link.set("feature", Value(source.id()));
    link.set("value", Value(host.id()));
    fresh.push_back(std::move(link));
  }
  if (!fresh.empty()) writes.insert(fresh);
}

void check_fields_of_members(const std::vector<Record>& members, const std::optional<Record>& index) {
  std::set<std::string> taken;
  for (const Record& member : members) {
    if (member.table().qualified != "Feature") return;
    const auto field = values_through(member).field;
    if (field.empty()) continue;
    const bool is_index = index && index->uid() == member.uid();
    if (is_index && field != "name")
      refuse("A schema index feature cannot map to a record field other than 'name': '" +
             std::string(member.text("name")) + "' maps to " + field);
    if (!is_index && index && field == "name")
      refuse(
          fmt::format("Cannot map a feature to Record.name when schema.index is set: the index feature is already "
                      "stored on Record.name automatically; leave out '{}', or make it the index",
                      member.text("name")));
    if (!taken.insert(field).second)
      refuse(fmt::format(
          "Multiple features map to record field '{}'. Only one feature can target a given record field.", field));
  }
}

void install_through_hooks(Instance& instance) {
  Hooks& hooks = instance.database().hooks()["Feature"];
  append_hook(hooks.after_insert, [](Database& database, Record& feature) {
    tell_source(database, code_in(feature, to_source), std::string(feature.uid()));
  });
  append_update_hook(hooks, {"_aux"}, [](Database& database, const Record& old, Record& now) {
    const auto before = code_in(old, to_source), after = code_in(now, to_source);
    if (before == after) return;
    tell_source(database, before, "");
    tell_source(database, after, std::string(now.uid()));
  });
}

}  // namespace lake

ValuesThrough values_through(const Record& feature) {
  ValuesThrough through{.field = lake::code_in(feature, lake::to_field),
                        .source = lake::code_in(feature, lake::to_source)};
  if (std::ranges::find(lake::fields, through.field) == lake::fields.end()) through.field.clear();
  return through;
}

std::optional<Record> related_feature(Instance& instance, const Record& feature) {
  if (const auto source = values_through(feature).source; !source.empty())
    return lake::feature_of_uid(instance, source);
  return feature.saved() ? lake::reader_of(instance, feature) : std::nullopt;
}

void set_values_through(Instance& instance, Record& feature, const ValuesThrough& through) {
  if (!through.field.empty()) lake::check_field(instance, feature, through.field);
  if (!through.source.empty()) {
    const auto source = lake::feature_of_uid(instance, through.source);
    if (!source) lake::refuse_source("Feature(..., values_through=...) requires a saved Feature object");
    lake::check_source(instance, feature, *source);
  }
  lake::check_has_no_values(instance, feature);
  lake::set_code(feature, lake::to_field, through.field);
  lake::set_code(feature, lake::to_source, through.source);
}

}  // namespace lamin
