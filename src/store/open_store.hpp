// open_store.hpp -- who opens the schemes that are not built in.
#pragma once
#include <functional>
#include <memory>
#include <string_view>
#include "lamin/source.hpp"
#include "store/bucket.hpp"

namespace lamin::store {

struct Others {
  std::function<bool(std::string_view scheme)> knows = {};
  std::function<std::unique_ptr<Bucket>(const Uri& uri)> open = {};  ///< `uri` has no key
};
/// For the whole process.
void open_others_with(Others others);
/// Whether `open_store` knows the scheme.
bool may_open(std::string_view scheme);

}  // namespace lamin::store
