#include "lake/rows/secret_hooks.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/redact.hpp"
#include "lake/rows/hook_chain.hpp"

namespace lamin::lake {
namespace {

std::string source(Database& database, std::string_view text) {
  auto redacted = base::redact_source(text);
  if (redacted.count > 0) {
    database.say(Level::warning, fmt::format("redacted {} secret-looking assignment(s) before persisting transform "
                                             "source code",
                                             redacted.count));
  }
  return std::move(redacted.text);
}

/// Fields of any registry into which a program or user may have put a secret.
struct Field {
  std::string_view name;
  std::string (*redact)(Database&, std::string_view);
};
std::string json(Database&, std::string_view text) { return base::redact_json(text); }
std::string plain(Database&, std::string_view text) { return base::redact_text(text); }
constexpr Field fields[] = {{"source_code", source}, {"params", json}, {"extra_data", json}, {"cli_args", plain},
                            {"url", plain},          {"root", plain},  {"reference", plain}};

const schema::Column* column_of(const schema::Table& table, const Field& field) {
  const auto* column = table.find_column(field.name);
  return column != nullptr && column->kind != schema::Kind::ref ? column : nullptr;
}

/// `old` is null for a new row.
void redact(Database& database, const Record* old, Record& record) {
  for (const auto& field : fields) {
    const auto* column = column_of(record.table(), field);
    if (column == nullptr) continue;
    const Value& value = record[column->position];
    if (old != nullptr && (*old)[column->position] == value) continue;
    if (const auto* document = std::get_if<Json>(&value)) {
      record.set(column->position, Value(Json{field.redact(database, document->text)}));
    } else if (const auto* text = value.text(); text != nullptr && !text->empty()) {
      record.set(column->position, Value(field.redact(database, *text)));
    }
  }
}

}  // namespace

void install_secret_hooks(Database& database) {
  for (const schema::Table& table : database.catalog().tables()) {
    if (!table.registry || std::ranges::none_of(fields, [&](const Field& f) { return column_of(table, f) != nullptr; }))
      continue;
    Hooks& hooks = database.hooks()[table.qualified.str()];
    append_hook(hooks.before_insert, [](Database& database, Record& record) { redact(database, nullptr, record); });
    append_update_hook(hooks, {"source_code", "params", "extra_data", "cli_args", "url", "root", "reference"},
                       [](Database& database, const Record& old, Record& now) { redact(database, &old, now); });
  }
}

}  // namespace lamin::lake
