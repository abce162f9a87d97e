#include "lake/artifact/verify.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>
#include "base/threads.hpp"
#include "base/tree.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lamin/storage.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t cheap_bytes = std::int64_t{1} << 20;
constexpr std::size_t cheap_files = 64;  // opening one costs as much as reading some

base::FileHash hash_object(store::Store& store, const std::string& key) {
  const auto reader = store.open(key);
  const auto size = reader->size();
  base::FileHasher hasher(size);
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::clamp<std::int64_t>(size + 1, 4096, cheap_bytes)));
  for (std::int64_t at = 0; at <= size;) {  // do not follow a growing file
    const auto count = reader->read_at(at, buffer);
    if (count == 0) break;
    hasher.add({buffer.data(), count});
    at += static_cast<std::int64_t>(count);
  }
  return hasher.finish();
}

// The files below a folder, as a save would find them, without digests.
FileList files_at(store::Store& store, const std::string& place) {
  FileList files;
  if (const auto folder = store.local_path(place)) {
    const auto tree = base::walk(*folder, base::Follow::all);
    for (const auto& entry : tree.entries) {
      if (!entry.is_folder) files.add({entry.path, static_cast<std::int64_t>(fs::file_size(tree.place_of(entry))), {}});
    }
    return files;
  }
  std::vector<FilePart> listed;
  for (const auto& entry : store.list(place)) listed.push_back({entry.key.substr(place.size() + 1), entry.size, {}});
  std::ranges::sort(listed, {}, &FilePart::path);
  for (const auto& file : listed) files.add(file);
  return files;
}

// Hashes all bytes and whatever else counts in a folder's digest; the files then have digests.
base::FileHash hash_folder(store::Store& store, const std::string& place, FileList& files, const FolderModes& modes) {
  if (const auto folder = store.local_path(place)) {
    auto content = read_content(*folder, Links::follow);
    files = std::move(content.files);
    return std::move(content.hash);
  }
  std::vector<std::pair<std::string, base::FileHash>> hashes;
  for (const auto& file : files) hashes.emplace_back(file.path, base::FileHash());
  base::in_parallel(hashes.size(),
                    [&](std::size_t i) { hashes[i].second = hash_object(store, place + "/" + hashes[i].first); });
  const std::set<std::string_view> executables(modes.executables.begin(), modes.executables.end());
  FileList hashed;
  for (auto& [path, hash] : hashes) {
    hashed.add({path, hash.size, hash.digest});
    hash.is_executable = executables.contains(path);
  }
  files = std::move(hashed);
  return base::combine(hashes, modes.empty_folders);
}

std::int64_t sum_of(const FileList& files) {
  std::int64_t sum = 0;
  for (const auto& file : files) sum += file.size;
  return sum;
}

std::string plural(std::int64_t n, std::string_view thing) {
  return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s");
}

// The first difference of two sorted lists, and their number; empty if there is none. Digests are compared if both have
// one.
std::string difference(const FileList& found, const FileList& saved) {
  std::string first;
  std::int64_t count = 0;
  const auto note = [&](std::string what) {
    if (count++ == 0) first = std::move(what);
  };
  auto f = found.begin();
  auto s = saved.begin();
  while (f != found.end() || s != saved.end()) {
    if (s == saved.end() || (f != found.end() && f->path < s->path)) {
      note(fmt::format("'{}' was not saved with it", f->path));
      ++f;
    } else if (f == found.end() || s->path < f->path) {
      note(fmt::format("'{}' is missing", s->path));
      ++s;
    } else {
      const bool other = !f->digest.empty() && !s->digest.empty() && f->digest != s->digest;
      if (f->size != s->size) {
        note(fmt::format("'{}' has {}, not {}", f->path, plural(f->size, "byte"), s->size));
      } else if (other) {
        note(fmt::format("the digest of '{}' is {}, not {}", f->path, f->digest, s->digest));
      }
      ++f, ++s;
    }
  }
  return count > 1 ? fmt::format("{}, and {} differ", first, plural(count - 1, "more file")) : first;
}

void wrong(ContentCheck& check, ContentState state, std::string what) {
  check.state = state;
  check.what = std::move(what);
}

