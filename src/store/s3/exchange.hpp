// exchange.hpp -- one small request to one of the services that give out credentials, and its answer.
#pragma once
#include <string>
#include "store/s3/signer.hpp"

namespace lamin::store {

struct Exchange {
  std::string method = "GET", url = {};
  Fields headers = {};
  std::string body = {};
  long seconds = 10;         ///< for all of it
  bool is_optional = false;  ///< nobody has to be there: status 0 then
};
struct Exchanged {
  long status = 0;
  std::string body = {};
};
/// Throws unavailable if there is no answer, or LAMIN_OFFLINE forbids to ask.
Exchanged exchange(const Exchange& request);

}  // namespace lamin::store
