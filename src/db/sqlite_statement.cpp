#include "db/sqlite_statement.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <utility>
#include "base/time.hpp"
#include "db/check_text.hpp"
#include "db/sqlite_unlocked.hpp"

namespace lamin::db::sqlite {
namespace {

// A catalog needs a few hundred texts; lists of varying length ("IN (?, ?, ...)") must not evict them all.
constexpr std::size_t most_slots = 300;

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n;") == std::string_view::npos; }

}  // namespace

Statement::Statement(StatementCache& cache, sqlite3_stmt* handle, void* slot)
    : cache_(&cache), handle_(handle), slot_(slot) {
  ++cache.in_hands_;
}

Statement::~Statement() {
  if (handle_ == nullptr) return;
  --cache_->in_hands_;
  if (slot_ == nullptr) {
    sqlite3_finalize(handle_);
    return;
  }
  sqlite3_reset(handle_);
  static_cast<StatementCache::Slot*>(slot_)->in_use = false;
}

void Statement::bind_one(int at, const Value& value, bool keep) const {
  const auto lifetime = keep ? SQLITE_STATIC : SQLITE_TRANSIENT;
  auto text = [&](std::string_view content, sqlite3_destructor_type life) {
    return sqlite3_bind_text(handle_, at, content.data(), static_cast<int>(content.size()), life);
  };
  int code = SQLITE_OK;
  switch (value.index()) {
    case 0: code = sqlite3_bind_null(handle_, at); break;
    case 1: code = sqlite3_bind_int(handle_, at, *std::get_if<bool>(&value) ? 1 : 0); break;
    case 2: code = sqlite3_bind_int64(handle_, at, *std::get_if<std::int64_t>(&value)); break;
    case 3:
      check_real(*std::get_if<double>(&value));
      code = sqlite3_bind_double(handle_, at, *std::get_if<double>(&value));
      break;
    case 4: {
      const std::string& content = *std::get_if<std::string>(&value);
      check_text(content);
      code = content.size() > 1'000'000'000 ? SQLITE_TOOBIG : text(content, lifetime);
      break;
    }
    case 5: code = text(base::sql_text(*std::get_if<Time>(&value)), SQLITE_TRANSIENT); break;
    case 6: code = text(base::iso(*std::get_if<Date>(&value)), SQLITE_TRANSIENT); break;
    default: {
      const std::string& content = std::get_if<Json>(&value)->text;
      check_text(content);
      code = content.size() > 1'000'000'000 ? SQLITE_TOOBIG : text(content, lifetime);
    }
  }
  if (code != SQLITE_OK) fail(cache_->database(), code, sqlite3_sql(handle_));
}

void Statement::bind(std::span<const Value> parameters, bool keep) const {
  const int places = sqlite3_bind_parameter_count(handle_);
  if (places != static_cast<int>(parameters.size())) {
    throw Error(Code::internal, fmt::format("A statement has {} places but {} parameters: {}", places,
                                            parameters.size(), sqlite3_sql(handle_)));
  }
  int at = 0;
  for (const Value& value : parameters) bind_one(++at, value, keep);
}

bool Statement::step() const {
  const int code = sqlite3_step(handle_);
  if (cache_->file_ != nullptr && sqlite3_column_count(handle_) > 0) check_file(code != SQLITE_ROW);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  if (cache_->failure_) throw *std::exchange(cache_->failure_, std::nullopt);
  fail(cache_->database(), code, sqlite3_sql(handle_));
}

// Checking costs as much as reading a row, so it is not done after each of many rows, but always at the end.
void Statement::check_file(bool at_end) const {
  constexpr unsigned one_by_one = 64;
  const bool due = at_end || steps_ < one_by_one || steps_ % one_by_one == 0;
  steps_ = at_end ? 0 : steps_ + 1;
  if (!due || cache_->file_->holds()) return;
  const char* file = sqlite3_db_filename(cache_->database(), "main");
  throw Outdated(Code::unavailable, fmt::format("The database {} was written while it was read: read it again.",
                                                file != nullptr ? file : ""));
}

sqlite3_stmt* StatementCache::prepare(std::string_view sql, unsigned flags) const {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), flags, &handle, &rest);
  if (code != SQLITE_OK) fail(database_, code, sql);
  if (handle == nullptr ||
      !is_blank(std::string_view(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest)))) {
    sqlite3_finalize(handle);
    throw Error(Code::internal, fmt::format("Exactly one statement was expected: {}", sql));
  }
  return handle;
}

Statement StatementCache::take(std::string_view sql) {
  if (auto found = by_sql_.find(sql); found != by_sql_.end()) {
    const auto slot = found->second;
    if (slot->in_use) return {*this, prepare(sql, 0), nullptr};
    slots_.splice(slots_.begin(), slots_, slot);
    slot->in_use = true;
    return {*this, slot->handle, &*slot};
  }
  sqlite3_stmt* handle = prepare(sql, SQLITE_PREPARE_PERSISTENT);
  if (slots_.size() >= most_slots) drop_oldest();
  slots_.push_front({std::string(sql), handle, true});
  by_sql_.emplace(slots_.front().sql, slots_.begin());
  return {*this, handle, &slots_.front()};
}

void StatementCache::drop_oldest() {
  auto oldest = std::find_if(slots_.rbegin(), slots_.rend(), [](const Slot& slot) { return !slot.in_use; });
  if (oldest == slots_.rend()) return;
  sqlite3_finalize(oldest->handle);
  by_sql_.erase(oldest->sql);
  slots_.erase(std::next(oldest).base());
}

void StatementCache::clear() {
  for (auto slot = slots_.begin(); slot != slots_.end();) {
    if (slot->in_use) {
      ++slot;
      continue;
    }
    sqlite3_finalize(slot->handle);
    by_sql_.erase(slot->sql);
    slot = slots_.erase(slot);
  }
}

}  // namespace lamin::db::sqlite
