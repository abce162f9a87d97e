// database_testing.hpp -- a database for one test of either kind: the same cases run on both.
#pragma once
#include <gtest/gtest.h>
#include <cctype>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include "base/uid.hpp"
#include "db/connection.hpp"

namespace lamin::testing {

/// The file that `init` makes.
struct OnSqlite {
  std::string url = {};
};

/// A database of a server's own, dropped at the end; first of a test's bases, so that it outlives what uses it.
struct OnPostgres {
  OnPostgres() {
    const char* given = std::getenv("LAMIN_TEST_POSTGRES");
    if (given == nullptr) throw std::runtime_error("LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it");
    server = given;
    name = "lamin_test_" + base::random_uid(10);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    db::open_connection(server)->script("CREATE DATABASE " + name);
    url = server.substr(0, server.rfind('/') + 1) + name;
  }
  ~OnPostgres() { db::open_connection(server)->script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); }
  OnPostgres(const OnPostgres&) = delete;
  std::string server, name, url;
};

}  // namespace lamin::testing
