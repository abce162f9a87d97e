#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include "base/text.hpp"
#include "base/uid.hpp"
#include "db/sql.hpp"
#include "db/url.hpp"
#include "tests/conformance/db_suite.hpp"

namespace lamin::db::test {
namespace {

std::string server_url() {
  const char* url = std::getenv("LAMIN_TEST_POSTGRES");
  if (url == nullptr) {
    throw std::runtime_error(
        "LAMIN_TEST_POSTGRES is not set: start a server with './dev services start' and run "
        "'eval $(./dev services env)'.");
  }
  return url;
}

std::string with(const Url& url, std::string_view user, std::string_view password, int port, std::string_view name) {
  return "postgresql://" + std::string(user) + ":" + std::string(password) + "@" + url.host + ":" +
         std::to_string(port) + "/" + std::string(name);
}
std::string url_of_database(std::string_view name) {
  const Url url = parse_url(server_url());
  return with(url, url.user, url.password, url.port, name);
}

class Database final : public Place {
 public:
  Database() { open_connection(server_url())->script("CREATE DATABASE " + quote(name_)); }
  Database(const Database&) = delete;
  ~Database() override {
    try {
      open_connection(server_url())->script("DROP DATABASE " + quote(name_) + " WITH (FORCE)");
    } catch (const std::exception& error) { ADD_FAILURE() << error.what(); }
  }
  std::string url() const override { return url_of_database(name_); }

 private:
  std::string name_ = "lamin_test_" + base::lower(base::random_uid(12));
};

INSTANTIATE_TEST_SUITE_P(Postgres, DbSuite,
                         ::testing::Values(Backend{"postgres", [] { return std::make_unique<Database>(); }}),
                         [](const auto& info) { return info.param.name; });

std::string one_text(Connection& connection, std::string_view sql) {
  auto rows = connection.query(sql);
  return rows->next() ? std::string(rows->text(0)) : "";
}

TEST(Postgres, SaysWhyItCannotBeReachedAndKeepsThePassword) {
  const Url url = parse_url(server_url());
  auto refused = [&](Code code, const std::string& text) {
    const std::string message = failure_of(code, [&] { open_connection(text); });
    EXPECT_THAT(message, HasSubstr(url.host)) << message;
    EXPECT_THAT(message, Not(HasSubstr("hunter2"))) << message;
    return message;
  };
  EXPECT_THAT(refused(Code::no_access, with(url, url.user, "hunter2", url.port, url.name)), HasSubstr("password"));
  refused(Code::no_access, with(url, "nobody_here", "hunter2", url.port, url.name));
  EXPECT_THAT(refused(Code::not_found, with(url, url.user, url.password, url.port, "no_such_database")),
              HasSubstr("no_such_database"));
  EXPECT_THAT(refused(Code::unavailable, with(url, url.user, "hunter2", 1, url.name)), HasSubstr(":1/"));
  EXPECT_THAT(failure_of(Code::unavailable, [&] { open_connection("postgresql://u:hunter2@no-such-host.invalid/n"); }),
              HasSubstr("no-such-host.invalid"));
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { open_connection(server_url() + "?no_such_option=1"); }),
              HasSubstr("no_such_option"));
}

// A server that accepts the connection and never speaks.
TEST(Postgres, ASilentServerEndsTheWait) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 4), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string url =
      "postgresql://u:p@127.0.0.1:" + std::to_string(::ntohs(address.sin_port)) + "/n?connect_timeout=1";
  EXPECT_THAT(failure_of(Code::unavailable, [&] { open_connection(url); }), HasSubstr("1 seconds"));
  ::close(listener);
}

TEST(Postgres, SpeaksUtcWhateverTheServerDoes) {
  const Database place;
  auto connection = open_connection(place.url());
  EXPECT_EQ(one_text(*connection, "SHOW timezone"), "UTC");
  EXPECT_EQ(one_text(*connection, "SELECT timestamptz '2026-01-01 12:00:00+02'::text"), "2026-01-01 10:00:00+00");
  EXPECT_EQ(one_text(*connection, "SHOW synchronous_commit"), "on");
  const Url url = parse_url(place.url());
  EXPECT_EQ(connection->describe(),
            "postgresql://" + url.user + "@" + url.host + ":" + std::to_string(url.port) + "/" + url.name);
}

/// A connection that another one can end, as a server does when it stops.
struct Mortal {
  Database place;
  std::unique_ptr<Connection> connection = open_connection(place.url());
  std::unique_ptr<Connection> killer = open_connection(server_url());

