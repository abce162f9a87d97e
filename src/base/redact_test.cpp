// Every form of a secret and every name of one, in every place where it may occur; and what is not a secret.
#include "base/redact.hpp"
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <chrono>
#include <fstream>
#include <functional>
#include "base/json.hpp"

namespace lamin::base {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const char* name) {
  std::ifstream file(std::string(LAMIN_SOURCE_DIR "/tests/data/") + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  EXPECT_FALSE(lines.empty()) << name;
  return lines;
}

struct Secret {
  std::string label, text, part;  ///< `part` must not be kept
};

std::vector<Secret> secrets() {
  std::vector<Secret> all;
  for (const auto& line : lines_of("secrets.txt")) {
    const auto tab = line.find('\t');
    const auto secret = line.substr(tab + 1);
    const auto mark = secret.find('~');
    all.push_back({line.substr(0, tab), secret.substr(0, mark) + secret.substr(mark + 1), secret.substr(mark + 1)});
  }
  return all;
}

std::vector<std::string> names(char sign) {
  std::vector<std::string> all;
  for (const auto& line : lines_of("secret_names.txt"))
    if (line[0] == sign) all.push_back(line.substr(1));
  return all;
}

/// A program that contains an expression or a text.
const std::vector<std::pair<const char*, const char*>> programs = {
    {"Python literal", "client = connect(\"{}\", retries=3)\n"},
    {"single quotes", "x = '{}'\n"},
    {"bytes", "x = b\"{}\"\n"},
    {"several lines", "text = \"\"\"\n{}\n\"\"\"\n"},
    {"comment", "# {}\nx = 1\n"},
    {"R", "x <- \"{}\"\n"},
    {"shell", "#!/bin/sh\n{}\n"},
    {"notebook", "{{\"source\": [\"x = \\\"{}\\\"\\n\"]}}"},
};

TEST(Redact, TakesEveryFormOutOfSourceCode) {
  std::size_t n = 0;
  for (const auto& [label, text, part] : secrets()) {
    for (const auto& [place, program] : programs) {
      const auto source = fmt::format(fmt::runtime(program), text);
      const auto found = redact_source(source);
      EXPECT_THAT(found.text, Not(HasSubstr(part))) << label << ", " << place;
      EXPECT_GE(found.count, 1U);
      EXPECT_EQ(redact_source(found.text).text, found.text) << label << ", " << place;
      ++n;
    }
  }
  EXPECT_GE(n, 60 * programs.size());
}

TEST(Redact, TakesEveryFormOutOfLogsArgumentsAndDocuments) {
  using Sink = std::pair<const char*, std::function<std::string(const std::string&)>>;
  const std::vector<Sink> sinks = {
      {"log", [](const auto& s) { return redact_text("12:00 INFO sends " + s + "\nnext line\n"); }},
      {"alone", [](const auto& s) { return redact_text(s); }},
      {"traceback", [](const auto& s) { return redact_text("ValueError: cannot use '" + s + "'"); }},
      {"variable", [](const auto& s) { return redact_text("PATH=/bin\nSERVICE=" + s + "\nHOME=/root\n"); }},
      {"arguments", [](const auto& s) { return redact_arguments(std::vector<std::string>{"--with", s, "x"}); }},
      {"argument", [](const auto& s) { return redact_arguments(std::vector<std::string>{"--with=" + s}); }},
      {"value", [](const auto& s) { return redact_json(write_json({{"a", s}})); }},
      {"deep value", [](const auto& s) { return redact_json(write_json({{"a", {{"b", {1, s}}}}})); }},
      {"key", [](const auto& s) { return redact_json(write_json({{s, 1}})); }},
  };
  for (const auto& [label, text, part] : secrets()) {
    for (const auto& [place, sink] : sinks) {
      const auto kept = sink(text);
      EXPECT_THAT(kept, Not(HasSubstr(part))) << label << ", " << place;
      EXPECT_THAT(kept, HasSubstr(redaction_mark)) << label << ", " << place;
      EXPECT_EQ(kept.starts_with("{") ? redact_json(kept) : redact_text(kept), kept) << label << ", " << place;
    }
  }
}

TEST(Redact, KnowsSecretsByTheirNames) {
  const std::string value = "Hunter2-is-short";
  for (const auto& name : names('+')) {
    EXPECT_TRUE(is_secret_name(name)) << name;
    const bool identifier = name.find_first_of(" -.") == name.npos;
    std::vector<std::string> sources = {
        fmt::format("d = {{\"{}\": \"{}\"}}\n", name, value), fmt::format("d['{}'] = '{}'\n", name, value),
        fmt::format("os.environ[\"{}\"] = \"{}\"\n", name, value),
        fmt::format("os.environ.setdefault('{}', '{}')\n", name, value),
        fmt::format("{{\"source\": [\"x = {{\\\"{}\\\": \\\"{}\\\"}}\"]}}", name, value)};
    if (identifier) {
      for (const char* form :
           {"{} = \"{}\"\n", "f({}='{}')\n", "{}: str = '{}'\n", "self.{} = f'{}'\n", "{} <- \"{}\"\n", "{} := `{}`\n",
            "let {} = ('{}')\n", "{} = (\n    '{}'\n)\n", "export {}={}\n"})
        sources.push_back(fmt::format(fmt::runtime(form), name, value));
    }
    for (const auto& source : sources) { EXPECT_THAT(redact_source(source).text, Not(HasSubstr(value))) << source; }
    for (const char* form : {"{}={}", "{}: {}", "{} = '{}'", "{{'{}': '{}'}}", "--{} {}"}) {
      const auto line = fmt::format(fmt::runtime(form), name, value);
      if (name.find(' ') != name.npos && form[0] == '-') continue;
      EXPECT_THAT(redact_text(line), Not(HasSubstr(value))) << line;
    }
    const boost::json::value inner = {{name, value}};
    EXPECT_THAT(redact_json(write_json({{"a", {1, inner}}})), Not(HasSubstr(value))) << name;
    if (name.find(' ') != name.npos) continue;
    const auto option = "--" + name;
    EXPECT_EQ(redact_arguments(std::vector<std::string>{option, "my secret", "x"}), option + " ***REDACTED*** x");
    EXPECT_EQ(redact_arguments(std::vector<std::string>{option + "=my secret", "x"}), option + "=***REDACTED*** x");
  }
}

TEST(Redact, LeavesOtherNames) {
  for (const auto& name : names('-')) {
    EXPECT_FALSE(is_secret_name(name)) << name;
    const auto source = fmt::format("{} = \"leiden\"\n", name);
    EXPECT_EQ(redact_source(source).text, source);
    EXPECT_EQ(redact_text(source), source);
    EXPECT_EQ(redact_json(write_json({{name, "leiden"}})), write_json({{name, "leiden"}}));
  }
}

TEST(Redact, WritesWhatLaminDBWrites) {
  const std::pair<const char*, const char*> cases[] = {
      {"password = \"hunter2\"", "password = \"***REDACTED***\""},
      {"my.secret: 'x1'", "my.secret: '***REDACTED***'"},
      {"mySecret := `x1`", "mySecret := `***REDACTED***`"},
      {"os.environ[\"OPENAI_API_KEY\"] = 'x1'", "os.environ[\"OPENAI_API_KEY\"] = '***REDACTED***'"},
      {"os.environ[\"X_KEY\"] = 'x1'", "os.environ[\"X_KEY\"] = '***REDACTED***'"},
      {"{\"client_secret\": \"x1\"}", "{\"client_secret\": \"***REDACTED***\"}"},
      {"db = \"postgresql://me:x1@host/name\"", "db = \"***REDACTED***\""},
      {"api_key = os.getenv(\"OPENAI_API_KEY\")", nullptr},
      {"api_key = getenv('OPENAI_API_KEY')", nullptr},
      {"api_key = os.environ[\"OPENAI_API_KEY\"]", nullptr},
      {"api_key = os.environ.get(\"OPENAI_API_KEY\")", nullptr},
      {"def f(api_key: str, token: Optional[str] = None): ...", nullptr},
      {"f(api_key=api_key, token=self.token)", nullptr},
      {"if token == \"x1\":", nullptr},
      {"headers = {\"Authorization\": f\"Bearer {token}\"}", nullptr},
      {"url = f\"postgresql://{user}:{password}@{host}/x\"", nullptr},
      {"curl -H \"Authorization: Bearer $TOKEN\"", nullptr},
      {"parser.add_argument(\"--token\", \"-t\", help=\"the token\")", nullptr},
      {"key = \"leiden\"", nullptr},
      {"pad_token = \"<pad>\"", nullptr}};
  for (const auto& [source, redacted] : cases)
    EXPECT_EQ(redact_source(source).text, redacted == nullptr ? source : redacted);
  EXPECT_EQ(redact_json(R"({"n": 3, "api_key": "x", "url": "postgresql://me:x@host/db", "use_token": true})"),
            R"({"n": 3, "api_key": "***REDACTED***", "url": "***REDACTED***", "use_token": true})");
}

TEST(Redact, TakesWhatStandsCloseToOthers) {
  const std::pair<const char*, const char*> texts[] = {
      {"<td>password=Pw9-qISWZr8Cab</td><td>X-API-Key: vjFGE3cZ1celN0PR</td>",
       "<td>password=***REDACTED***</td><td>X-API-Key: ***REDACTED***</td>"},
      {"reads of Basic bGFiOkh1bnRlcjItbzR6TFc5.txt", "reads of Basic ***REDACTED***.txt"}};
  for (const auto& [text, redacted] : texts) EXPECT_EQ(redact_text(text), redacted);
  EXPECT_EQ(redact_source("# Authorization: Basic bGFiOkh1bnRlcjItbzR6TFc5\n").text,
            "# Authorization: ***REDACTED***\n");
}

TEST(Redact, KeepsWhatIsNoSecretInTexts) {
  for (const char* text :
       {"saved Artifact(uid='abc', key='a/token.csv') to /data/keys/x.csv", "epoch 3: loss=0.25 n_tokens=512 lr: 1e-4",
        "chr1:12345:A:G:rs99", "https://lab.org/a?b=1&page=2", "user@lab.org wrote: see https://lab.org/@me",
        "postgresql://me@host:5432/name", "git@github.com:lab/code.git", "s3://bucket/key/a.h5ad", "token: None",
        "password=", "12:30:45 INFO key: value", "PWD=/srv/me", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b8",
        "write postgresql://user:<password>@host:port/name"})
    EXPECT_EQ(redact_text(text), text);
}

TEST(Redact, TakesPrivateKeys) {
  const std::string body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
  for (const std::string kind : {"", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA "}) {
    const auto pem =
        "-----BEGIN " + kind + "PRIVATE KEY-----\n" + body + "\n" + body + "\n-----END " + kind + "PRIVATE KEY-----";
    EXPECT_EQ(redact_text("a\n" + pem + "\nb"), "a\n***REDACTED***\nb");
    EXPECT_EQ(redact_source("k = '''" + pem + "'''").text, "k = '''***REDACTED***'''");
    EXPECT_THAT(redact_json(write_json({{"k", pem}})), Not(HasSubstr("MIIE")));
    EXPECT_THAT(redact_text(pem.substr(0, 80)), Not(HasSubstr("MIIE"))) << "cut off";
  }
  const std::string code = "if line.startswith(\"-----BEGIN PRIVATE KEY-----\"): x = 1";
  EXPECT_EQ(redact_source(code).text, code);
}

/// Time is linear whatever the text: four times the length takes less than ten times as long.
TEST(Redact, IsLinear) {
  for (const std::string part :
       {"sk-",        "eyJ-",     "a=",     "://",     "x:",      "-----BEGIN PRIVATE KEY-----",
        "password ",  "--token ", "\"",     "\\\"",    "token=(", "bearer ",
        "user:pass@", "=\"",      "a://b@", "token='", "1:",      "Q~",
        "<token>",    "login "}) {
    const auto seconds = [&](std::size_t n) {
      std::string text;
      while (text.size() < n) text += part;
      const auto begin = std::chrono::steady_clock::now();
      redact_source(text);
      redact_text(text);
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const auto small = std::min(seconds(20'000), seconds(20'000));
    const auto large = std::min(seconds(80'000), seconds(80'000));
    EXPECT_LT(large, std::max(10 * small, 0.3)) << part;
  }
}

}  // namespace
}  // namespace lamin::base
