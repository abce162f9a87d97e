// lamin_uri.cpp -- lamin://owner/instance/artifact/...: its parts, the artifact that it means, a path for that.
#include "lamin/lamin_uri.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/percent_decode.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "lake/rows/version.hpp"
#include "lamin/artifact.hpp"
#include "lamin/branch.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view scheme = "lamin://";
constexpr std::size_t stem_length = 16, uid_length = 20;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw Error(Code::invalid_argument,
              fmt::format("'{}' is not the address of an artifact: {}; it is lamin://OWNER/INSTANCE/artifact/UID or "
                          "lamin://OWNER/INSTANCE/artifact/key/KEY",
                          text, why));
}

bool is_text(std::string_view bytes) {
  if (bytes.find('\0') != bytes.npos) return false;
  for (std::size_t at = 0; at < bytes.size();)
    if (!base::next_code_point(bytes, at)) return false;
  return true;
}

std::string decoded(std::string_view whole, std::string_view part) {
  auto text = base::percent_decoded(part);
  if (!is_text(text)) refuse(whole, fmt::format("'{}' is not UTF-8", part));
  return text;
}

/// Decoded first: an encoded slash separates, too, so that no part can lead out of a folder.
std::vector<std::string> segments_of(std::string_view whole, std::string_view path) {
  auto segments = base::split(decoded(whole, path), '/');
  for (const auto& segment : segments) {
    if (segment.empty()) refuse(whole, "a part between two slashes is empty");
    if (segment == "." || segment == "..") refuse(whole, fmt::format("'{}' is not allowed in it", segment));
  }
  return segments;
}

void read_qualifiers(std::string_view whole, std::string_view query, LaminUri& uri) {
  for (const auto& pair : base::split(query, '&')) {
    const auto name = pair.substr(0, pair.find('='));
    auto value = pair.size() > name.size() ? pair.substr(name.size() + 1) : "";
    std::ranges::replace(value, '+', ' ');
    value = decoded(whole, value);
    auto* into = name == "space"     ? &uri.space
                 : name == "branch"  ? &uri.branch
                 : name == "version" ? &uri.version
                                     : nullptr;
    if (into == nullptr) refuse(whole, fmt::format("after '?' stand space, branch and version, not '{}'", name));
    if (value.empty()) refuse(whole, fmt::format("'{}' has no value", name));
    if (!into->empty()) refuse(whole, fmt::format("'{}' is given twice", name));
    *into = std::move(value);
  }
}

bool is_uid(std::string_view text) {
  const auto plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return (text.size() == stem_length || text.size() == uid_length) && std::ranges::all_of(text, plain);
}

std::string joined(const std::vector<std::string>& segments, std::size_t from, std::size_t to) {
  return base::join(std::vector<std::string>(segments.begin() + static_cast<std::ptrdiff_t>(from),
                                             segments.begin() + static_cast<std::ptrdiff_t>(to)),
                    "/");
}

bool is_folder(const Record& artifact) { return !artifact.at("n_files").is_null(); }

/// The artifacts that a key may mean.
class ByKey {
 public:
  ByKey(Instance& instance, const LaminUri& uri, std::string_view text) : instance_(instance), uri_(uri), text_(text) {
    if (uri.version.empty()) conditions_.push_back(Expr::compare("is_latest", Op::exact, Value(true)));
    else conditions_.push_back(Expr::compare("version_tag", Op::exact, Value(uri.version)));
    if (!uri.branch.empty()) add("branch", branch(instance, uri.branch));
    if (!uri.space.empty()) add("space", space(instance, uri.space));
  }

  AddressedArtifact find() const {
    const auto n = uri_.segments.size();
    for (auto split = n; split > 0; --split) {
      auto found = with_key(joined(uri_.segments, 0, split));
      if (!found || (split < n && !is_folder(*found))) continue;  // a file has no subpath
      return {.artifact = std::move(*found), .subpath = joined(uri_.segments, split, n)};
    }
    throw Error(Code::not_found, fmt::format("there is no artifact with the key '{}' in {}, for '{}'",
                                             joined(uri_.segments, 0, n), uri_.instance, text_));
  }

 private:
  void add(const char* field, const Record& one) {
    conditions_.push_back(Expr::compare(field, Op::exact, Value(one.id())));
  }

  std::optional<Record> with_key(const std::string& key) const {
    auto all = conditions_;
    all.push_back(Expr::compare("key", Op::exact, Value(key)));
    constexpr std::int64_t most = 6;
    auto rows = instance_.database().all({.registry = "Artifact",
                                          .where = Expr::all_of(std::move(all)),
                                          .order_by = {"-id"},
                                          .limit = most,
                                          .any_branch = !uri_.branch.empty()});
    if (rows.size() > 1) prefer_current_branch(rows);
    if (rows.empty()) return std::nullopt;
    if (rows.size() > 1) {
      std::vector<std::string> uids;
      for (const auto& row : rows) uids.emplace_back(row.uid());
      throw Error(Code::multiple_found,
                  fmt::format("several artifacts have the key '{}': {}; add ?space=, ?branch= or ?version= to '{}', or "
                              "name one by its uid",
                              key, base::join(uids, ", "), text_));
    }
    return std::move(rows.front());
  }