  Mortal() { connection->script("CREATE TABLE t (x integer)"); }
  void kill() {
    const Value pid(one_text(*connection, "SELECT pg_backend_pid()"));
    killer->query("SELECT pg_terminate_backend(?::text::integer, 5000)", {&pid, 1});
  }
  std::string rows() { return one_text(*connection, "SELECT count(*) FROM t"); }
};

TEST(Postgres, AConnectionThatEndedWhileIdleIsReplacedWithoutAWord) {
  Mortal it;
  auto& c = *it.connection;
  static constexpr std::string_view columns[] = {"x"};
  const Value one[] = {Value(1)};
  c.prepare_session("SET application_name = 'kept'");
  const std::vector<std::function<void()>> uses = {[&] { it.rows(); },
                                                   [&] { c.stream("SELECT 1", {})->next(); },
                                                   [&] { c.table_exists("t"); },
                                                   [&] { c.execute("INSERT INTO t VALUES (1)"); },
                                                   [&] { c.script("INSERT INTO t VALUES (2)"); },
                                                   [&] { c.insert("t", columns, one); },
                                                   [&] { c.bulk_insert("t", columns, one, false); },
                                                   [&] {
                                                     c.begin(false);
                                                     it.rows();
                                                     c.commit();
                                                   },
                                                   [&] {
                                                     EXPECT_TRUE(c.try_begin());
                                                     c.execute("INSERT INTO t VALUES (3)");
                                                     c.commit();
                                                   },
                                                   [&] {
                                                     c.begin(true);
                                                     c.execute("INSERT INTO t VALUES (4)");
                                                     c.commit();
                                                   }};
  for (std::size_t i = 0; i < uses.size(); ++i) {
    SCOPED_TRACE(i);
    it.kill();
    EXPECT_NO_THROW(uses[i]());
  }
  EXPECT_EQ(it.rows(), "6");
  EXPECT_EQ(one_text(c, "SHOW application_name"), "kept");
}

// Nothing warns beforehand: the connection breaks during the statement.
TEST(Postgres, AConnectionThatBreaksUnderAReadIsReplacedOnce) {
  Mortal it;
  auto& c = *it.connection;
  const Value pid(one_text(c, "SELECT pg_backend_pid()"));
  // The server ends the backend that asks; the second backend no longer matches the condition.
  EXPECT_EQ(one_text(c, "SELECT CASE WHEN pg_backend_pid() = " + std::get<std::string>(pid) +
                            " THEN pg_terminate_backend(pg_backend_pid())::text ELSE 'again' END"),
            "again");
  const std::string message =
      failure_of(Code::unavailable, [&] { c.query("SELECT pg_terminate_backend(pg_backend_pid())"); });
  EXPECT_THAT(message, Not(HasSubstr("may or may not")));
}

TEST(Postgres, OnlyAnAnswerToACommitLeavesItOpen) {
  Mortal it;
  auto& c = *it.connection;
  c.begin();
  c.execute("INSERT INTO t VALUES (1)");
  it.kill();
  try {
    c.execute("INSERT INTO t VALUES (2)");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Retry& retry) { EXPECT_THAT(retry.what(), HasSubstr("Nothing of the transaction is there")); }
  c.rollback();
  EXPECT_EQ(it.rows(), "0");
  c.begin();
  c.execute("INSERT INTO t VALUES (3)");
  it.kill();
  EXPECT_THAT(failure_of(Code::unavailable, [&] { c.commit(); }), HasSubstr("may or may not be there"));
  EXPECT_FALSE(c.in_transaction());
  EXPECT_EQ(it.rows(), "0");
  EXPECT_THAT(failure_of(Code::unavailable,
                         [&] { c.execute("INSERT INTO t SELECT 1 WHERE pg_terminate_backend(pg_backend_pid())"); }),
              HasSubstr("may or may not be there"));
  EXPECT_EQ(it.rows(), "0");
}

/// Read-only roles, created and dropped with the test.
class Reader {
 public:
  explicit Reader(const std::string& url) : owner_(open_connection(url)) {
    owner_->script("CREATE ROLE " + name_ +
                   " LOGIN PASSWORD 'reader'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + name_);
    const Url at = parse_url(url);
    url_ = with(at, name_, "reader", at.port, at.name);
  }
  ~Reader() {
    try {
      owner_->script("DROP OWNED BY " + name_ + "; DROP ROLE " + name_);
    } catch (const std::exception& error) { ADD_FAILURE() << error.what(); }
  }
  Reader(const Reader&) = delete;
  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }

 private:
  std::unique_ptr<Connection> owner_;
  std::string name_ = "lamin_reader_" + base::lower(base::random_uid(8)), url_;
};

