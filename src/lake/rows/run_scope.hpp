// run_scope.hpp -- sets the run that new rows are stamped with, for a scope.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

class RunScope {
 public:
  RunScope(Database& database, std::int64_t run) : session_(database.session()), before_(session_.run) {
    session_.run = run;
  }
  ~RunScope() { session_.run = before_; }
  RunScope(const RunScope&) = delete;

 private:
  Session& session_;
  std::int64_t before_;
};

}  // namespace lamin::lake
