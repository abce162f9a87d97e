#include "db/postgres/session.hpp"
#include <fmt/format.h>
#include <poll.h>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>
#include "base/log.hpp"
#include "db/postgres/places.hpp"
#include "db/postgres/rows.hpp"

namespace lamin::db::postgres {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t most_prepared = 300;
constexpr int connect_timeout_s = 10;

// Why nothing can be written, or ''. A role that may write none of the existing tables may only read.
constexpr std::string_view ask_for_rights =
    "SELECT CASE WHEN pg_is_in_recovery() THEN 'the server is a replica' "
    "WHEN current_setting('default_transaction_read_only') = 'on' THEN 'default_transaction_read_only is on for the "
    "role \"' "
    "|| current_user || '\" or the database' "
    "WHEN count(*) > 0 AND NOT bool_or(has_table_privilege(oid, 'INSERT') OR has_table_privilege(oid, 'UPDATE')) "
    "THEN 'the role \"' || current_user || '\" has the right to write none of its tables' ELSE '' END "
    "FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = "
    "current_schema())";

bool succeeded(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

void check_options(const Url& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> known(PQconndefaults(), &PQconninfoFree);
  for (const auto& [name, value] : url.options) {
    bool found = false;
    for (const PQconninfoOption* option = known.get(); option != nullptr && option->keyword != nullptr; ++option) {
      found = found || name == option->keyword;
    }
    if (!found) {
      throw Error(Code::invalid_argument,
                  fmt::format("The query of the database URL has '{}', which is no option of PostgreSQL's client. "
                              "Examples of options: sslmode, connect_timeout.",
                              name));
    }
  }
}

int timeout_of(const Url& url) {
  int seconds = connect_timeout_s;
  for (const auto& [name, value] : url.options) {
    if (name == "connect_timeout") std::from_chars(value.data(), value.data() + value.size(), seconds);
  }
  return seconds > 0 ? seconds : 24 * 3600;  // libpq: zero waits forever
}

// Drives the connection until it is open; false when the time is over.
bool wait_until_open(PGconn* connection, Clock::time_point deadline) {
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
    pollfd socket{PQsocket(connection), static_cast<short>(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    if (poll(&socket, 1, static_cast<int>(left)) > 0) status = PQconnectPoll(connection);
  }
  return true;
}

}  // namespace

struct Session::Texts {
  explicit Texts(std::span<const std::optional<std::string>> parameters) {
    pointers.reserve(parameters.size());
    for (const auto& text : parameters) pointers.push_back(text ? text->c_str() : nullptr);
  }
  int size() const { return static_cast<int>(pointers.size()); }
  std::vector<const char*> pointers;
};

Session::Session(Url url, const OpenOptions& options)
    : url_(std::move(url)), where_(url_.describe()), options_(options) {
  check_options(url_);
  connect();
}

Session::~Session() = default;

void Session::connect() {
  std::vector<const char*> names = {"dbname", "port", "client_encoding", "application_name"};
  const std::string port = std::to_string(url_.port);
  std::vector<const char*> values = {url_.name.c_str(), port.c_str(), "UTF8", "lamindb"};
  auto add = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    names.push_back(name);
    values.push_back(value.c_str());
  };
  add("host", url_.host);
  add("user", url_.user);
  add("password", url_.password);
  for (const auto& [name, value] : url_.options) add(name.c_str(), value);
  names.push_back(nullptr);
  values.push_back(nullptr);
  connection_.reset(PQconnectStartParams(names.data(), values.data(), 0));
  if (!connection_) throw std::bad_alloc();
  // A failure's verbose text carries its SQLSTATE.
  PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);
  const int timeout = timeout_of(url_);
  if (PQstatus(connection_.get()) != CONNECTION_BAD &&
      !wait_until_open(connection_.get(), Clock::now() + std::chrono::seconds(timeout))) {
    throw Error(Code::unavailable,
                fmt::format("{} does not answer within {} seconds. Is the server running, and are host "
                            "and port right?",
                            where_, timeout));
  }
  if (is_lost()) fail_connect(connection_.get(), where_);
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char* notice) { base::log(base::Level::debug, notice); }, nullptr);
  settle();
}

