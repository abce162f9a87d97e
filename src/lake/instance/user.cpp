// user.cpp -- the files that say who one is. LaminDB reads and writes the same ones; its keys and tokens are kept.
#include "lamin/user.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include "base/uid.hpp"
#include "lake/instance/env_file.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace lake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "lamin_user_";
constexpr std::array keys = {"email", "password", "access_token", "uid", "uuid", "handle", "name", "api_key"};
constexpr std::string_view anonymous = "anonymous";
constexpr std::size_t longest_handle = 30;  // characters, the size of LaminDB's column
constexpr int uid_size = 8;

fs::path current_file() { return settings_path("current_user.env"); }
fs::path file_of(std::string_view handle_or_email) {
  return settings_path(fmt::format("user--{}.env", handle_or_email));
}

EnvPairs read(const fs::path& file) {
  const auto text = read_text_file(file);
  return text ? env_pairs(*text, prefix) : EnvPairs{};
}

void put(EnvPairs& pairs, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  check_env_value(key, value);
  const auto known = std::ranges::find(pairs, key, &EnvPairs::value_type::first);
  if (known == pairs.end()) pairs.emplace_back(key, value);
  else known->second = value;
}

/// In LaminDB's order, then what else there was.
std::string to_text(const EnvPairs& pairs) {
  std::string text;
  for (const std::string_view key : keys)
    text += fmt::format("{}{}={}\n", prefix, key, or_null(env_value(pairs, key).value_or("")));
  for (const auto& [key, value] : pairs) {
    if (std::ranges::find(keys, key) == keys.end()) text += fmt::format("{}{}={}\n", prefix, key, value);
  }
  return text;
}

UserSettings user_of(const EnvPairs& pairs) {
  UserSettings user;
  const auto take = [&](std::string_view key, std::string& into) {
    if (auto value = from_null(env_value(pairs, key).value_or("")); !value.empty()) into = std::move(value);
  };
  take("uid", user.uid);
  take("handle", user.handle);
  take("name", user.name);
  take("email", user.email);
  return user;
}

/// A handle is part of file names and of "owner/name".
void check_handle(std::string_view handle) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  if (handle.empty() || handle.size() > longest_handle || handle.front() == '.' || handle.front() == '-' ||
      !std::ranges::all_of(handle, fits)) {
    throw Error(
        Code::invalid_argument,
        fmt::format("'{}' cannot be a handle: it has 1 to {} letters, digits, '-', '_' and '.', and begins with a "
                    "letter, a digit or '_'",
                    handle, longest_handle));
  }
  if (handle == anonymous)
    throw Error(Code::invalid_argument,
                "'anonymous' is who is not logged in: log out instead, or choose another handle");
}

std::string handle_of(const std::string& email) {
  const auto known = user_of(read(file_of(email)));
  if (known.handle != anonymous) return known.handle;
  throw Error(Code::not_found,
              fmt::format("nobody with the e-mail '{}' was logged in here: pass a handle, and the e-mail "
                          "beside it",
                          email));
}

}  // namespace

void ensure_user_file() {
  std::error_code ignored;
  if (fs::exists(current_file(), ignored)) return;
  const UserSettings nobody;
  write_text_file(current_file(), to_text({{"uid", nobody.uid}, {"handle", nobody.handle}}));
}

}  // namespace lake

UserSettings current_user() { return lake::user_of(lake::read(lake::current_file())); }

UserSettings login(const LoginOptions& options) {
  const bool by_email = options.handle.find('@') != std::string::npos;
  const std::string handle = by_email ? lake::handle_of(options.handle) : options.handle;
  lake::check_handle(handle);
  if (options.email.find('/') != std::string::npos)
    throw Error(Code::invalid_argument, fmt::format("'{}' is not an e-mail", options.email));
  auto pairs = lake::read(lake::file_of(handle));
  lake::put(pairs, "handle", handle);
  if (lake::from_null(lake::env_value(pairs, "uid").value_or("")).empty())
    lake::put(pairs, "uid", base::derived_uid(handle, lake::uid_size));
  lake::put(pairs, "name", options.name);
  lake::put(pairs, "email", options.email);
  const auto text = lake::to_text(pairs);
  const auto user = lake::user_of(pairs);
  lake::write_text_file(lake::file_of(handle), text);
  if (!user.email.empty()) lake::write_text_file(lake::file_of(user.email), text);
  lake::write_text_file(lake::current_file(), text);
  return user;
}

bool logout() {
  const bool was = current_user().handle != lake::anonymous;
  std::error_code failed;
  std::filesystem::remove(lake::current_file(), failed);
  if (failed)
    throw Error(Code::no_access,
                fmt::format("cannot remove '{}': {}", lake::current_file().string(), failed.message()));
  return was;
}

}  // namespace lamin
