#include "lake/feature/type_hooks.hpp"

#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"
#include "lamin/label.hpp"

namespace lamin::lake {
namespace {

constexpr int most_levels = 100;  // of types; more can only be an older cycle

std::string called(const Record& record) { return "'" + std::string(record.text("name")) + "'"; }

void check_dtype(Database& database, const Record& feature) {
  const std::string_view text = feature.text("_dtype_str");
  if (text.empty()) return;
  for (const auto& target : parse_dtype(database.catalog(), text).targets) {
    if (target.type_uid.empty()) continue;
    const Query type{.registry = target.registry,
                     .where = Expr::compare("uid", Op::exact, Value(target.type_uid)),
                     .any_branch = true};
    if (database.exists(type)) continue;
    throw Error(Code::not_found, "the dtype " + std::string(text) + " of feature " + called(feature) + " names the " +
                                     target.registry + " with uid '" + target.type_uid + "', and there is none");
  }
}

void keep_old_name(Database& database, const Record& old, Record& now) {
  const std::string before(old.text("name"));
  if (database.connection().dialect() != db::Dialect::sqlite || before == now.text("name")) return;
  const std::string synonyms(now.text("synonyms"));
  if (synonyms.empty()) now.set("synonyms", Value(before));
  else if (synonyms.find(before) == std::string::npos) now.set("synonyms", Value(synonyms + "|" + before));
  boost::json::object aux;
  if (const auto* json = std::get_if<Json>(&now.at("_aux"))) {
    if (auto parsed = base::parse_json(json->text); parsed.is_object()) aux = parsed.as_object();
  }
  std::string stamp = base::iso(base::now());
  stamp.resize(std::min(stamp.size(), stamp.find('.')));
  auto& renamed = aux["renamed"];
  if (!renamed.is_object()) renamed = boost::json::object();
  renamed.as_object()[stamp + "Z"] = before;
  now.set("_aux", Json{base::write_json(aux)});
}

/// A type may say in which space its rows are: those of no space yet get it.
void take_space(Database& database, const Record& type, Record& record) {
  const auto policy = single_space(type);
  if (policy.any || record.table().find_column("space") == nullptr) return;
  const auto& spaces = database.catalog().table("Space");
  const auto space = policy.of_type ? database.find(spaces, type.at("space").integer_or(0))
                                    : database.find(spaces, std::string_view(policy.uid));
  if (!space) return;  // deleted since
  if (record.at("space").is_null()) record.set("space", Value(space->id()));
  if (record.at("space").integer_or(0) == space->id()) return;
  throw Error(Code::validation, called(record) + " is of type " + called(type) + ", whose rows must be in the space '" +
                                    std::string(space->text("name")) +
                                    "': leave out its space, or choose another type");
}

}  // namespace

void check_type(Database& database, Record& record) {
  const std::int64_t type_id = record.at("type").integer_or(0);
  if (type_id == 0) return;
  const schema::Table& table = record.table();
  const auto type = database.find(table, type_id);
  if (!type) {
    throw Error(Code::validation, "there is no " + table.name.str() + " with id " + std::to_string(type_id) +
                                      " that could be the type of " + called(record));
  }
  if (!type->at("is_type").boolean_or(false)) {
    const auto kind = base::lower(table.name);
    throw Error(Code::validation, "You can only assign a " + kind + " with `is_type=True` as `type` to another " +
                                      kind + ", but " + called(*type) + " has not, so it cannot be the type of " +
                                      called(record) + ": " + Words(Remedy{Remedy::Verb::make_type}))
        .known_as("WrongValue");
  }
  const bool sheet = table.find_column("schema") && !type->at("schema").is_null();
  if (sheet && record.at("is_type").boolean_or(false)) {
    throw Error(Code::validation, called(*type) + " is a sheet, which has a schema: it can hold records, but no types");
  }
  std::int64_t above = type_id;
  for (int level = 0; above != 0 && level < most_levels; ++level) {
    if (above == record.id()) {
      throw Error(Code::validation, called(record) + " would be its own type: choose a type that is not below it");
    }
    const auto next = level == 0 ? type : database.find(table, above);
    above = next ? next->at("type").integer_or(0) : 0;
  }
  take_space(database, *type, record);
}

void install_type_hooks(Database& database) {
  for (const schema::Table& table : database.catalog().tables()) {
    if (!table.registry || !table.has(schema::Trait::typed) || !table.find_column("type")) continue;
    Hooks& hooks = database.hooks()[table.qualified.str()];
    append_hook(hooks.before_insert, check_type);
    append_update_hook(hooks, {"type", "space"}, [](Database& db, const Record& old, Record& now) {
      if (old.at("type") != now.at("type") || old.at("space") != now.at("space")) check_type(db, now);
    });
    if (table.qualified != "Feature") continue;
    append_hook(hooks.before_insert, check_dtype);
    append_update_hook(hooks, {"name"}, keep_old_name);
  }
}

}  // namespace lamin::lake
