// postgres.cpp -- the Connection to PostgreSQL.
//
// Invariants
//   1. A write transaction is SERIALIZABLE, as SQLite's are: a rule that spans rows holds without locks, and a conflict
//      surfaces as Retry. A read transaction sees one snapshot.
//   2. Ids of a bulk insert are taken from the table's sequence first, so they are known whatever order the server
//      stores the rows in.
//   3. A connection that broke while idle is silently reopened. One that breaks in use is reopened once for what can be
//      repeated: reads, and the start of a transaction. Within a transaction the break means Retry, since nothing of
//      the transaction is stored. Only a caller waiting for the answer to COMMIT, or to a statement that writes outside
//      a transaction, is told that the write may or may not be there.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <type_traits>
#include "base/text.hpp"
#include "db/postgres/rows.hpp"
#include "db/postgres/session.hpp"
#include "db/postgres/tables.hpp"
#include "db/sql.hpp"

namespace lamin::db::postgres {
namespace {

constexpr std::string_view perhaps_there =
    " What was being written may or may not be there: look before you write it again.";

/// Whether a statement may be sent twice.
bool only_reads(std::string_view sql) {
  sql = base::trim(sql);
  const std::string verb = base::lower(sql.substr(0, sql.find_first_of(" \n(")));
  if (verb == "select" || verb == "show") return true;
  if (verb != "with") return false;
  const std::string text = base::lower(sql);
  return std::ranges::none_of(std::to_array<std::string_view>({"insert into ", "update ", "delete from "}),
                              [&](std::string_view writes) { return text.find(writes) != text.npos; });
}

class Postgres final : public Connection {
 public:
  Postgres(const Url& url, const OpenOptions& options) : session_(url, options), tables_(session_) {}

  Dialect dialect() const override { return Dialect::postgres; }
  std::string describe() const override { return session_.where(); }
  bool read_only() const override { return session_.read_only(); }

  void prepare_session(std::string_view sql) override {
    script(sql);
    session_script_ += fmt::format("{};", sql);
  }

  std::unique_ptr<Rows> query(std::string_view sql, std::span<const Value> parameters) override {
    return sent(only_reads(sql), [&]() -> std::unique_ptr<Rows> {
      return std::make_unique<PgRows>(session_, sql, session_.run(sql, parameters, Session::Form::bytes_if_known));
    });
  }

  std::unique_ptr<Rows> stream(std::string_view sql, std::span<const Value> parameters) override {
    return sent(only_reads(sql), [&]() -> std::unique_ptr<Rows> {
      for (;;) {
        auto rows = std::make_unique<PgRows>(session_, sql);
        session_.start(sql, parameters, *rows);
        const Result failure = rows->take_first();
        if (!failure) return rows;
        if (session_.forget_if_outdated(failure.get(), sql)) {
          if (!in_transaction_) continue;
          throw Retry(Code::conflict, "The tables changed while the transaction ran.");
        }
        fail(failure.get(), session_.connection(), session_.where(), sql);
      }
    });
  }

  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
    return sent(only_reads(sql), [&] { return changed_rows(session_.run(sql, parameters)); });
  }

  void script(std::string_view sql) override {
    tables_.forget();
    sent(false, [&] { return session_.plain(std::string(sql)); });
  }

  std::int64_t insert(std::string_view table, std::span<const std::string_view> columns,
                      std::span<const Value> row) override {
    refuse_to_write(table);
    const bool has_id = sent(true, [&] { return tables_.find(table).has_id(); });
    return sent(false, [&]() -> std::int64_t {
      const Result result = session_.run(insert_sql(table, columns) + (has_id ? " RETURNING id" : ""), row);
      return has_id ? decode_integer(PQgetvalue(result.get(), 0, 0), PQftype(result.get(), 0), "id") : 0;
    });
  }

  std::vector<std::int64_t> bulk_insert(std::string_view table, std::span<const std::string_view> columns,
                                        std::span<const Value> values, bool ignore_conflicts) override {
    refuse_to_write(table);
    const bool own = !in_transaction_;
    if (own) start_transaction("BEGIN");  // reads nothing, so it needs no serializability
    try {
      auto ids = sent(false, [&] { return tables_.insert(table, columns, values, ignore_conflicts); });
      if (own) commit();
      return ids;
    } catch (...) {
      if (own) rollback();
      throw;
    }
  }

