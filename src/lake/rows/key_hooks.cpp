#include "lake/rows/key_hooks.hpp"
#include "base/path.hpp"
#include "lake/rows/hook_chain.hpp"

namespace lamin::lake {
namespace {

void check(const Record* old, const Record& now, std::string_view field, void (*holds)(std::string_view)) {
  const auto* column = now.table().find_column(field);
  if (column == nullptr || column->kind == schema::Kind::ref) return;
  const auto* text = now[column->position].text();
  if (text == nullptr || (old != nullptr && (*old)[column->position] == now[column->position])) return;
  holds(*text);
}

void check(const Record* old, const Record& now) {
  check(old, now, "key", base::check_key);
  check(old, now, "_real_key", base::check_path);
}

}  // namespace

void install_key_hooks(Database& database) {
  for (const schema::Table& table : database.catalog().tables()) {
    const auto* column = table.registry ? table.find_column("key") : nullptr;
    if (column == nullptr || column->kind != schema::Kind::text || table.module != "lamindb") continue;
    Hooks& hooks = database.hooks()[table.qualified.str()];
    append_hook(hooks.before_insert, [](Database&, Record& record) { check(nullptr, record); });
    append_update_hook(hooks, {"key", "_real_key"},
                       [](Database&, const Record& old, Record& now) { check(&old, now); });
  }
}

}  // namespace lamin::lake
