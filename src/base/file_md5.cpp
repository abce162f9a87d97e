#include "base/file_md5.hpp"

#include <openssl/evp.h>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/hash.hpp"
#include "base/source_file.hpp"
#include "lamin/error.hpp"

namespace lamin::base {

std::string file_md5(const std::string& path) {
  const SourceFile file(path);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> state(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (state == nullptr || EVP_DigestInit_ex(state.get(), EVP_md5(), nullptr) != 1)
    throw Error(Code::unavailable, "OpenSSL refuses to compute a digest: is it in FIPS mode, which forbids md5?");
  std::vector<std::uint8_t> buffer(std::size_t{1} << 20);
  while (const auto count = file.read_some(buffer)) EVP_DigestUpdate(state.get(), buffer.data(), count);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> result{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state.get(), result.data(), &size);
  return hex({result.data(), size});
}

}  // namespace lamin::base
