// main.cpp -- lamin-schema FOLDER: what follows from the modules, as files: schema.json, sqlite.sql, postgres.sql,
// _registries.pyi. They are committed in tests/golden, so that a change of a module shows what it brings about.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <span>
#include "faces/stubs.hpp"
#include "lamin/error.hpp"
#include "modules/modules.hpp"
#include "schema/ddl.hpp"
#include "schema/json.hpp"

namespace {

using lamin::schema::Dialect;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (!file) throw lamin::Error(lamin::Code::no_access, "cannot write '" + path.string() + "'");
}

std::string modules_json(const lamin::schema::Catalog& catalog) {
  std::string text;
  for (const auto& module : catalog.modules()) {
    text += (text.empty() ? "[" : ",\n") + lamin::schema::to_json_lines(module);
  }
  return text + "]\n";
}

std::string script(const lamin::schema::Catalog& catalog, Dialect dialect) {
  std::string text;
  for (const std::string& sql : create_statements(catalog, dialect)) text += sql + ";\n";
  text += "-- Tables of our own.\n";
  for (const std::string& sql : lamin::schema::create_own_tables(dialect)) text += sql + ";\n";
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() != 2) {
    std::fputs("usage: lamin-schema FOLDER\n", stderr);
    return 2;
  }
  try {
    const std::filesystem::path folder = arguments[1];
    std::filesystem::create_directories(folder);
    const lamin::schema::Catalog catalog = lamin::modules::builtin_catalog();
    write(folder / "schema.json", modules_json(catalog));
    write(folder / "sqlite.sql", script(catalog, Dialect::sqlite));
    write(folder / "postgres.sql", script(catalog, Dialect::postgres));
    write(folder / "_registries.pyi", lamin::faces::stubs(catalog));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lamin-schema: %s\n", error.what());
    return 1;
  }
  return 0;
}
