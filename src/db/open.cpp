#include <memory>
#include "base/module.hpp"
#include "db/connection.hpp"
#include "db/sqlite.hpp"
#include "db/url.hpp"

namespace lamin::db {

std::unique_ptr<Connection> open_connection(std::string_view text, const OpenOptions& options) {
  const Url url = parse_url(text);
  if (url.dialect == Dialect::sqlite) return std::make_unique<sqlite::Sqlite>(url.path, options);
  using Open = Connection* (*)(const Url&, const OpenOptions&);
  const auto open = reinterpret_cast<Open>(base::module_symbol("postgres", "lamin_open_postgres"));
  return std::unique_ptr<Connection>(open(url, options));
}

}  // namespace lamin::db
