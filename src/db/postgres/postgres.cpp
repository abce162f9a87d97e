// postgres.cpp -- the Connection to PostgreSQL.
//
// Invariants
//   1. A transaction that writes is SERIALIZABLE, as SQLite's are: a rule that spans rows holds without locks, and a
//      clash comes up as Retry. One that reads sees one snapshot.
//   2. Ids of a bulk insert are taken from the table's sequence first, so they are known whatever order the server
//      stores the rows in.
//   3. A lost connection is opened again by the next begin or statement outside a transaction, never inside one.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include "db/postgres/rows.hpp"
#include "db/postgres/session.hpp"
#include "db/postgres/tables.hpp"
#include "db/sql.hpp"

namespace lamin::db::postgres {
namespace {

class Postgres final : public Connection {
 public:
  Postgres(const Url& url, const OpenOptions& options) : session_(url, options), tables_(session_) {}

  Dialect dialect() const override { return Dialect::postgres; }
  std::string describe() const override { return session_.where(); }

  std::unique_ptr<Rows> query(std::string_view sql, std::span<const Value> parameters) override {
    stay_connected();
    return std::make_unique<PgRows>(session_, sql, session_.run(sql, parameters, Session::Form::bytes_if_known));
  }

  std::unique_ptr<Rows> stream(std::string_view sql, std::span<const Value> parameters) override {
    stay_connected();
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
  }

  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
    stay_connected();
    return changed_rows(session_.run(sql, parameters));
  }

  void script(std::string_view sql) override {
    stay_connected();
    tables_.forget();
    session_.plain(std::string(sql));
  }

  std::int64_t insert(std::string_view table, std::span<const std::string_view> columns,
                      std::span<const Value> row) override {
    stay_connected();
    const bool has_id = tables_.find(table).has_id();
    const Result result = session_.run(insert_sql(table, columns) + (has_id ? " RETURNING id" : ""), row);
    return has_id ? decode_integer(PQgetvalue(result.get(), 0, 0), PQftype(result.get(), 0), "id") : 0;
  }

  std::vector<std::int64_t> bulk_insert(std::string_view table, std::span<const std::string_view> columns,
                                        std::span<const Value> values, bool ignore_conflicts) override {
    stay_connected();
    const bool own = !in_transaction_;
    if (own) start_transaction("BEGIN");  // nothing is read, so nothing needs to be serialized
    try {
      std::vector<std::int64_t> ids = tables_.insert(table, columns, values, ignore_conflicts);
      if (own) commit();
      return ids;
    } catch (...) {
      if (own) rollback();
      throw;
    }
  }

  void begin(bool write) override {
    if (in_transaction_) throw Error(Code::internal, "A transaction is running already.");
    stay_connected();
    start_transaction(write ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
                            : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  bool try_begin() override {
    begin(true);
    return true;
  }

  void commit() override {
    if (!in_transaction_) throw Error(Code::internal, "No transaction is running.");
    try {
      const Result result = session_.plain("COMMIT");
      in_transaction_ = false;
      // The answer to COMMIT of a transaction in which a statement failed.
      if (std::string_view(PQcmdStatus(result.get())) == "ROLLBACK") {
        throw Error(Code::internal, "A transaction was to be committed although a statement in it had failed.");
      }
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
  void savepoint(std::string_view name) override { session_.plain("SAVEPOINT " + quote(name)); }
  void release(std::string_view name) override { session_.plain("RELEASE SAVEPOINT " + quote(name)); }
  void rollback_to(std::string_view name) override { session_.plain("ROLLBACK TO SAVEPOINT " + quote(name)); }

  std::int64_t change_counter() override { return 0; }

  bool table_exists(std::string_view table) override {
    stay_connected();
    const Value name(quote(table));
    const Result result = session_.run("SELECT to_regclass(?) IS NOT NULL", {&name, 1});
    return PQgetvalue(result.get(), 0, 0)[0] == 't';
  }

 private:
  static std::int64_t changed_rows(const Result& result) {
    const std::string_view count = PQcmdTuples(result.get());
    const bool reads = std::string_view(PQcmdStatus(result.get())).starts_with("SELECT");
    return count.empty() || reads ? 0 : decode_integer(count, 0, "count");
  }

  void stay_connected() {
    if (in_transaction_ || !session_.is_lost()) return;
    tables_.forget();
    session_.reconnect();
  }

  // A server that was restarted while this connection was idle is noticed only by using it; a BEGIN can be repeated.
  void start_transaction(const char* sql) {
    try {
      session_.plain(sql);
    } catch (const Error&) {
      if (!session_.is_lost()) throw;
      stay_connected();
      session_.plain(sql);
    }
    in_transaction_ = true;
  }

  Session session_;
  Tables tables_;
  bool in_transaction_ = false;
};

}  // namespace
}  // namespace lamin::db::postgres

extern "C" __attribute__((visibility("default"))) lamin::db::Connection* lamin_open_postgres(
    const lamin::db::Url& url, const lamin::db::OpenOptions& options) {
  return new lamin::db::postgres::Postgres(url, options);
}
