// session.hpp -- a libpq connection with its prepared statements: sends a statement, returns results.
//
// Invariants
//   1. Passwords never leave it: messages name the database by Url::describe().
//   2. At most one statement's rows are in transit. If another statement starts, they are first read into memory.
#pragma once
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include "db/connection.hpp"
#include "db/postgres/errors.hpp"
#include "db/postgres/values.hpp"
#include "db/url.hpp"

namespace lamin::db::postgres {

class PgRows;

class Session {
 public:
  Session(Url url, const OpenOptions& options);
  Session(const Session&) = delete;
  ~Session();

  const std::string& where() const { return where_; }
  PGconn* connection() const { return connection_.get(); }
  bool is_lost() const { return PQstatus(connection_.get()) != CONNECTION_OK; }
  /// Notices that the server or the network closed it while it was idle.
  void notice_end();
  bool read_only() const { return !why_read_only_.empty(); }
  const std::string& why_read_only() const { return why_read_only_; }
  /// Reopens it; everything prepared is forgotten.
  void reconnect();

  /// How values arrive: as texts, or as bytes if all columns have types whose bytes are known.
  enum class Form { texts, bytes_if_known };
  /// Runs a statement with parameters, prepared once, and returns the whole result. Throws unless it succeeded.
  Result run(std::string_view sql, std::span<const Value> parameters, Form form = Form::texts);
  /// The same with parameters that are already encoded.
  Result run_texts(std::string_view sql, std::span<const std::optional<std::string>> parameters,
                   Form form = Form::texts);
  /// Starts a statement whose rows `rows` will take one by one.
  void start(std::string_view sql, std::span<const Value> parameters, PgRows& rows);
  void finished(const PgRows& rows) {
    if (active_ == &rows) active_ = nullptr;
  }
  /// Text without parameters, possibly several statements.
  Result plain(const std::string& sql);
  /// True if the failed statement was prepared for an outdated table definition; it is then forgotten.
  bool forget_if_outdated(const PGresult* result, std::string_view sql);

 private:
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Prepared {
    std::string sql;
    std::string name;
    std::vector<Oid> types;  ///< of the parameters
    bool gives_bytes = false;
  };
  // Texts with the pointer array that libpq wants.
  struct Texts;

  void connect();
  void settle();
  const Prepared& prepare(std::string_view sql);
  Prepared prepare_on_server(std::string name, std::string_view sql);
  void drop_oldest();
  void await_answer();
  Result last_result();
  std::vector<std::optional<std::string>> encode_all(const Prepared& statement,
                                                     std::span<const Value> parameters) const;

  Url url_;
  std::string where_;
  std::string why_read_only_;  ///< empty if it can be written
  OpenOptions options_;
  std::unique_ptr<PGconn, Close> connection_;
  std::list<Prepared> prepared_;  // most recent first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_sql_;
  std::int64_t names_ = 0;
  PgRows* active_ = nullptr;
  unsigned looked_in_vain_ = 0;
};

}  // namespace lamin::db::postgres
