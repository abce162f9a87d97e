// main.cpp -- lamin-schema: what is generated from the modules, as files.
//
//   lamin-schema ROOT                     writes ROOT/tests/golden/{schema.json, sqlite.sql, postgres.sql} and the
//                                         stubs, ROOT/python/lamindb/_registries.pyi. They are committed, so that a
//                                         change of a module shows all its consequences.
//   lamin-schema diff OLD NEW DATABASE    prints the SQL that takes a database (sqlite, postgres) from the modules in
//                                         the file OLD to those in NEW; both are JSON lists like schema.json
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>
#include "faces/stubs.hpp"
#include "lamin/error.hpp"
#include "modules/modules.hpp"
#include "schema/ddl.hpp"
#include "schema/diff.hpp"
#include "schema/json.hpp"

namespace {

using lamin::schema::Dialect;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (!file) throw lamin::Error(lamin::Code::no_access, "cannot write '" + path.string() + "'");
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw lamin::Error(lamin::Code::not_found, "cannot read '" + path.string() + "'");
  return {(std::istreambuf_iterator<char>(file)), {}};
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

void write_golden(const std::filesystem::path& root) {
  const lamin::schema::Catalog catalog = lamin::modules::builtin_catalog();
  const std::filesystem::path folder = root / "tests" / "golden";
  std::filesystem::create_directories(folder);
  write(folder / "schema.json", modules_json(catalog));
  write(folder / "sqlite.sql", script(catalog, Dialect::sqlite));
  write(folder / "postgres.sql", script(catalog, Dialect::postgres));
  const std::filesystem::path package = root / "python" / "lamindb";
  std::filesystem::create_directories(package);
  write(package / "_registries.pyi",
        lamin::faces::stubs(catalog, lamin::faces::written_methods(read(package / "_typed.pyi"))));
}

lamin::schema::Catalog read_catalog(const std::filesystem::path& path) {
  lamin::schema::Catalog catalog;
  for (const auto& module : lamin::schema::modules_from_json(read(path))) catalog.add(module);
  return catalog;
}

void print_diff(const std::filesystem::path& old, const std::filesystem::path& now, std::string_view database) {
  if (database != "sqlite" && database != "postgres") {
    throw lamin::Error(lamin::Code::invalid_argument,
                       "the database is sqlite or postgres, not '" + std::string(database) + "'");
  }
  const Dialect dialect = database == "sqlite" ? Dialect::sqlite : Dialect::postgres;
  const lamin::schema::Diff found = lamin::schema::diff(read_catalog(old), read_catalog(now), dialect);
  std::vector<std::string> refusals;
  for (const auto& loss : found.losses) refusals.push_back(loss.refusal);
  for (const auto& guard : found.guards) {
    if (guard.count.empty()) refusals.push_back(guard.refusal);
  }
  if (!refusals.empty()) lamin::schema::refuse(refusals);
  for (const auto& guard : found.guards) std::printf("-- not if rows: %s\n", guard.count.c_str());
  for (const std::string& note : found.notes) std::printf("-- %s\n", note.c_str());
  for (const std::string& sql : found.statements) std::printf("%s;\n", sql.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 4 && arguments[0] == "diff") {
      print_diff(arguments[1], arguments[2], arguments[3]);
    } else if (arguments.size() == 1 && !arguments[0].starts_with("-")) {
      write_golden(arguments[0]);
    } else {
      std::fputs("usage: lamin-schema ROOT | lamin-schema diff OLD.json NEW.json sqlite|postgres\n", stderr);
      return 2;
    }
  } catch (const lamin::Error& error) {
    std::fprintf(stderr, "lamin-schema: %s\n", error.what());
    return lamin::row(error.code()).exit_status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lamin-schema: %s\n", error.what());
    return 1;
  }
  return 0;
}
