#include "db/url.hpp"
#include "base/testing.hpp"

namespace lamin::db {
namespace {

using lamin::test::failure_of;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Url, NamesASqliteFile) {
  EXPECT_EQ(parse_url("sqlite:///a/b c.db").path, "/a/b c.db");
  EXPECT_EQ(parse_url("sqlite:////a/b.db").path, "/a/b.db") << "as SQLAlchemy writes it";
  EXPECT_EQ(parse_url("sqlite:///a/100%25?.db").path, "/a/100%25?.db") << "a path is taken as it is";
  EXPECT_EQ(parse_url("sqlite:////a/b.db").describe(), "sqlite:///a/b.db");
}

TEST(Url, NamesAPostgresDatabase) {
  const Url url = parse_url("postgresql://me:secret@db.host:6543/name?sslmode=require&connect_timeout=3");
  EXPECT_EQ(url.dialect, Dialect::postgres);
  EXPECT_EQ(url.user, "me");
  EXPECT_EQ(url.password, "secret");
  EXPECT_EQ(url.host, "db.host");
  EXPECT_EQ(url.port, 6543);
  EXPECT_EQ(url.name, "name");
  EXPECT_THAT(url.options, ::testing::ElementsAre(std::pair{"sslmode", "require"}, std::pair{"connect_timeout", "3"}));
  EXPECT_EQ(url.describe(), "postgresql://me@db.host:6543/name");
}

TEST(Url, TakesUnusualParts) {
  EXPECT_EQ(parse_url("postgres://u@h/n").port, 5432);
  EXPECT_EQ(parse_url("postgresql:///n").describe(), "postgresql://localhost:5432/n");
  EXPECT_EQ(parse_url("postgresql://u:p%40ss%2F@h/n").password, "p@ss/");
  EXPECT_EQ(parse_url("postgresql://u:p@ss:/w?d%@h/n").password, "p@ss:/w?d%") << "pasted as it is";
  EXPECT_EQ(parse_url("postgresql://u:p@[::1]:7/n").host, "::1");
  EXPECT_EQ(parse_url("postgresql://u:p@[::1]:7/n").port, 7);
  EXPECT_EQ(parse_url("postgresql://u@%2Fvar%2Frun/n").host, "/var/run");
}

TEST(Url, SaysWhichPartIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"", "scheme"},
                                                                 {"lamin.db", "scheme"},
                                                                 {"mysql://u:secret@h/n", "'mysql'"},
                                                                 {"sqlite://a.db", "path"},
                                                                 {"sqlite://", "path"},
                                                                 {"sqlite:///", "path"},
                                                                 {"sqlite:///a/", "path"},
                                                                 {"postgresql://u:secret@h", "database name"},
                                                                 {"postgresql://u:secret@h/", "database name"},
                                                                 {"postgresql://u:secret@h/a/b", "database name"},
                                                                 {"postgresql://u:secret@h:x/n", "port"},
                                                                 {"postgresql://u:secret@h:0/n", "port"},
                                                                 {"postgresql://u:secret@h:70000/n", "port"},
                                                                 {"postgresql://u:secret@h:/n", "port"},
                                                                 {"postgresql://:secret@h/n", "user"},
                                                                 {"postgresql://u:secret@[::1/n", "host"},
                                                                 {"postgresql://u:secret@[::1]x/n", "host"},
                                                                 {"postgresql://u:secret@h/n?sslmode", "query"},
                                                                 {"postgresql://u:secret@h/n?=x", "query"}};
  for (const auto& [text, part] : cases) {
    const std::string message = failure_of(Code::invalid_argument, [&] { parse_url(text); });
    EXPECT_THAT(message, HasSubstr(std::string(part))) << text;
    EXPECT_THAT(message, Not(HasSubstr("secret"))) << text;
  }
}

}  // namespace
}  // namespace lamin::db
