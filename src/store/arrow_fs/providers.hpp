// providers.hpp -- the file systems of the providers, with the credentials that their own programs would use.
#pragma once
#include <arrow/filesystem/filesystem.h>
#include <arrow/result.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include "store/bucket.hpp"

namespace lamin::store {

/// Throws the Error for a failure. `what`: "read".
void check(const arrow::Status& status, std::string_view what, const std::string& shown);
template <class T>
T take(arrow::Result<T> result, std::string_view what, const std::string& shown) {
  check(result.status(), what, shown);
  return std::move(result).ValueUnsafe();
}

struct OpenedFiles {
  std::shared_ptr<arrow::fs::FileSystem> files;
  std::string bucket;  ///< the first part of paths
};

/// STORAGE_EMULATOR_HOST, application default credentials; anonymous without any.
OpenedFiles open_google(const BucketOptions& options);
/// az://container, abfs://container@account.dfs.core.windows.net; AZURE_STORAGE_ACCOUNT_NAME, _ACCOUNT_KEY, _SAS_TOKEN,
/// _CONNECTION_STRING; otherwise what the provider's library finds.
OpenedFiles open_azure(const BucketOptions& options);

}  // namespace lamin::store