// Compares the whole with the digest, or with LaminDB's hash.
void judge(ContentCheck& check, const Expected& expected, base::FileHash found) {
  if (!expected.digest.empty()) {
    if (found.digest != expected.digest) {
      wrong(check, ContentState::wrong_content, fmt::format("its digest is {}, not {}", found.digest, expected.digest));
    }
  } else if (expected.hash.empty() || expected.type != found.type) {
    wrong(check, ContentState::unknown, "there is no digest to compare with");
  } else if (found.hash != expected.hash) {
    wrong(check, ContentState::wrong_content,
          fmt::format("its hash ({}) is {}, not {}", found.type, found.hash, expected.hash));
  }
  check.found = std::move(found);
}

void compare_file(ContentCheck& check, store::Store& store, const Expected& expected, Depth depth) {
  if (expected.size && *expected.size != check.size) {
    return wrong(check, ContentState::wrong_size,
                 fmt::format("it has {}, not {}", plural(check.size, "byte"), *expected.size));
  }
  if (depth == Depth::sizes || (depth == Depth::cheap && check.size > cheap_bytes)) return;
  judge(check, expected, hash_object(store, check.place));
  check.read = check.size;
}

void compare_folder(ContentCheck& check, store::Store& store, const Expected& expected, Depth depth) {
  auto files = files_at(store, check.place);
  check.size = sum_of(files);
  const auto count = static_cast<std::int64_t>(files.size());
  if ((expected.files && *expected.files != count) || (expected.size && *expected.size != check.size)) {
    auto what = fmt::format("it has {} with {}, not {} with {}", plural(count, "file"), plural(check.size, "byte"),
                            expected.files.value_or(-1), expected.size.value_or(-1));
    const auto parts = expected.parts ? expected.parts() : FileList();
    if (!parts.empty()) what += ": " + difference(files, parts);
    return wrong(check, ContentState::wrong_size, std::move(what));
  }
  const bool cheap = check.size <= cheap_bytes && files.size() <= cheap_files;
  if (depth == Depth::sizes || (depth == Depth::cheap && !cheap)) return;
  check.read = check.size;
  const auto parts = expected.parts && !expected.digest.empty() ? expected.parts() : FileList();
  const bool kept = store.can().keeps_folders || !expected.modes || expected.digest.empty();
  auto found = hash_folder(store, check.place, files, kept ? FolderModes{} : expected.modes());
  if (auto what = parts.empty() ? std::string() : difference(files, parts); !what.empty()) {
    wrong(check, ContentState::wrong_content, std::move(what));
    check.found = std::move(found);
  } else {
    judge(check, expected, std::move(found));
  }
  check.files = std::move(files);
}

// A large file at a place that others may write to: fully read if it was touched since the last full read.
void compare_touched(Instance& instance, const Record& artifact, store::Store& store, const Expected& expected,
                     ContentCheck& check) {
  const auto storage = artifact.at("storage").integer_or(0);
  const auto kept = kept_stamp(instance, storage, check.place, artifact.uid());
  if (!kept) return;
  const auto stamp_now = [&] {
    const auto entry = store.stat(check.place);
    return entry ? entry->stamp : std::string();
  };
  const auto stamp = stamp_now();
  if (stamp.empty() || stamp == *kept) return;
  check = compare_content(store, check.place, expected, Depth::full);
  if (check.right() && stamp_now() == stamp) { keep_stamp(instance, storage, check.place, artifact.uid(), stamp); }
}

ContentCheck look(Instance& instance, const Record& artifact, Verify level) {
  const auto place = readable_place(instance, artifact);
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  const auto expected = expected_of(instance, artifact);
  // Remote bytes are hashed on their way into the cache.
  const bool here = store.local_path(place).has_value();
  const auto depth = level == Verify::full ? Depth::full : here ? Depth::cheap : Depth::sizes;
  auto check = compare_content(store, place, expected, depth);
  const bool skipped = check.state == ContentState::ok && check.read == 0 && check.size > cheap_bytes;
  if (skipped && depth == Depth::cheap && !expected.folder && shares_place(artifact)) {
    compare_touched(instance, artifact, store, expected, check);
  }
  return check;
}

}  // namespace

Expected expected_of(Instance& instance, const Record& artifact) {
  return expected_of(instance, artifact, known_digest(instance, artifact).value_or(""));
}

