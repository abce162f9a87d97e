// artifacts.cpp -- compares each row with its bytes, a batch of rows at a time.
//
// The rows of a batch are compared by several threads; folders one by one, with their files in parallel. What looks
// wrong is checked again, as a reader would: a writer may have been between the row and its bytes.
#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include "base/threads.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lake/fsck/parts.hpp"

namespace lamin::lake {
namespace {

constexpr std::int64_t page = 256;                             // rows
constexpr std::int64_t stretch_bytes = std::int64_t{2} << 30;  // read between two saves of the position

FindingKind kind_of(ContentState state) {
  switch (state) {
    case ContentState::missing: return FindingKind::missing;
    case ContentState::wrong_size: return FindingKind::wrong_size;
    case ContentState::unreadable: return FindingKind::unreadable;
    default: return FindingKind::wrong_content;
  }
}

struct Checked {
  const Record* row = nullptr;
  const CheckedStorage* storage = nullptr;
  Expected expected;
  ContentCheck check;
  bool superseded = false;
};

class ArtifactsCheck {
 public:
  explicit ArtifactsCheck(FsckRun& run)
      : run_(run), state_(run.instance, run.options), depth_(run.options.full ? Depth::full : Depth::sizes) {
    std::vector<Value> ids;
    for (const auto& storage : run.storages) ids.emplace_back(storage.id);
    in_storages_ = Expr::in("storage", std::move(ids));
  }

  void all() {
    if (run_.options.resume) at_ = state_.read();
    before_ = std::exchange(run_.report, at_.report);
    run_.artifacts_in_all = run_.instance.database().count(rows_after(0));
    for (auto rows = next(); !rows.empty(); rows = next()) {
      auto digests = known_digests(run_.instance, rows);
      for (std::size_t from = 0; from < rows.size();) from = stretch(rows, from, digests);
    }
    state_.remove();
    say_without_digest();
    add(run_.report, before_);
  }

 private:
  using Digests = std::unordered_map<std::int64_t, std::string>;

  static void add(FsckReport& to, const FsckReport& more) {
    to.found += more.found;
    to.repaired += more.repaired;
    to.information += more.information;
  }

  Query rows_after(std::int64_t id) const {
    return {.registry = "Artifact",
            .where = Expr::all_of({in_storages_, Expr::compare("id", Op::gt, Value(id))}),
            .order_by = {"id"},
            .any_branch = true};
  }

  std::vector<Record> next() {
    auto query = rows_after(at_.last_id);
    query.limit = page;
    return run_.instance.database().all(query);
  }

  // Takes rows from `from` until there are enough bytes to read; returns the start of the next batch.
  std::size_t stretch(const std::vector<Record>& rows, std::size_t from, Digests& digests) {
    std::vector<Checked> files, folders;
    std::int64_t bytes = 0;
    auto to = from;
    for (; to < rows.size() && (to == from || bytes < stretch_bytes); ++to) {
      const auto& row = rows[to];
      const auto storage = std::ranges::find(run_.storages, row.at("storage").integer_or(0), &CheckedStorage::id);
      if (storage == run_.storages.end()) continue;
      const auto digest = digests.find(row.id());
      auto expected =
          expected_of(run_.instance, row, digest == digests.end() ? std::string() : std::move(digest->second));
      if (run_.options.full) bytes += expected.size.value_or(0);
      at_.without_digest += expected.digest.empty();
      auto& list = expected.folder ? folders : files;
      list.push_back({&row, &*storage, std::move(expected), {}, false});
    }
    compare(files, folders);
    at_.last_id = rows[to - 1].id();
    at_.report = run_.report;
    state_.write(at_);
    run_.step();
    return to;
  }

  void compare(std::vector<Checked>& files, std::vector<Checked>& folders) {
    for (auto* list : {&files, &folders}) {
      for (auto& one : *list) { one.superseded = !holds_place(run_.instance, *one.row); }
    }
    std::atomic<std::int64_t> done = 0, read = 0;
    const auto here = std::this_thread::get_id();
    base::in_parallel(files.size(), [&](std::size_t i) {
      auto& one = files[i];
      if (!one.superseded) one.check = compare_content(*one.storage->store, place_of(*one.row), one.expected, depth_);
      read += one.check.read;
      ++done;
      if (std::this_thread::get_id() == here) run_.step(done, read);
    });
    for (auto& one : files) conclude(one);
    for (auto& one : folders) {
      if (!one.superseded) one.check = compare_content(*one.storage->store, place_of(*one.row), one.expected, depth_);
      conclude(one);
      run_.step();
    }
  }

  void conclude(Checked& one) {
    if (!one.superseded && !one.check.right()) look_again(one);
    ++run_.report.artifacts;
    run_.report.bytes += one.check.read;
    if (one.superseded) return say_superseded(one);
    if (!one.check.right()) return say_wrong(one);
    if (run_.options.full && run_.options.repair && one.expected.digest.empty() && one.check.found) {
      adopt_digest(run_.instance, *one.row, one.check);
      --at_.without_digest;
    }
  }

  void look_again(Checked& one) {
    const auto level = run_.options.full ? Verify::full : Verify::size;
    const auto& row = *one.row;
    const auto read = one.check.read;
    try {
      one.check = verify_content(run_.instance, row, level);
    } catch (const Error& e) {
      if (e.code() == Code::invalid_argument) one.superseded = true;
      else if (e.code() != Code::not_found) throw;
    }
    one.check.read = std::max(one.check.read, read);
    if (one.check.right() || one.superseded) return;
    // In this order: what was checked may have been deleted, or be in replacement, at any time before these queries.
    const bool deleted = !run_.instance.database().find(row.table(), row.id());
    const AnnouncedPlaces announced(run_.instance, one.storage->id);
    if (deleted || announced.explains(one.check.place)) one.check.state = ContentState::ok;
  }

  Finding finding(const Checked& one, FindingKind kind) const {
    return {.kind = kind,
            .uid = std::string(one.row->uid()),
            .key = std::string(one.row->text("key")),
            .place = fmt::format("{}/{}", one.storage->root, place_of(*one.row)),
            .size = one.check.size};
  }

  void say_superseded(const Checked& one) {
    auto what = finding(one, FindingKind::superseded);
    what.what = "a later version has replaced its bytes";
    run_.found(std::move(what));
  }

  void say_wrong(const Checked& one) {
    auto wrong = finding(one, kind_of(one.check.state));
    wrong.what = one.check.what;
    if (run_.options.repair && one.check.state != ContentState::unreadable) {
      wrong.done = restore_content(run_, *one.storage, *one.row, one.expected, one.check);
    }
    run_.found(std::move(wrong));
  }

  void say_without_digest() {
    if (at_.without_digest == 0) return;
    run_.found({.kind = FindingKind::no_digest,
                .what = fmt::format("{} artifacts have no digest of all their bytes, because LaminDB wrote them or the "
                                    "table lamin_content was lost; `lamin fsck --full --repair` computes it where "
                                    "LaminDB's hash agrees",
                                    at_.without_digest)});
  }

  FsckRun& run_;
  FsckState state_;
  Depth depth_;
  Expr in_storages_;
  FsckState::Position at_;
  FsckReport before_;
};

}  // namespace

void check_artifacts(FsckRun& run) { ArtifactsCheck(run).all(); }

}  // namespace lamin::lake
