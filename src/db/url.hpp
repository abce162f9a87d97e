// url.hpp -- where a database is: "sqlite:///absolute/path", "postgresql://user:password@host:port/name?option=value".
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "db/connection.hpp"

namespace lamin::db {

struct Url {
  Dialect dialect = Dialect::sqlite;
  std::string path;  ///< SQLite's file
  std::string user, password, host, name;
  int port = 5432;
  std::vector<std::pair<std::string, std::string>> options;  ///< libpq's keywords

  /// The URL without the password and the options.
  std::string describe() const;
};

/// Throws invalid_argument, saying which part is wrong. The message never shows the password.
Url parse_url(std::string_view text);

}  // namespace lamin::db
