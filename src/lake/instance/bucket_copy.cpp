#include "lake/instance/bucket_copy.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>
#include "base/checkpoint.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

fs::path BucketCopy::database() const { return file("lamin.db"); }
fs::path BucketCopy::fresh(std::string_view what) const {
  return file(fmt::format("{}-{}", what, base::random_uid(6)));
}

bool BucketCopy::has(std::string_view note) const { return is_there(file(note)); }
void BucketCopy::note(std::string_view note, std::string_view text) const {
  base::write_file(file(note), text, base::Readers::owner);
}
std::string BucketCopy::noted(std::string_view note) const {
  return std::string(base::trim(base::read_file(file(note)).value_or("")));
}
void BucketCopy::drop(const fs::path& file) const {
  std::error_code ignored;
  fs::remove(folder_ / file, ignored);
}

bool BucketCopy::exists() const { return is_there(database()); }
bool BucketCopy::is_dirty() const { return exists() && (has("dirty") || has("sending") || base_stamp().empty()); }

std::string BucketCopy::base_stamp() const {
  const auto text = noted("base");
  return std::string(base::trim(std::string_view(text).substr(0, text.find('\n'))));
}
void BucketCopy::note_base(std::string_view stamp, bool is_ours) const {
  note("base", fmt::format("{}\n{}\n", stamp, is_ours ? 0 : now_ms()));
}
std::optional<std::chrono::milliseconds> BucketCopy::age() const {
  const auto text = noted("base");
  const auto fetched = std::atoll(text.substr(std::min(text.find('\n'), text.size())).c_str());
  if (fetched == 0) return std::nullopt;
  return std::chrono::milliseconds(now_ms() - fetched);
}

std::unique_ptr<db::Connection> BucketCopy::connect() const {
  return db::open_connection("sqlite://" + database().string());
}
fs::path BucketCopy::snapshot() const {
  auto to = fresh("snapshot");
  const Value name(to.string());
  connect()->execute("VACUUM INTO ?", {&name, 1});
  return to;
}
void BucketCopy::drop_database() const {
  for (const auto* tail : {"", "-wal", "-shm"}) drop("lamin.db" + std::string(tail));
}

FolderLock::FolderLock(const BucketCopy& copy, bool wait) {
  const auto path = copy.file("lock").string();
  if (!copy.has("lock")) copy.note("lock");
  fd_ = store::Fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd_.is_open()) store::fail(errno, "Cannot open", path);
  while (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) store::fail(errno, "Cannot lock", path);
    if (!wait) return;
    base::checkpoint();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  has_it_ = true;
}

}  // namespace lamin::lake
