// common.cpp -- what several commands need: the instance, the requested record, lines for the user.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <charconv>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/message_stream.hpp"
#include "base/redact.hpp"
#include "base/source_file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lake/command/glob.hpp"
#include "lamin/branch.hpp"
#include "lamin/find.hpp"
#include "lamin/label.hpp"
#include "lamin/lamin_uri.hpp"
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

bool is_artifact_uri(const std::string& text) {
  const auto parts = base::split(text, '/');  // lamin: "" owner name artifact
  return is_lamin_uri(text) && parts.size() > 4 && parts[4] == "artifact";
}

std::unique_ptr<Instance> open_at(const std::string& uri) {
  const auto slug = parse_lamin_uri(uri).instance;
  const auto current = current_settings();
  return current && current->slug() == slug ? open() : open_called(slug);
}

std::unique_ptr<Instance> open(const Given& given) {
  if (const auto entity = given.text("entity"); is_artifact_uri(entity)) return open_at(entity);
  const auto at = address(given.text("entity"));
  return at ? open_called(at->instance) : open();
}

std::optional<Error>& unsent() {
  static std::optional<Error> what;
  return what;
}

std::unique_ptr<Instance> open_called(const std::string& slug) {
  auto instance = lamin::connect(slug);
  instance->when_unsent([](const Error& error) { unsent() = error; });
  return instance;
}

std::unique_ptr<Instance> open() {
  auto instance = connect_current();
  instance->when_unsent([](const Error& error) { unsent() = error; });
  tell("→ connected lamindb: " + called(*instance));
  resume_run(*instance);
  return instance;
}

void tell(const std::string& message) {
  auto text = base::shown(message);
  constexpr std::string_view arrow = "→";
  const int stream = base::message_stream();
  if (base::coloured(stream) && text.starts_with(arrow)) {
    text = "\033[32m" + std::string(arrow) + "\033[0m" + text.substr(arrow.size());
  }
  std::fprintf(stream == STDERR_FILENO ? stderr : stdout, "%s\n", text.c_str());
}

void print_value(const std::string& value) {
  print((::isatty(STDOUT_FILENO) != 0 ? base::visible(value) : value) + "\n");
}

void work_on(Instance& instance, const Given& given) {
  if (given.has("branch")) instance.session().branch = branch(instance, given.text("branch")).id();
  if (given.has("space")) instance.session().space = space(instance, given.text("space")).id();
}

Record find(Instance& instance, const Given& given, const char* default_entity) {
  auto& database = instance.database();
  if (is_artifact_uri(given.text("entity"))) {
    auto found = artifact_at_uri(instance, given.text("entity"));
    if (found.subpath.empty()) return std::move(found.artifact);
    throw Error(Code::invalid_argument, fmt::format("'{}' is in artifact {}, which is the record: leave '{}' out",
                                                    given.text("entity"), found.artifact.uid(), found.subpath));
  }
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

namespace {

/// The latest rows with keys that match, by key; those in the trash only if `trashed`.
std::vector<Record> rows_like(Instance& instance, const schema::Table& table, const std::string& pattern,
                              bool trashed) {
  std::vector<Expr> all{Expr::compare("key", Op::startswith, Value(pattern.substr(0, pattern.find_first_of("*?"))))};
  constexpr std::int64_t trash = -1;
  if (trashed) all.push_back(Expr::compare("branch", Op::exact, Value(trash)));
  else if (table.find_column("is_latest") != nullptr) all.push_back(Expr::compare("is_latest", Op::exact, Value(true)));
  auto rows = instance.database().all({.registry = table.qualified.str(),
                                       .where = Expr::all_of(std::move(all)),
                                       .order_by = {"key", "id"},
                                       .any_branch = trashed});
  std::erase_if(
      rows, [&](const Record& row) { return !lake::matches("/" + std::string(row.text("key")), "/" + pattern, "/"); });
  return rows;
}

}  // namespace

std::vector<Record> find_all(Instance& instance, const Given& given, bool trashed) {
  const auto key = given.text("key");
  const bool pattern = key.find_first_of("*?") != key.npos && !given.has("uid") && !given.has("name");
  if (!pattern) return {find(instance, given)};
  const auto& table = faces::entity(instance.catalog(), given.text("entity", "artifact"));
  auto rows = rows_like(instance, table, key, trashed);
  if (rows.empty())
    throw Error(Code::not_found, fmt::format("no {} {}has a key that matches '{}'", faces::entity_name(table),
                                             trashed ? "in the trash " : "", key));
  return rows;
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

[[noreturn]] void refuse_output(int reason) {
  throw Error(Code::unavailable, std::string("the output could not be written: ") + std::strerror(reason));
}

}  // namespace

void print(std::string_view text) {
  // glibc counts what it has buffered as written even when passing it on failed; the flag of the stream tells.
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::ferror(stdout) != 0) refuse_output(errno);
}

void finish_output() {
  if (std::fflush(stdout) != 0) refuse_output(errno);
}

bool coloured() { return base::coloured(STDOUT_FILENO); }

faces::TextTable text_table(std::vector<std::string> header) {
  return {std::move(header), terminal_width(), coloured(), [](std::string_view text) { print(text); }};
}

}  // namespace lamin::cli