// The form of values exchanged as text must not depend on the server's settings.
void Session::settle() {
  const Result rights = plain(fmt::format(
      "SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'iso_8601'; "
      "SET standard_conforming_strings = on; SET extra_float_digits = 1; SET lock_timeout = {}; {}"
      "SELECT set_config('synchronous_commit', 'on', false) "
      "WHERE current_setting('synchronous_commit') = 'off'; {}",
      options_.busy_timeout_ms, options_.read_only ? "SET default_transaction_read_only = on; " : "", ask_for_rights));
  why_read_only_ = options_.read_only ? "it was opened for reading" : PQgetvalue(rights.get(), 0, 0);
}

// A server that shuts down says so, or the system does; either way there is input. Other input on an idle connection is
// rare.
void Session::notice_end() {
  if (active_ != nullptr || is_lost()) return;
  constexpr int at_most = 4, until_the_rest_comes_ms = 20;
  pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
  for (int i = 0; i < at_most && poll(&socket, 1, i == 0 ? 0 : until_the_rest_comes_ms) > 0; ++i) {
    if (PQconsumeInput(connection_.get()) != 1) return;
    if (PGnotify* unread = PQnotifies(connection_.get())) PQfreemem(unread);
  }
}

void Session::reconnect() {
  by_sql_.clear();
  prepared_.clear();
  connect();
}

Result Session::plain(const std::string& sql) {
  if (active_ != nullptr) active_->detach();
  Result result;
  if (PQsendQuery(connection_.get(), sql.c_str()) == 1) result = last_result();
  if (!succeeded(result.get())) fail(result.get(), connection_.get(), where_, sql);
  return result;
}

// A sleeping thread wakes some 50 us after the answer came, twice as long as a nearby server takes for one row. So this
// spins first, but rarely after several failures: long statements, or a distant server.
void Session::await_answer() {
  static const bool server_can_run = std::thread::hardware_concurrency() > 1;
  constexpr auto while_looking = std::chrono::microseconds(100);
  constexpr unsigned in_vain = 8, try_again = 64;
  if (!server_can_run || (looked_in_vain_ >= in_vain && ++looked_in_vain_ % try_again != 0)) return;
  for (const auto end = Clock::now() + while_looking; PQconsumeInput(connection_.get()) == 1;) {
    if (PQisBusy(connection_.get()) == 0) {
      looked_in_vain_ = 0;
      return;
    }
    if (Clock::now() > end) {
      ++looked_in_vain_;
      return;
    }
    std::this_thread::yield();
  }
}

Result Session::last_result() {
  await_answer();
  Result last;
  while (Result next{PQgetResult(connection_.get())}) last = std::move(next);
  return last;
}

// Prepares and describes in one round trip.
Session::Prepared Session::prepare_on_server(std::string given, std::string_view sql) {
  const std::string text = number_places(sql);
  PGconn* connection = connection_.get();
  Prepared made{.sql = std::string(sql), .name = std::move(given)};
  const std::string& name = made.name;
  if (PQenterPipelineMode(connection) != 1 || PQsendPrepare(connection, name.c_str(), text.c_str(), 0, nullptr) != 1 ||
      PQsendDescribePrepared(connection, name.c_str()) != 1 || PQpipelineSync(connection) != 1) {
    fail(nullptr, connection, where_, sql);
  }
  Result failure;
  for (bool synced = false; !synced;) {
    Result result(PQgetResult(connection));
    if (!result) {
      if (is_lost()) fail(nullptr, connection, where_, sql);
      continue;  // the end of one of the two answers
    }
    const ExecStatusType status = PQresultStatus(result.get());
    synced = status == PGRES_PIPELINE_SYNC;
    if (status == PGRES_FATAL_ERROR && !failure) failure = std::move(result);
    else if (status == PGRES_COMMAND_OK) {
      for (int i = 0; i < PQnparams(result.get()); ++i) made.types.push_back(PQparamtype(result.get(), i));
      made.gives_bytes = PQnfields(result.get()) > 0;
      for (int i = 0; i < PQnfields(result.get()); ++i)
        made.gives_bytes = made.gives_bytes && has_bytes(PQftype(result.get(), i));
    }
  }
  PQexitPipelineMode(connection);
  if (failure) fail(failure.get(), connection, where_, sql);
  return made;
}

