// counted_testing.hpp -- an instance opened again, over a connection that counts what is asked of it.
#pragma once
#include <memory>
#include <utility>
#include "db/faulty_testing.hpp"
#include "lake/open/open.hpp"
#include "lamin/instance.hpp"
#include "modules/modules.hpp"

namespace lamin::testing {

class Counted {
 public:
  explicit Counted(const Instance& plain, bool read_only = false) {
    const auto& settings = plain.settings();
    auto real = db::open_connection(settings.database_url(), {.read_only = read_only});
    const bool sqlite = real->dialect() == db::Dialect::sqlite;
    instance_ = lake::make_instance(
        settings, std::make_unique<Database>(std::make_unique<db::FaultyConnection>(std::move(real), calls_),
                                             modules::catalog_of(modules::stored(settings.modules, sqlite))));
  }
  Counted(const Counted&) = delete;
  Instance& instance() { return *instance_; }
  /// How many times `work` asks the database.
  template <class Work>
  std::int64_t calls(const Work& work) {
    const auto before = calls_.calls;
    work();
    return calls_.calls - before;
  }

 private:
  db::Fault calls_;
  std::unique_ptr<Instance> instance_;
};

}  // namespace lamin::testing
