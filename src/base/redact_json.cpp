// redact_json.cpp -- secrets in documents and in the arguments of a command.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/redact_forms.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

using boost::json::value;

boost::json::string text(std::string_view of) { return boost::json::string(of.data(), of.size()); }
std::string_view view(const boost::json::string& of) { return {of.data(), of.size()}; }

/// A value that is just a URL with a login is removed whole, as in LaminDB.
std::string redact_value(std::string_view of) {
  if (const auto at = of.find("://"); at != of.npos) {
    const auto login = login_of_url(of, at);
    if (!login.secret.empty() && login.url.begin == 0 && login.url.end == of.size()) return std::string(redaction_mark);
  }
  return redact_text(of);
}

/// Neither can hold a secret.
bool is_plain(const value& of) { return of.is_null() || of.is_bool(); }

value redacted(const value& of);

/// {"name": "API_KEY", "value": "x"}
bool names_secret(const boost::json::object& object) {
  for (const char* field : {"name", "key", "variable"}) {
    const auto* name = object.if_contains(field);
    if (name != nullptr && name->is_string() && is_secret_name(view(name->get_string()))) return true;
  }
  return false;
}

value redacted(const boost::json::object& object) {
  const bool pair = object.contains("value") && names_secret(object);
  boost::json::object out;
  for (const auto& [name, of] : object) {
    const bool secret = is_secret_name(name) || (pair && name == "value");
    const auto kept = redact_text(name);
    out[kept] = secret && !is_plain(of) ? value(text(redaction_mark)) : redacted(of);
  }
  return out;
}

/// ["--token", "x"], ["API_KEY", "x"]
bool asks_for_secret(const boost::json::array& array, std::size_t next) {
  if (next == 0 || !array[next - 1].is_string() || is_plain(array[next])) return false;
  const auto name = view(array[next - 1].get_string());
  const bool option = name.starts_with('-') && name.find('=') == name.npos;
  if (!is_secret_name(name) || (!option && array.size() != 2)) return false;
  if (!array[next].is_string()) return true;
  const auto of = view(array[next].get_string());
  return !(option && of.starts_with("--")) && !is_secret_name(of);
}

value redacted(const boost::json::array& array) {
  boost::json::array out;
  for (std::size_t i = 0; i < array.size(); ++i)
    out.push_back(asks_for_secret(array, i) ? value(text(redaction_mark)) : redacted(array[i]));
  return out;
}

value redacted(const value& of) {
  if (of.is_object()) return redacted(of.get_object());
  if (of.is_array()) return redacted(of.get_array());
  if (of.is_string()) return text(redact_value(view(of.get_string())));
  return of;
}

}  // namespace

std::string redact_arguments(std::span<const std::string> arguments) {
  std::string out;
  bool secret = false, login = false;
  for (const auto& argument : arguments) {
    if (!out.empty()) out += ' ';
    const auto equals = argument.find('=');
    const bool named = equals != argument.npos && is_secret_name(argument.substr(0, equals));
    const bool option = argument.starts_with('-') && argument.size() > 1;
    const auto colon = argument.find(':');
    if (login && colon != argument.npos && !argument.starts_with("http")) {  // -u me:x
      out.append(argument, 0, colon + 1).append(redaction_mark);
    } else if (secret && !option) out += redaction_mark;
    else if (named) out.append(argument, 0, equals + 1).append(redaction_mark);
    else out += redact_value(argument);
    login = argument == "-u" || argument == "--user";
    secret = option && equals == argument.npos && is_secret_name(argument);
  }
  return out;
}

std::string redact_json(std::string_view json) {
  try {
    return write_json(redacted(parse_json(json)));
  } catch (const Error&) { return redact_text(json); }
}

}  // namespace lamin::base
