// evp_digest.hpp -- OpenSSL's digests, of bytes that come in pieces.
#pragma once
#include <openssl/evp.h>
#include <cstdint>
#include <span>
#include <vector>
#include "lamin/error.hpp"

namespace lamin::base {

class EvpDigest {
 public:
  explicit EvpDigest(const EVP_MD* kind) : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_, kind, nullptr) != 1) {
      EVP_MD_CTX_free(context_);
      throw Error(Code::unavailable, "OpenSSL refuses to compute a digest: is it in FIPS mode, which forbids md5?");
    }
  }
  EvpDigest(const EvpDigest&) = delete;
  EvpDigest& operator=(const EvpDigest&) = delete;
  ~EvpDigest() { EVP_MD_CTX_free(context_); }

  void add(std::span<const std::uint8_t> bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::vector<std::uint8_t> finish() {
    std::vector<std::uint8_t> result(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, result.data(), &size);
    result.resize(size);
    return result;
  }

 private:
  EVP_MD_CTX* context_;
};

}  // namespace lamin::base
