#include "db/url.hpp"
#include <fmt/format.h>
#include <charconv>
#include "base/percent_decode.hpp"
#include "base/text.hpp"

namespace lamin::db {
namespace {

constexpr std::string_view postgres_form = "postgresql://user:<password>@host:port/name";

[[noreturn]] void refuse(std::string_view part, std::string_view why) {
  throw Error(Code::invalid_argument, fmt::format("The {} of the database URL {}. Write {} or sqlite:///absolute/path.",
                                                  part, why, postgres_form));
}

Url parse_sqlite(std::string_view rest) {
  Url url;
  // Three slashes and four mean the same absolute path; SQLAlchemy writes four.
  while (rest.starts_with("//")) rest.remove_prefix(1);
  if (rest.empty() || rest.front() != '/') { refuse("path", fmt::format("'{}' is not absolute", rest)); }
  if (rest == "/" || rest.back() == '/') refuse("path", fmt::format("'{}' names a folder, not a file", rest));
  if (rest.find('\0') != std::string_view::npos) refuse("path", "has a NUL character");
  url.path = rest;
  return url;
}

int parse_port(std::string_view text) {
  int port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535) {
    refuse("port", fmt::format("'{}' is not a number from 1 to 65535", text));
  }
  return port;
}

void parse_host(Url& url, std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) refuse("host", "has '[' without ']'");
    url.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (!text.empty() && text.front() != ':') refuse("host", "has something other than a port behind ']'");
  } else {
    const auto colon = text.find(':');
    url.host = base::percent_decoded(text.substr(0, colon));
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon);
  }
  if (text.starts_with(':')) url.port = parse_port(text.substr(1));
}

Url parse_postgres(std::string_view rest) {
  Url url;
  url.dialect = Dialect::postgres;
  if (const auto question = rest.find('?'); question != std::string_view::npos && question > rest.rfind('@') + 1) {
    for (const auto& option : base::split(rest.substr(question + 1), '&')) {
      const auto equals = option.find('=');
      if (option.empty() || equals == std::string::npos || equals == 0) {
        refuse("query", fmt::format("has '{}', which is not name=value", option.substr(0, equals)));
      }
      url.options.emplace_back(base::percent_decoded(option.substr(0, equals)),
                               base::percent_decoded(option.substr(equals + 1)));
    }
    rest = rest.substr(0, question);
  }
  // The last '@' ends the password, which may itself hold '@', ':' and '/'.
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = rest.substr(0, at);
    const auto colon = login.find(':');
    url.user = base::percent_decoded(login.substr(0, colon));
    if (colon != std::string_view::npos) url.password = base::percent_decoded(login.substr(colon + 1));
    if (url.user.empty()) refuse("user", "is empty");
    rest.remove_prefix(at + 1);
  }
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || slash + 1 == rest.size()) {
    refuse("database name", fmt::format("is missing behind '{}'", rest));
  }
  parse_host(url, rest.substr(0, slash));
  url.name = base::percent_decoded(rest.substr(slash + 1));
  if (url.name.find('/') != std::string::npos) refuse("database name", fmt::format("'{}' has a slash", url.name));
  for (const std::string* part : {&url.user, &url.password, &url.host, &url.name}) {
    if (part->find('\0') != std::string::npos) refuse("login", "has a NUL character");
  }
  return url;
}

}  // namespace

std::string Url::describe() const {
  if (dialect == Dialect::sqlite) return "sqlite://" + path;
  const std::string login = user.empty() ? "" : user + "@";
  const std::string_view shown = host.empty() ? "localhost" : std::string_view(host);
  return fmt::format("postgresql://{}{}:{}/{}", login, shown, port, name);
}

Url parse_url(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos) {
    refuse("scheme", text.empty() ? "is missing: the URL is empty" : "is missing: there is no '://' in it");
  }
  const std::string_view scheme = text.substr(0, end);
  const std::string_view rest = text.substr(end + 3);
  if (scheme == "sqlite") return parse_sqlite(rest);
  if (scheme == "postgresql" || scheme == "postgres") return parse_postgres(rest);
  refuse("scheme", fmt::format("'{}' is not known", scheme));
}

}  // namespace lamin::db