Expected expected_of(Instance& instance, const Record& artifact, std::string digest) {
  Expected expected;
  const auto number = [&](const char* field) {
    const auto& value = artifact.at(field);
    return value.is_null() ? std::nullopt : std::optional(value.integer_or(0));
  };
  expected.size = number("size");
  expected.files = number("n_files");
  expected.hash = artifact.text("hash");
  expected.type = artifact.text("_hash_type");
  expected.folder = expected.files.has_value() || expected.type == "md5-d";
  expected.digest = std::move(digest);
  if (expected.folder) {
    expected.parts = [&instance, id = artifact.id()] { return known_files(instance, id); };
    expected.modes = [&instance, id = artifact.id()] { return known_modes(instance, id); };
  }
  return expected;
}

base::FileHash hash_stored(store::Store& store, const std::string& place) {
  const auto entry = store.stat(place);
  if (!entry) throw Error(Code::not_found, fmt::format("there is nothing at '{}/{}'", store.root(), place));
  if (!entry->is_folder) return hash_object(store, place);
  auto files = files_at(store, place);
  return hash_folder(store, place, files, {});
}

ContentCheck compare_content(store::Store& store, const std::string& place, const Expected& expected, Depth depth) {
  ContentCheck check;
  check.place = place;
  try {
    const auto entry = store.stat(place);
    if (!entry) {
      wrong(check, ContentState::missing, "there is nothing");
    } else if (!entry->is_folder && expected.folder) {
      wrong(check, ContentState::wrong_content, "it is a file, not a folder");
    } else if (entry->is_folder && !expected.folder && !expected.type.empty()) {
      wrong(check, ContentState::wrong_content, "it is a folder, not a file");
    } else if (entry->is_folder) {
      compare_folder(check, store, expected, depth);
    } else {
      check.size = entry->size;
      compare_file(check, store, expected, depth);
    }
  } catch (const Error& e) {
    check.code = e.code();
    wrong(check, e.code() == Code::not_found ? ContentState::missing : ContentState::unreadable, e.what());
  } catch (const fs::filesystem_error& e) {
    check.code = e.code() == std::errc::permission_denied ? Code::no_access : Code::unavailable;
    wrong(check, ContentState::unreadable, e.what());
  }
  return check;
}

ContentCheck verify_content(Instance& instance, const Record& artifact, Verify level) {
  constexpr int most_attempts = 4;
  Record row = artifact;
  auto check = look(instance, row, level);
  for (int attempt = 1; !check.right() && attempt < most_attempts; ++attempt) {
    // The row may be older than the bytes, and at a shared place the bytes may be in transit.
    auto now = instance.database().find(row.table(), row.id());
    if (!now) break;
    const bool same = now->values() == row.values();
    if (same && !shares_place(row)) break;
    if (same) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    row = std::move(*now);
    check = look(instance, row, level);
  }
  return check;
}

std::string require_content(Instance& instance, const Record& artifact) {
  const auto check = verify_content(instance, artifact, instance.verify());
  if (check.right()) return check.place;
  if (!instance.database().find(artifact.table(), artifact.id())) {
    throw Error(Code::not_found, fmt::format("the artifact '{}' was deleted", artifact.uid()));
  }
  const auto key = artifact.text("key");
  const auto named = key.empty() ? std::string() : fmt::format(" (key '{}')", key);
  const auto where = address(location(instance, artifact).first, check.place);
  if (check.state == ContentState::missing) {
    throw Error(Code::not_found,
                fmt::format("the content of artifact '{}'{} is missing: there is nothing at '{}'. `lamin fsck "
                            "--repair` restores it if the cache has it; else save the same file again",
                            artifact.uid(), named, where));
  }
  if (check.state == ContentState::unreadable) {
    throw Error(check.code, fmt::format("the content of artifact '{}'{} at '{}' cannot be read: {}", artifact.uid(),
                                        named, where, check.what));
  }
  const auto* advice = has_real_place(artifact) ? "; if it was changed on purpose, save it as a new version" : "";
  throw Error(Code::corrupt, fmt::format("the content of artifact '{}'{} at '{}' is not what was saved: {}. `lamin "
                                         "fsck --repair` restores it if the cache has it; else save a good copy of "
                                         "the file again{}",
                                         artifact.uid(), named, where, check.what, advice));
}

bool content_is_right(Instance& instance, const Record& artifact) {
  if (!holds_place(instance, artifact)) return true;
  const auto check = verify_content(instance, artifact, Verify::full);
  if (check.state == ContentState::unreadable && check.code == Code::no_access) { throw Error(check.code, check.what); }
  return check.right();
}

}  // namespace lamin::lake
