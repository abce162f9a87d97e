#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/path.hpp"
#include "base/redact.hpp"
#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/artifact.hpp"

namespace lamin::cli {

namespace {

/// Makes the run that `lamin track` started the tracked run of this process.
void resume_shell_run(Instance& instance) {
  std::ifstream file(shell_run_file(instance));
  std::string uid;
  if (!(file >> uid)) return;
  auto& database = instance.database();
  if (const auto run = database.find(instance.catalog().table("Run"), uid)) database.stamp().run = run->id();
}

}  // namespace

std::string called(Instance& instance) {
  return instance.settings().slug() + (instance.database().read_only() ? " (may only be read)" : "");
}

std::unique_ptr<Instance> open() {
  auto instance = connect_current();
  tell("→ connected lamindb: " + called(*instance));
  resume_shell_run(*instance);
  return instance;
}

void tell(const std::string& message) { std::fprintf(stderr, "%s\n", base::shown(message).c_str()); }

void print_value(const std::string& value) {
  std::printf("%s\n", (::isatty(STDOUT_FILENO) != 0 ? base::visible(value) : value).c_str());
}

std::string shell_run_file(const Instance& instance) {
  return (base::settings_folder() /
          ("current_run--" + instance.settings().owner + "--" + instance.settings().name + ".txt"))
      .string();
}

Record find(Instance& instance, const Given& given, const char* default_entity) {
  const auto& table = faces::entity(instance.catalog(), given.text("entity", default_entity));
  auto& database = instance.database();
  if (given.has("uid")) return database.get(table, given.text("uid"));
  const bool by_key = given.has("key");
  if (!by_key && !given.has("name")) throw Error(Code::invalid_argument, "Which one? Pass --uid, --key or --name.");
  const std::string field = by_key ? "key" : (table.name_field.empty() ? std::string("name") : table.name_field.str());
  const std::string value = given.text(by_key ? "key" : "name");
  Query query{.registry = table.qualified.str(),
              .where = Expr::compare(field, Op::exact, value),
              .order_by = {"-id"},
              .limit = 2};
  if (table.has(schema::Trait::versioned))
    query.where = Expr::all_of({query.where, Expr::compare("is_latest", Op::exact, true)});
  auto found = database.all(query);
  if (found.empty())
    throw Error(Code::not_found, faces::entity_name(table) + " with " + field + "='" + value + "' does not exist.");
  if (found.size() > 1) {
    throw Error(Code::multiple_found, "Several records have " + field + "='" + value + "'. Pass --uid: " +
                                          std::string(found[0].uid()) + ", " + std::string(found[1].uid()) + ", ...");
  }
  return std::move(found[0]);
}

Record schema_called(Instance& instance, const std::string& name) {
  auto& database = instance.database();
  const auto& table = instance.catalog().table("Schema");
  if (auto by_name =
          database.first({.registry = "Schema", .where = Expr::compare("name", Op::exact, name), .order_by = {"-id"}}))
    return *by_name;
  return database.get(table, name);
}

int width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 120;
}

}  // namespace lamin::cli