  /// Of versions of one artifact, on the current branch and on main, that of the current branch.
  void prefer_current_branch(std::vector<Record>& rows) const {
    const auto stem = lake::stem_of(rows.front());
    const auto current = instance_.database().session().branch;
    const auto on = [&](const Record& row) { return row.at("branch").integer_or(0) == current; };
    if (!std::ranges::all_of(rows, [&](const Record& row) { return lake::stem_of(row) == stem; })) return;
    if (std::ranges::count_if(rows, on) == 1) std::erase_if(rows, [&](const Record& row) { return !on(row); });
  }

  Instance& instance_;
  const LaminUri& uri_;
  std::string_view text_;
  std::vector<Expr> conditions_;
};

std::optional<fs::path> in_place(Instance& instance, const Record& artifact) {
  const auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  return store.can().local_paths ? std::optional(cache_artifact(instance, artifact)) : std::nullopt;
}

}  // namespace

bool is_lamin_uri(std::string_view text) { return text.starts_with(scheme); }

LaminUri parse_lamin_uri(std::string_view text) {
  if (!is_lamin_uri(text)) refuse(text, "it does not start with lamin://");
  if (text.find('#') != text.npos) refuse(text, "it has a '#', which is written %23 in a key");
  const auto mark = text.find('?');
  auto all = segments_of(text, text.substr(scheme.size(), mark == text.npos ? mark : mark - scheme.size()));
  constexpr std::size_t before = 3;  // owner, instance, artifact
  if (all.size() <= before) refuse(text, "it ends too early");
  if (all[2] != "artifact") refuse(text, fmt::format("it names a registry '{}'", all[2]));
  LaminUri uri{.instance = all[0] + "/" + all[1]};
  if (mark != text.npos) read_qualifiers(text, text.substr(mark + 1), uri);
  const bool by_key = all[before] == "key";
  if (by_key && all.size() == before + 1) refuse(text, "there is no key after 'key/'");
  if (!by_key && !is_uid(all[before]))
    refuse(text, fmt::format("'{}' is not a uid of 16 or 20 letters and digits", all[before]));
  if (!by_key && mark != text.npos) refuse(text, "a uid needs nothing after '?', it says which artifact is meant");
  if (!by_key) uri.uid = all[before];
  uri.segments.assign(all.begin() + before + 1, all.end());
  return uri;
}

std::string_view name_of(Access access) { return access == Access::mount ? "mount" : "cache"; }

std::vector<Access> access_called(std::string_view list) {
  std::vector<Access> ways;
  for (const auto& part : base::split(list, ',')) {
    const auto name = base::trim(part);
    if (name == "presigned" || name == "credentials") {
      throw Error(Code::unsupported, fmt::format("access by '{}' is not there: a program gets a path, by `mount` (in "
                                                 "place, in a local storage) or `cache`",
                                                 name));
    }
    if (name != "mount" && name != "cache")
      throw Error(Code::invalid_argument,
                  fmt::format("access is `mount`, `cache` or both in an order, mount,cache, not '{}'", list));
    const auto way = name == "mount" ? Access::mount : Access::cache;
    if (std::ranges::find(ways, way) != ways.end())
      throw Error(Code::invalid_argument, fmt::format("access '{}' names {} twice", list, name));
    ways.push_back(way);
  }
  return ways;
}

AddressedArtifact artifact_at_uri(Instance& instance, std::string_view text) {
  const auto uri = parse_lamin_uri(text);
  if (uri.instance != instance.settings().slug()) {
    throw Error(Code::unsupported,
                fmt::format("'{}' is in the instance {}, this one is {}: artifacts of other instances cannot be used "
                            "by their address; `lamin connect {}` changes to that one",
                            text, uri.instance, instance.settings().slug(), uri.instance));
  }
  if (uri.uid.empty()) return ByKey(instance, uri, text).find();
  const auto& table = instance.catalog().table("Artifact");
  auto found =
      uri.uid.size() == uid_length
          ? instance.database().first(
                {.registry = "Artifact", .where = Expr::compare("uid", Op::exact, Value(uri.uid)), .any_branch = true})
          : lake::head_of_family(instance, table, uri.uid, instance.database().session().branch);
  if (!found)
    throw Error(Code::not_found, fmt::format("there is no artifact with the uid '{}' in {}", uri.uid, uri.instance));
  return {.artifact = std::move(*found), .subpath = joined(uri.segments, 0, uri.segments.size())};
}

LocalArtifact local_artifact(Instance& instance, std::string_view uri, std::span<const Access> ways) {
  auto addressed = artifact_at_uri(instance, uri);
  LocalArtifact local{.uri = std::string(uri), .artifact = std::move(addressed.artifact)};
  for (const auto way : ways) {
    local.access = way;
    if (way == Access::cache) local.path = cache_artifact(instance, local.artifact);
    else if (auto path = in_place(instance, local.artifact)) local.path = std::move(*path);
    if (!local.path.empty()) break;
  }
  if (local.path.empty()) {
    throw Error(Code::unavailable, fmt::format("'{}' is not in a local storage, and it may not be brought into the "
                                               "cache: allow `cache` as well",
                                               uri));
  }
  if (addressed.subpath.empty()) return local;
  local.path /= addressed.subpath;
  std::error_code failed;
  if (!is_folder(local.artifact) || !fs::exists(local.path, failed))
    throw Error(Code::not_found,
                fmt::format("artifact {} has no '{}' in it, for '{}'", local.artifact.uid(), addressed.subpath, uri));
  return local;
}

}  // namespace lamin
