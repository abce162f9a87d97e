// given_uids.cpp -- the table lamin_uid.
#include "lake/rows/given_uids.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"

namespace lamin::lake {

std::string last_given(Database& database, const schema::Table& table, std::string_view stem) {
  const Value key[] = {table.qualified.str(), std::string(stem)};
  auto rows = database.connection().query("SELECT last FROM lamin_uid WHERE registry = ? AND stem = ?", key);
  return rows->next() ? std::string(rows->text(0)) : std::string();
}

void note_given(Database& database, const schema::Table& table, std::string_view uid) {
  const auto size = static_cast<std::size_t>(table.stem_size);
  if (uid.size() <= size) return;
  const auto stem = uid.substr(0, size);
  const auto last = last_given(database, table, stem);
  if (!last.empty() && base::version_number(last.substr(size)) >= base::version_number(uid.substr(size))) return;
  const Value row[] = {table.qualified.str(), std::string(stem), std::string(uid)};
  database.connection().execute(
      "INSERT INTO lamin_uid (registry, stem, last) VALUES (?, ?, ?) "
      "ON CONFLICT (registry, stem) DO UPDATE SET last = excluded.last",
      row);
}

}  // namespace lamin::lake