TEST(Postgres, ARoleThatMayOnlyReadIsKnownAsSuch) {
  const Database place;
  auto owner = open_connection(place.url());
  EXPECT_FALSE(owner->read_only()) << "an empty database is there to be filled";
  owner->script("CREATE TABLE t (id serial, x integer); CREATE TABLE hidden (x integer); INSERT INTO t (x) VALUES (7)");
  EXPECT_FALSE(open_connection(place.url())->read_only());
  Reader role(place.url());
  owner->script("REVOKE ALL ON hidden FROM " + role.name());
  auto reader = open_connection(role.url());
  EXPECT_TRUE(reader->read_only());
  EXPECT_EQ(one_text(*reader, "SELECT x FROM t"), "7");
  EXPECT_TRUE(reader->table_exists("t"));
  EXPECT_FALSE(reader->table_exists("hidden")) << "what may not be read is not there";
  EXPECT_FALSE(reader->try_begin());
  static constexpr std::string_view columns[] = {"x"};
  const Value row[] = {Value(1)};
  for (const auto& write : std::vector<std::function<void()>>{
           [&] { reader->begin(true); }, [&] { reader->insert("t", columns, row); },
           [&] { reader->bulk_insert("t", columns, row, false); }, [&] { reader->execute("UPDATE t SET x = 1"); }}) {
    const std::string message = failure_of(Code::no_access, write);
    EXPECT_THAT(message, HasSubstr(role.name()));
    EXPECT_THAT(message, HasSubstr("another role"));
  }
  reader->prepare_session("CREATE TEMPORARY TABLE hidden (x integer)");
  EXPECT_EQ(one_text(*reader, "SELECT count(*) FROM hidden"), "0");
  owner->script("GRANT INSERT ON t TO " + role.name());
  EXPECT_FALSE(open_connection(role.url())->read_only());
  owner->script("ALTER ROLE " + role.name() + " SET default_transaction_read_only = on");
  EXPECT_THAT(failure_of(Code::no_access, [&] { open_connection(role.url())->begin(); }),
              HasSubstr("default_transaction_read_only"));
}

TEST(Postgres, ADeadlockIsARetry) {
  const Database place;
  auto first = open_connection(place.url());
  auto second = open_connection(place.url());
  first->script("CREATE TABLE t (id integer PRIMARY KEY, x integer); INSERT INTO t VALUES (1, 0), (2, 0)");
  first->begin();
  second->begin();
  first->execute("UPDATE t SET x = 1 WHERE id = 1");
  second->execute("UPDATE t SET x = 2 WHERE id = 2");
  std::atomic<int> retries = 0;
  {
    auto cross = [&](Connection& connection, const char* sql) {
      try {
        connection.execute(sql);
        connection.commit();
      } catch (const Retry&) {
        ++retries;
        connection.rollback();
      }
    };
    const std::jthread other([&] { cross(*second, "UPDATE t SET x = 2 WHERE id = 1"); });
    cross(*first, "UPDATE t SET x = 1 WHERE id = 2");
  }
  EXPECT_GE(retries, 1);
}

