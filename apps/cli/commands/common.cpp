// common.cpp -- what several commands need: the instance, the requested record, lines for the user.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <charconv>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/redact.hpp"
#include "base/source_file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/branch.hpp"
#include "lamin/find.hpp"
#include "lamin/label.hpp"
#include "lamin/lineage.hpp"
#include "registry/values.hpp"

namespace lamin::cli {

std::string called(Instance& instance) {
  return instance.settings().slug() + (instance.database().read_only() ? " (may only be read)" : "");
}

namespace {

/// The parts of https://host/owner/name/registry/uid.
struct Address {
  std::string instance, entity, uid;
};

std::optional<Address> address(const std::string& text) {
  const auto host = text.find("://");
  if (host == text.npos) return std::nullopt;
  const bool of_host = text.starts_with("http");
  const auto start = of_host ? text.find('/', host + 3) : host + 2;
  const auto parts =
      base::split(start == text.npos ? std::string_view() : std::string_view(text).substr(start + 1), '/');
  if (parts.size() != 4 || std::ranges::any_of(parts, [](const auto& part) { return part.empty(); }))
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not the address of a record: https://host/owner/name/registry/uid", text));
  return Address{parts[0] + "/" + parts[1], parts[2], parts[3]};
}

/// A registry where none is named: that of the program with this key, otherwise artifacts.
std::string guessed_entity(Instance& instance, const Given& given, const char* otherwise) {
  if (!given.has("key") || !is_source(given.text("key"))) return otherwise;
  const Query query{.registry = "Transform", .where = Expr::compare("key", Op::exact, Value(given.text("key")))};
  return instance.database().first(query) ? "transform" : otherwise;
}

}  // namespace

std::unique_ptr<Instance> open(const Given& given) {
  const auto at = address(given.text("entity"));
  return at ? lamin::connect(at->instance) : open();
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
  auto& database = instance.database();
  if (const auto at = address(given.text("entity")))
    return database.get(faces::entity(instance.catalog(), at->entity), at->uid);
  const auto& table = faces::entity(
      instance.catalog(), given.has("entity") ? given.text("entity") : guessed_entity(instance, given, default_entity));
  if (given.has("uid")) return database.get(table, given.text("uid"));
  const bool by_key = given.has("key");
  if (!by_key && !given.has("name") && table.qualified == "Branch") return current_branch(instance);
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

std::vector<Record> labels_of(Instance& instance, const Given& given) {
  std::vector<Record> labels;
  const auto add = [&](std::string_view registry, const std::string& name) {
    const auto& table = faces::entity(instance.catalog(), registry);
    const auto label = find_by_name(instance, table, name);
    labels.push_back(label ? *label : instance.database().get(table, name));
  };
  for (const auto& text : given.all("label")) {
    const auto [registry, name] = assignment(text, "--label");
    add(registry, name);
  }
  for (const char* registry : {"project", "ulabel", "record"}) {
    for (const auto& name : given.all(registry)) add(registry, name);
  }
  return labels;
}

std::int64_t number(const Given& given, const char* name) {
  const auto text = given.text(name);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < 1) {
    throw Error(Code::invalid_argument,
                std::string("--") + name + " takes a whole number from 1 on, not '" + text + "'.");
  }
  return value;
}

std::string file_text(const std::string& path) {
  constexpr std::int64_t most_bytes = 16 << 20;
  return base::small_file(path, most_bytes);
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

std::size_t terminal_width() {
  winsize size{};
  constexpr std::size_t without = 120;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : without;
}

namespace {

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
  return {std::move(header), terminal_width(), coloured(), [](std::string_view text) { print(text); }};
}

}  // namespace lamin::cli
