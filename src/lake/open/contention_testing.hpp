// contention_testing.hpp -- test support: many processes that write versions of the same keys, on two branches, for a
// while.
//
// Each process records what was acknowledged as saved; afterwards the rows must be exactly those, with one latest per
// family and branch, each artifact with its content. No process may see an error.
#pragma once
#include <sys/wait.h>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include "lake/open/testing.hpp"
#include "lake/rows/version.hpp"
#include "lamin/remove.hpp"
#include "store/store.hpp"

namespace lamin::testing {

inline std::chrono::seconds contention_time() {
  return std::chrono::seconds(std::getenv("LAMIN_TEST_LONG") != nullptr ? 60 : 15);
}

/// What one process does until the time is up. Writes "A <uid>" or "T <uid>" for each version it saved.
class Writer {
 public:
  Writer(Instance& instance, const Sandbox& box, int number, int out)
      : instance_(instance), box_(box), number_(number), random_(static_cast<unsigned>(number)), out_(out) {}

  void run(std::chrono::steady_clock::time_point until) {
    while (std::chrono::steady_clock::now() < until) {
      switch (random_() % 8) {
        case 0: trash_one(); break;
        case 1: restore_one(); break;
        case 2:
        case 3:
        case 4: save_artifact_version(); break;
        default: save_transform_version();
      }
      ++turn_;
    }
  }

 private:
  std::string key(const char* suffix) { return "shared" + std::to_string(random_() % 3) + suffix; }
  std::string content() const { return "turn " + std::to_string(turn_) + " of " + std::to_string(number_); }
  void note(char kind, const Record& saved) const {
    const auto line = std::string(1, kind) + " " + std::string(saved.uid()) + "\n";
    if (::write(out_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(2);
  }

  void save_artifact_version() {
    const auto file = box_.write("w" + std::to_string(number_) + ".txt", content());
    auto draft = prepare_artifact(instance_, {.source = file, .key = key(".txt")});
    save_artifact(instance_, draft);
    note('A', draft.record);
  }
  void save_transform_version() {
    note('T', make_transform(instance_, {.key = key(".py"), .kind = "script", .source_code = content()}));
  }
  std::optional<Record> any_transform(std::int64_t branch) {
    return instance_.database().first({.registry = "Transform",
                                       .where = Expr::all_of({Expr::compare("key", Op::exact, Value(key(".py"))),
                                                              Expr::compare("branch", Op::exact, branch)}),
                                       .order_by = {"-id"},
                                       .any_branch = true});
  }
  void trash_one() {
    if (auto record = any_transform(instance_.database().session().branch)) remove(instance_, *record);
  }
  void restore_one() {
    if (auto record = any_transform(-1)) restore(instance_, *record);
  }

  Instance& instance_;
  const Sandbox& box_;
  int number_, turn_ = 0;
  std::minstd_rand random_;
  int out_;
};

/// Runs them all; returns what they recorded.
inline std::multiset<std::string> run_writers(const Sandbox& box, const std::string& slug, int processes) {
  const auto until = std::chrono::steady_clock::now() + contention_time();
  std::vector<pid_t> children;
  for (int p = 0; p < processes; ++p) {
    const pid_t child = ::fork();
    if (child < 0) ADD_FAILURE() << "cannot fork";
    if (child != 0) {
      children.push_back(child);
      continue;
    }
    base::set_log_sink([](base::Level, std::string_view) {});
    try {
      const auto instance = connect(slug);
      if (p % 4 == 0) instance->database().session().branch = branch(*instance, "dev").id();
      const auto file = box.write("log" + std::to_string(p), "");
      FILE* out = std::fopen(file.c_str(), "a");
      Writer(*instance, box, p, ::fileno(out)).run(until);
    } catch (const std::exception& e) {
      static_cast<void>(!::write(2, e.what(), std::char_traits<char>::length(e.what())));
      static_cast<void>(!::write(2, "\n", 1));
      ::_exit(1);
    }
    ::_exit(0);
  }
  std::multiset<std::string> noted;
  for (std::size_t p = 0; p < children.size(); ++p) {
    int status = 0;
    ::waitpid(children[p], &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "an error reached the caller of process " << p;
    std::istringstream lines(Sandbox::read(box.path("log" + std::to_string(p))));
    for (std::string line; std::getline(lines, line);) noted.insert(line);
  }
  return noted;
}

inline void expect_one_latest(Instance& instance, const char* registry) {
  const auto& table = instance.catalog().table(registry);
  std::map<std::pair<std::string, std::int64_t>, int> latest;
  instance.database().each({.registry = registry, .any_branch = true}, [&](Record&& row) {
    const auto branch = row.at("branch").integer_or(0);
    if (branch != -1)
      latest[{std::string(row.uid().substr(0, static_cast<std::size_t>(table.stem_size))), branch}] +=
          row.at("is_latest").boolean_or(false) ? 1 : 0;
    return true;
  });
  EXPECT_GE(latest.size(), 3U);
  for (const auto& [family, n] : latest)
    EXPECT_EQ(n, 1) << registry << " family " << family.first << " on branch " << family.second;
}

/// The whole test, on an existing instance.
inline void write_versions_together(const Sandbox& box, const std::string& slug, int processes) {
  {
    const auto instance = connect(slug);
    create_branch(*instance, "dev");
  }
  const auto noted = run_writers(box, slug, processes);
  EXPECT_GT(noted.size(), static_cast<std::size_t>(processes)) << "hardly anything was written";
  const auto instance = connect(slug);
  std::multiset<std::string> stored;
  for (const auto& [kind, registry] : {std::pair{'A', "Artifact"}, {'T', "Transform"}}) {
    instance->database().each({.registry = registry, .any_branch = true}, [&, kind = kind](Record&& row) {
      stored.insert(std::string(1, kind) + " " + std::string(row.uid()));
      return true;
    });
    expect_one_latest(*instance, registry);
  }
  EXPECT_EQ(noted, stored);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_intent"), 0);
  instance->database().each({.registry = "Artifact", .any_branch = true}, [&](Record&& row) {
    const auto [root, key] = location(*instance, row);
    EXPECT_EQ(Sandbox::read(fs::path(root) / key).size(), static_cast<std::size_t>(row.at("size").integer_or(0)));
    return true;
  });
  std::printf("  %d processes saved %zu versions in %lld s\n", processes, noted.size(),
              static_cast<long long>(contention_time().count()));
}

}  // namespace lamin::testing
