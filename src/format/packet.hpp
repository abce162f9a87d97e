// packet.hpp -- a message with descriptors over a local socket, whole or not at all (SOCK_SEQPACKET).
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace lamin::format {

constexpr std::size_t largest_packet = std::size_t{64} << 10;
constexpr std::size_t most_descriptors = 4;

/// Owns a descriptor; -1 means none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { reset(); }
  void reset();
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

struct Packet {
  std::string bytes;
  std::array<Descriptor, most_descriptors> descriptors;
};

/// False, with errno, if the other side is gone.
bool send_packet(int socket, std::string_view bytes, std::span<const int> descriptors = {});
/// nullopt at the end of the connection, and for a packet that is not whole.
std::optional<Packet> receive_packet(int socket);

}  // namespace lamin::format