  void begin(bool write) override {
    if (in_transaction_) throw Error(Code::internal, "A transaction is running already.");
    if (write) refuse_to_write();
    start_transaction(write ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
                            : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  bool try_begin() override {
    if (read_only()) return false;
    begin(true);
    return true;
  }

  void commit() override {
    if (!in_transaction_) throw Error(Code::internal, "No transaction is running.");
    try {
      const Result result = session_.plain("COMMIT");
      in_transaction_ = false;
      // The answer to COMMIT for a transaction in which a statement failed.
      if (std::string_view(PQcmdStatus(result.get())) == "ROLLBACK") {
        throw Error(Code::internal, "A transaction was to be committed although a statement in it had failed.");
      }
    } catch (const Lost& lost) {
      rollback();
      throw Error(lost.code(), fmt::format("{}{}", lost.what(), perhaps_there));
    } catch (const Error&) {
      rollback();
      throw;
    }
  }

  void rollback() noexcept override {
    if (!in_transaction_) return;
    in_transaction_ = false;
    try {
      session_.plain("ROLLBACK");
    } catch (const std::exception&) {  // the server has rolled back, or will when it notices the lost connection
    }
  }

  bool in_transaction() const override { return in_transaction_; }
  void savepoint(std::string_view name) override { control("SAVEPOINT ", name); }
  void release(std::string_view name) override { control("RELEASE SAVEPOINT ", name); }
  void rollback_to(std::string_view name) override { control("ROLLBACK TO SAVEPOINT ", name); }

  std::int64_t change_counter() override { return 0; }

  bool table_exists(std::string_view table) override {
    const Value name(quote(table));
    // A table that this role may not read does not exist for it.
    const Result result = sent(true, [&] {
      return session_.run("SELECT coalesce(has_table_privilege(to_regclass(?), 'SELECT'), false)", {&name, 1});
    });
    return PQgetvalue(result.get(), 0, 0)[0] == 't';
  }

 private:
  static std::int64_t changed_rows(const Result& result) {
    const std::string_view count = PQcmdTuples(result.get());
    const bool reads = std::string_view(PQcmdStatus(result.get())).starts_with("SELECT");
    return count.empty() || reads ? 0 : decode_integer(count, 0, "count");
  }

  void stay_connected() {
    if (in_transaction_) return;
    session_.notice_end();
    if (!session_.is_lost()) return;
    tables_.forget();
    session_.reconnect();
    if (!session_script_.empty()) session_.plain(session_script_);
  }

  /// Runs `work`, which sends something and takes the answer: see invariant 3.
  template <class Work>
  std::invoke_result_t<Work> sent(bool repeatable, const Work& work) {
    stay_connected();
    try {
      return work();
    } catch (const Lost& lost) {
      if (in_transaction_)
        throw Retry(lost.code(), fmt::format("{} Nothing of the transaction is there: run it again.", lost.what()));
      if (!repeatable) throw Error(lost.code(), fmt::format("{}{}", lost.what(), perhaps_there));
    }
    stay_connected();
    return work();
  }

  void control(std::string_view what, std::string_view name) {
    sent(false, [&] { return session_.plain(fmt::format("{}{}", what, quote(name))); });
  }

  void start_transaction(const std::string& sql) {
    sent(true, [&] { return session_.plain(sql); });
    in_transaction_ = true;
  }

  void refuse_to_write(std::string_view table = {}) const {
    if (!read_only()) return;
    throw Error(
        Code::no_access,
        fmt::format("Cannot write{}{}: the database {} may only be read, because {}. Ask its owner for the right to "
                    "write, or connect as another role.",
                    table.empty() ? "" : " to ", table, session_.where(), session_.why_read_only()));
  }

  Session session_;
  Tables tables_;
  std::string session_script_;
  bool in_transaction_ = false;
};

}  // namespace
}  // namespace lamin::db::postgres

extern "C" __attribute__((visibility("default"))) lamin::db::Connection* lamin_open_postgres(
    const lamin::db::Url& url, const lamin::db::OpenOptions& options) {
  return new lamin::db::postgres::Postgres(url, options);
}