TEST(Postgres, AnInterruptedWriterLeavesNothing) {
  const Database place;
  open_connection(place.url())->script("CREATE TABLE t (x integer)");
  const pid_t child = ::fork();
  if (child == 0) {
    auto connection = open_connection(place.url());
    connection->begin();
    connection->execute("INSERT INTO t VALUES (1)");
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(one_text(*open_connection(place.url()), "SELECT count(*) FROM t"), "0");
}

TEST(Postgres, ParametersTakeTheTypeOfTheirPlace) {
  const Database place;
  auto connection = open_connection(place.url());
  connection->script(
      "CREATE TABLE t (small smallint, whole integer, yes boolean, took interval, at timestamp, doc jsonb)");
  static constexpr std::string_view columns[] = {"small", "whole", "yes", "took", "at", "doc"};
  const Value row[] = {7, 2.0, 1, std::int64_t{86'400'000'000} * 40 + 1, Time{0}, "\"text\""};
  connection->insert("t", columns, row);
  auto rows = connection->query("SELECT small, whole, yes, took, at, doc FROM t");
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 7);
  EXPECT_EQ(rows->integer(1), 2);
  EXPECT_EQ(rows->value(2, Type::boolean), Value(true));
  EXPECT_EQ(rows->value(3, Type::duration), row[3]);
  EXPECT_EQ(rows->value(4, Type::time), row[4]);
  EXPECT_EQ(rows->value(5, Type::json), Value(Json{"\"text\""}));
  const Value large[] = {70'000};
  failure_of(Code::validation, [&] { connection->execute("UPDATE t SET small = ?", large); });
  const Value list[] = {"{1,2,7}"};
  auto found = connection->query("SELECT count(*) FROM t WHERE small = ANY(?::text::smallint[])", list);
  ASSERT_TRUE(found->next());
  EXPECT_EQ(found->integer(0), 1);
}

// Values come as bytes; next to a numeric, whose bytes are not understood, the same statement returns texts.
TEST(Postgres, BytesMeanWhatTextsMean) {
  const Database place;
  auto connection = open_connection(place.url());
  connection->script("SET extra_float_digits = 1");
  const std::tuple<const char*, Type, std::vector<const char*>> cases[] = {
      {"smallint", Type::integer, {"0", "-32768", "32767"}},
      {"integer", Type::integer, {"-2147483648", "2147483647"}},
      {"bigint", Type::integer, {"-9223372036854775808", "9223372036854775807"}},
      {"integer", Type::real, {"-7"}},
      {"integer", Type::text, {"-7"}},
      {"integer", Type::boolean, {"0", "1"}},
      {"boolean", Type::boolean, {"t", "f"}},
      {"boolean", Type::integer, {"t", "f"}},
      {"boolean", Type::text, {"t", "f"}},
      {"real", Type::real, {"0.25", "0.1", "-1e30", "Infinity"}},
      {"double precision", Type::real, {"0.1", "-1e300", "1e-300", "-Infinity"}},
      {"double precision", Type::integer, {"3"}},
      {"text", Type::text, {"", "\u00e4\n'\"\\"}},
      {"text", Type::integer, {"12"}},
      {"text", Type::real, {"0.5"}},
      {"text", Type::time, {"2024-02-29 23:59:59.000001"}},
      {"text", Type::date, {"2024-02-29"}},
      {"text", Type::json, {"{\"a\": [1, null]}"}},
      {"varchar(9)", Type::text, {"nine nine"}},
      {"char(3)", Type::text, {"abc"}},
      {"name", Type::text, {"pg_class"}},
      {"json", Type::json, {"{\"b\": 1, \"a\": \"\u00e4\"}"}},
      {"jsonb", Type::json, {"{\"b\": 1, \"a\": \"\u00e4\"}", "3"}},
      {"timestamptz", Type::time, {"1970-01-01", "2024-02-29 23:59:59.999999+02", "0001-01-01", "9999-12-31 23:59:59"}},
      {"timestamp", Type::time, {"2000-01-01", "1999-12-31 23:59:59.5"}},
      {"date", Type::date, {"1970-01-01", "2000-01-01", "0001-01-01", "9999-12-31"}},
      {"interval", Type::duration, {"1 microsecond", "-1 day", "40 days 2:03:04.5", "14 months 3 days", "-14 months"}},
  };
  for (const auto& [type, as, values] : cases) {
    for (const char* given : values) {
      const Value value(given);
      const std::string sql = "SELECT v, NULL::" + std::string(type) + " FROM (SELECT ?::text::" + type + " AS v) x";
      auto bytes = connection->query(sql, {&value, 1});
      auto texts = connection->query("SELECT v, 1.5::numeric FROM (" + sql + ") y(v, n)", {&value, 1});
      ASSERT_TRUE(bytes->next() && texts->next());
      EXPECT_EQ(bytes->value(0, as), texts->value(0, as)) << type << " " << given;
      EXPECT_FALSE(bytes->value(0, as).is_null());
      EXPECT_TRUE(bytes->value(1, as).is_null());
      EXPECT_EQ(texts->real(1), 1.5);
      if (as == Type::integer) { EXPECT_EQ(bytes->integer(0), texts->integer(0)) << type << " " << given; }
      if (as == Type::real) { EXPECT_EQ(bytes->real(0), texts->real(0)) << type << " " << given; }
      if (as == Type::integer || as == Type::text) {
        EXPECT_EQ(bytes->text(0), texts->text(0)) << type << " " << given;
      }
      auto streamed = connection->stream(sql, {&value, 1});
      ASSERT_TRUE(streamed->next());
      EXPECT_EQ(streamed->value(0, as), texts->value(0, as)) << type << " " << given;
    }
  }
  const std::tuple<const char*, Type> wrong[] = {{"'infinity'::timestamptz", Type::time},
                                                 {"'-infinity'::date", Type::date},
                                                 {"'x'::text", Type::integer},
                                                 {"'x'::text", Type::time},
                                                 {"1.5::float8", Type::integer}};
  for (const auto& [sql, type] : wrong) {
    auto rows = connection->query(std::string("SELECT ") + sql);
    ASSERT_TRUE(rows->next());
    failure_of(Code::corrupt, [&] { rows->value(0, type); });
  }
  auto moment = connection->query("SELECT now()");
  ASSERT_TRUE(moment->next());
  failure_of(Code::internal, [&] { moment->text(0); });
}

}  // namespace
}  // namespace lamin::db::test