const Session::Prepared& Session::prepare(std::string_view sql) {
  if (active_ != nullptr) active_->detach();
  if (const auto found = by_sql_.find(sql); found != by_sql_.end()) {
    prepared_.splice(prepared_.begin(), prepared_, found->second);
    return prepared_.front();
  }
  Prepared made = prepare_on_server(fmt::format("lamin_{}", ++names_), sql);
  if (prepared_.size() >= most_prepared) drop_oldest();
  prepared_.push_front(std::move(made));
  by_sql_.emplace(prepared_.front().sql, prepared_.begin());
  return prepared_.front();
}

void Session::drop_oldest() {
  const Prepared& oldest = prepared_.back();
  // A failed transaction cannot deallocate; a statement left on the server does no harm.
  Result ignored(PQexec(connection_.get(), fmt::format("DEALLOCATE {}", oldest.name).c_str()));
  by_sql_.erase(oldest.sql);
  prepared_.pop_back();
}

bool Session::forget_if_outdated(const PGresult* result, std::string_view sql) {
  const std::string_view state = state_of(result);
  // "Cached plan must not change result type", or a statement that a pooler in between dropped.
  if (state != "0A000" && state != "26000") return false;
  const auto found = by_sql_.find(sql);
  if (found == by_sql_.end()) return false;
  const auto statement = found->second;
  by_sql_.erase(found);
  prepared_.erase(statement);
  return true;
}

std::vector<std::optional<std::string>> Session::encode_all(const Prepared& statement,
                                                            std::span<const Value> parameters) const {
  if (statement.types.size() != parameters.size()) {
    throw Error(Code::internal, fmt::format("A statement has {} places but {} parameters: {}", statement.types.size(),
                                            parameters.size(), statement.sql));
  }
  std::vector<std::optional<std::string>> texts(parameters.size());
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = encode(parameters[i], statement.types[i]);
  return texts;
}

Result Session::run(std::string_view sql, std::span<const Value> parameters, Form form) {
  return run_texts(sql, encode_all(prepare(sql), parameters), form);
}

Result Session::run_texts(std::string_view sql, std::span<const std::optional<std::string>> parameters, Form form) {
  const Texts texts(parameters);
  for (;;) {
    const Prepared& statement = prepare(sql);
    const bool bytes = form == Form::bytes_if_known && statement.gives_bytes;
    Result result;
    if (PQsendQueryPrepared(connection_.get(), statement.name.c_str(), texts.size(), texts.pointers.data(), nullptr,
                            nullptr, bytes ? 1 : 0) == 1)
      result = last_result();
    if (succeeded(result.get())) return result;
    if (forget_if_outdated(result.get(), sql)) {
      if (PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) continue;
      throw Retry(Code::conflict, "The tables changed while the transaction ran.");
    }
    fail(result.get(), connection_.get(), where_, sql);
  }
}

void Session::start(std::string_view sql, std::span<const Value> parameters, PgRows& rows) {
  const Prepared& statement = prepare(sql);
  const auto encoded = encode_all(statement, parameters);
  const Texts texts(encoded);
  if (PQsendQueryPrepared(connection_.get(), statement.name.c_str(), texts.size(), texts.pointers.data(), nullptr,
                          nullptr, statement.gives_bytes ? 1 : 0) != 1) {
    fail(nullptr, connection_.get(), where_, sql);
  }
  PQsetSingleRowMode(connection_.get());
  await_answer();
  active_ = &rows;
}

}  // namespace lamin::db::postgres
