// testing.hpp -- a fresh instance in a temporary folder, with its own settings.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>
#include "base/log.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lamin/lamin.hpp"

namespace lamin::testing {

namespace fs = std::filesystem;

/// A folder deleted with the object; it is the working directory and holds settings and cache.
class Sandbox {
 public:
  Sandbox() : before_(fs::current_path()) {
    folder_ = fs::temp_directory_path() / ("lamin-test-" + base::random_uid(10));
    fs::create_directories(folder_ / "work");
    folder_ = fs::canonical(folder_);
    ::setenv("HOME", folder_.c_str(), 1);
    ::setenv("LAMIN_SETTINGS_DIR", folder_.c_str(), 1);
    ::setenv("LAMIN_CACHE_DIR", (folder_ / "cache").c_str(), 1);
    ::setenv("LAMIN_SUBSETS", "0", 1);  // what is registered and what is known is as the test says
    for (const char* name : {"LAMIN_ENV", "LAMIN_CURRENT_INSTANCE", "LAMINDB_INSTANCE_ID_INIT"}) ::unsetenv(name);
    fs::current_path(folder_ / "work");
    base::set_log_sink([this](base::Level, std::string_view message) { messages_.emplace_back(message); });
    base::set_log_level(base::Level::debug);
  }
  ~Sandbox() {
    base::set_log_sink({});
    std::error_code ignored;
    fs::current_path(before_, ignored);
    fs::remove_all(folder_, ignored);
  }
  Sandbox(const Sandbox&) = delete;

  fs::path path(std::string_view name) const { return folder_ / "work" / std::string(name); }
  fs::path settings() const { return folder_ / ".lamin"; }
  fs::path write(std::string_view name, std::string_view text) const {
    const auto file = path(name);
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  bool said(std::string_view part) const {
    for (const auto& message : messages_) {
      if (message.find(part) != std::string::npos) return true;
    }
    return false;
  }
  std::vector<std::string>& messages() { return messages_; }

 private:
  fs::path before_, folder_;
  std::vector<std::string> messages_;
};

/// The code of the lamin::Error that `work` throws; fails the test if it throws none.
inline Code code_of(const std::function<void()>& work, std::string* message = nullptr) {
  try {
    work();
  } catch (const Error& e) {
    if (message != nullptr) *message = e.what();
    return e.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Code::internal;
}

inline std::int64_t scalar(Instance& instance, const std::string& sql) {
  auto rows = instance.database().connection().query(sql);
  return rows->next() ? rows->integer(0) : -1;
}

/// An instance in its own sandbox.
class InstanceTest : public ::testing::Test {
 protected:
  Sandbox box;
  std::unique_ptr<Instance> instance = init({.storage = "store", .name = "lab"});

  void reopen() {
    instance.reset();
    instance = connect("lab");
  }
  std::int64_t count(const std::string& table, const std::string& where = "1 = 1") {
    return scalar(*instance, "SELECT count(*) FROM " + table + " WHERE " + where);
  }
  Draft save(const ArtifactOptions& options) {
    auto draft = prepare_artifact(*instance, options);
    save_artifact(*instance, draft);
    return draft;
  }
  Draft save_text(std::string_view file, std::string_view text, const std::string& key) {
    return save({.source = box.write(file, text), .key = key});
  }
};

}  // namespace lamin::testing
