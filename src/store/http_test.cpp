// http_test.cpp -- downloads from a server of our own.
#include "store/http.hpp"
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include "base/testing.hpp"
#include "base/uid.hpp"
#include "lamin/error.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

/// Answers every request with the same bytes.
class Server {
 public:
  explicit Server(std::string body) : body_(std::move(body)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 4), 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(socket_, SHUT_RDWR);
    ::close(socket_);
    thread_.join();
  }
  Server(const Server&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/terms.obo"; }

 private:
  void serve() const {
    for (int client = ::accept(socket_, nullptr, nullptr); client >= 0; client = ::accept(socket_, nullptr, nullptr)) {
      char request[4096];
      static_cast<void>(::recv(client, request, sizeof request, 0));
      const auto answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body_.size()) +
                          "\r\nConnection: close\r\n\r\n" + body_;
      static_cast<void>(::send(client, answer.data(), answer.size(), MSG_NOSIGNAL));
      ::close(client);
    }
  }

  std::string body_;
  int socket_, port_ = 0;
  std::thread thread_;
};

class HttpTest : public ::testing::Test {
 protected:
  HttpTest() : folder_(fs::temp_directory_path() / ("lamin-http-" + base::random_uid(10))) {
    ::unsetenv("LAMIN_OFFLINE");
  }
  ~HttpTest() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(HttpTest, WhatFailsTheCheckNeverGetsItsName) {
  const Server server("good terms");
  const auto to = folder_ / "terms.obo";
  int checked = 0;
  const auto check = [&](const fs::path& part) {
    ++checked;
    EXPECT_FALSE(fs::exists(to)) << "nobody may read what was not checked";
    EXPECT_EQ(fs::file_size(part), 10U);
    throw Error(Code::corrupt, "not what was wanted");
  };
  try {
    download({.url = server.url(), .to = to, .check = check});
    FAIL() << "the check was not asked";
  } catch (const Error& error) { EXPECT_EQ(error.code(), Code::corrupt); }
  EXPECT_EQ(checked, 1);
  EXPECT_FALSE(fs::exists(to));
  EXPECT_TRUE(fs::is_empty(folder_)) << "nor is it continued";
  EXPECT_TRUE(download({.url = server.url(), .to = to, .check = [](const fs::path&) {}}));
  EXPECT_EQ(fs::file_size(to), 10U);
}

}  // namespace
}  // namespace lamin::store
