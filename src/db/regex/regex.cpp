// regex.cpp -- regular expressions for SQLite, by RE2: linear time, whatever the pattern. A separate module, so that
// only a query that matches patterns loads the library.
#include "db/regex/regex.hpp"
#include <re2/re2.h>

namespace lamin::db {
namespace {

class Re2 final : public Regex {
 public:
  explicit Re2(std::string_view pattern) : compiled_(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet) {}
  std::string error() const override { return compiled_.ok() ? "" : compiled_.error(); }
  bool matches(std::string_view text) const override {
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_);
  }

 private:
  RE2 compiled_;
};

}  // namespace
}  // namespace lamin::db

extern "C" __attribute__((visibility("default"))) lamin::db::Regex* lamin_make_regex(std::string_view pattern) {
  return new lamin::db::Re2(pattern);
}
