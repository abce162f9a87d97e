// source.cpp -- URIs taken apart, and sources by their text.
#include "lamin/source.hpp"
#include <algorithm>
#include <cctype>
#include "base/percent_decode.hpp"
#include "base/text.hpp"

namespace lamin {
namespace fs = std::filesystem;

namespace {

// Only these: a key may have question marks, too.
std::size_t query_in(std::string_view text) { return std::min(text.find("?endpoint_url="), text.find("?region=")); }

}  // namespace

std::optional<Uri> Uri::parse(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto scheme = text.substr(0, end);
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  };
  if (!std::ranges::all_of(scheme, fits)) return std::nullopt;
  Uri uri{.scheme = base::lower(scheme)};
  auto rest = text.substr(end + 3);
  if (const auto at = query_in(rest); uri.scheme == "s3" && at != std::string_view::npos) {
    uri.query = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  if (uri.scheme != "memory") {
    const auto slash = std::min(rest.find('/'), rest.size());
    uri.place = rest.substr(0, slash);
    rest.remove_prefix(slash);
  }
  while (rest.starts_with('/')) rest.remove_prefix(1);
  uri.key = rest;
  return uri;
}

std::string Uri::text() const {
  return scheme + "://" + place + (place.empty() || key.empty() ? "" : "/") + key + (query.empty() ? "" : "?") + query;
}

std::string Uri::option(std::string_view name) const {
  for (const auto& pair : base::split(query, '&')) {
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return base::percent_decoded(pair.substr(name.size() + 1));
    }
  }
  return {};
}

std::optional<std::string> Uri::key_below(std::string_view root) const {
  const auto of_root = parse(root);
  if (!of_root || of_root->scheme != scheme || of_root->place != place) return std::nullopt;
  // Without an endpoint, the one of the storage is meant.
  const auto endpoint = option("endpoint_url");
  if (!endpoint.empty() && endpoint != of_root->option("endpoint_url")) return std::nullopt;
  std::string_view folder = of_root->key;
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (folder.empty()) return key.empty() ? std::nullopt : std::optional(key);
  if (key.size() <= folder.size() + 1 || !key.starts_with(folder) || key[folder.size()] != '/') return std::nullopt;
  return key.substr(folder.size() + 1);
}

Source::Source(const std::string& text) {
  const auto uri = Uri::parse(text);
  if (!uri) at_ = fs::path(text);
  else if (uri->scheme == "file") at_ = fs::path("/" + uri->key);
  else at_ = *uri;
}

Source Source::of_bytes(std::string bytes, std::string name) {
  Source source;
  source.at_ = Memory{std::move(bytes), std::move(name)};
  return source;
}

bool Source::empty() const { return path() != nullptr && path()->empty(); }

const std::string* Source::bytes() const {
  const auto* memory = std::get_if<Memory>(&at_);
  return memory == nullptr ? nullptr : &memory->bytes;
}

std::string Source::name() const {
  if (const auto* memory = std::get_if<Memory>(&at_)) return memory->name;
  fs::path at = path() != nullptr ? *path() : fs::path(uri()->key);
  if (!at.has_filename()) at = at.parent_path();
  return at.filename().string();
}

std::string Source::text() const {
  if (const auto* memory = std::get_if<Memory>(&at_)) return memory->name;
  return path() != nullptr ? path()->string() : uri()->text();
}

}  // namespace lamin
