// common.cpp -- what several commands need: the instance, the requested record, lines for the user.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/redact.hpp"
#include "base/terminal.hpp"
#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/find.hpp"
#include "lamin/label.hpp"
#include "lamin/lineage.hpp"
#include "registry/values.hpp"

namespace lamin::cli {

std::string called(Instance& instance) {
  return instance.settings().slug() + (instance.database().read_only() ? " (may only be read)" : "");
}

std::unique_ptr<Instance> open() {
  auto instance = connect_current();
  tell("→ connected lamindb: " + called(*instance));
  resume_run(*instance);
  return instance;
}

void tell(const std::string& message) {
  auto text = base::shown(message);
  constexpr std::string_view arrow = "→";
  if (base::coloured(STDERR_FILENO) && text.starts_with(arrow)) {
    text = "\033[32m" + std::string(arrow) + "\033[0m" + text.substr(arrow.size());
  }
  std::fprintf(stderr, "%s\n", text.c_str());
}

void print_value(const std::string& value) {
  std::printf("%s\n", (::isatty(STDOUT_FILENO) != 0 ? base::visible(value) : value).c_str());
}

Record find(Instance& instance, const Given& given, const char* default_entity) {
  const auto& table = faces::entity(instance.catalog(), given.text("entity", default_entity));
  auto& database = instance.database();
  if (given.has("uid")) return database.get(table, given.text("uid"));
  const bool by_key = given.has("key");
  if (!by_key && !given.has("name")) throw Error(Code::invalid_argument, "Which one? Pass --uid, --key or --name.");
  const std::string field = by_key ? "key" : (table.name_field.empty() ? std::string("name") : table.name_field.str());
  const std::string value = given.text(by_key ? "key" : "name");
  auto found = meant_rows(
      database,
      {.registry = table.qualified.str(), .where = Expr::compare(field, Op::exact, value), .order_by = {"-id"}});
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

std::pair<std::string, std::string> assignment(const std::string& text, std::string_view option) {
  const auto equals = text.find('=');
  if (equals == text.npos) {
    throw Error(Code::invalid_argument, fmt::format("{} takes name=value, not '{}'.", option, text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

Value setting(Instance& instance, const schema::Table& table, const std::string& field, const std::string& text) {
  const auto* column = table.find_column(field);
  if (column == nullptr) return Value(text);  // refused later, naming the nearest fields
  if (column->kind != schema::Kind::ref) return registry::as_looked_up(Value(text), column->type).value_or(Value(text));
  if (const auto named = find_by_name(instance, *column->to, text)) return Value(named->id());
  return Value(instance.database().get(*column->to, text).id());
}

namespace {

/// Of the terminal, 120 without one.
std::size_t width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 120;
}

/// `reason`: errno; 0 if it is not known any more.
[[noreturn]] void refuse_output(int reason) {
  std::string text = "the output could not be written";
  if (reason != 0) text += std::string(": ") + std::strerror(reason);
  throw Error(Code::unavailable, text);
}

}  // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) refuse_output(errno);
}

void finish_output() {
  if (std::fflush(stdout) != 0) refuse_output(errno);
  if (std::ferror(stdout) != 0) refuse_output(0);  // a write that failed earlier, when its buffer was full
}

bool coloured() { return base::coloured(STDOUT_FILENO); }

faces::TextTable text_table(std::vector<std::string> header) {
  return {std::move(header), width(), coloured(), [](std::string_view text) { print(text); }};
}

}  // namespace lamin::cli
