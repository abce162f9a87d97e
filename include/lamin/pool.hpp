// pool.hpp -- one instance for many threads: each call borrows a connection, with a session of its own.
//
// An Instance serves one thread at a time. A Pool opens as many of one instance as are borrowed at once, up to a limit,
// and keeps them for later. What a borrower sets in its session is gone when it gives the Instance back. All functions
// may be called from any thread.
//
// Example: examples/cpp/pool.cpp
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include "lamin/instance.hpp"
#include "lamin/session.hpp"

namespace lamin {

struct PoolOptions {
  std::size_t most = 8;                        ///< connections that are open at once
  std::chrono::milliseconds patience{30'000};  ///< how long to wait for one that is free
};

class Pool {
 public:
  /// Of the instance "owner/name" or "name". Throws what connect throws.
  explicit Pool(std::string_view slug, const PoolOptions& options = {});
  ~Pool();  ///< every lease must have ended
  Pool(const Pool&) = delete;

  /// An Instance for one thread, until the lease ends.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Instance> instance);
    Lease(Lease&&) noexcept = default;
    ~Lease();
    Instance& operator*() const { return *instance_; }
    Instance* operator->() const { return instance_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Instance> instance_;
  };
  /// With this session; nullopt: the current user's, as connect has it. Throws unavailable if none is free in time, and
  /// what connect throws.
  Lease lease(std::optional<Session> session = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lamin
