#include "process/calls.hpp"
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <cerrno>
#include <cstddef>

namespace lamin::process {
namespace {

constexpr Call native[] = {
    {SYS_openat, What::open, 0, 1, 2},
#ifdef SYS_open
    {SYS_open, What::open, -1, 0, 1},
    {SYS_creat, What::create, -1, 0},
    {SYS_rename, What::rename, -1, 0, -1, -1, 1},
    {SYS_link, What::link, -1, 0, -1, -1, 1},
    {SYS_unlink, What::remove, -1, 0},
#endif
    {SYS_openat2, What::open_how, 0, 1, 2},
    {SYS_truncate, What::truncate, -1, 0},
#ifdef SYS_renameat
    {SYS_renameat, What::rename, 0, 1, -1, 2, 3},
#endif
    {SYS_renameat2, What::rename, 0, 1, 4, 2, 3},
    {SYS_linkat, What::link, 0, 1, -1, 2, 3},
    {SYS_unlinkat, What::remove, 0, 1},
    {SYS_execve, What::execute, -1, 0},
    {SYS_execveat, What::execute, 0, 1},
    {SYS_io_uring_setup, What::unseen},
};

#if defined(__x86_64__)
constexpr std::uint32_t native_architecture = AUDIT_ARCH_X86_64;
// Numbers of the 32-bit calls, which headers for 64 bits do not have.
constexpr Call older[] = {
    {295, What::open, 0, 1, 2},         {5, What::open, -1, 0, 1},
    {8, What::create, -1, 0},           {38, What::rename, -1, 0, -1, -1, 1},
    {9, What::link, -1, 0, -1, -1, 1},  {10, What::remove, -1, 0},
    {437, What::open_how, 0, 1, 2},     {92, What::truncate, -1, 0},
    {193, What::truncate, -1, 0},       {302, What::rename, 0, 1, -1, 2, 3},
    {353, What::rename, 0, 1, 4, 2, 3}, {303, What::link, 0, 1, -1, 2, 3},
    {301, What::remove, 0, 1},          {11, What::execute, -1, 0},
    {358, What::execute, 0, 1},         {425, What::unseen},
};
#elif defined(__aarch64__)
constexpr std::uint32_t native_architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t native_architecture = 0;
#endif

sock_filter statement(std::uint16_t code, std::uint32_t value) { return {code, 0, 0, value}; }
sock_filter jump(std::uint16_t code, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
  return {code, yes, no, value};
}

/// If the architecture is this one: the calls' answers; the rest is for another.
void add(std::vector<sock_filter>& program, std::uint32_t architecture, std::uint32_t action) {
  const auto calls = calls_of(architecture);
  std::vector<sock_filter> body;
  body.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (const auto& call : calls) {
    const auto answer = call.what == What::unseen ? SECCOMP_RET_ERRNO | ENOSYS : action;
    const bool has_flags = call.what == What::open;
    body.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call.number), 0, has_flags ? 4 : 1));
    if (has_flags) {  // what only looks at a folder or a name does not even stop
      body.push_back(
          statement(BPF_LD | BPF_W | BPF_ABS,
                    static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8U * static_cast<unsigned>(call.flags))));
      body.push_back(jump(BPF_JMP | BPF_JSET | BPF_K, O_DIRECTORY | O_PATH, 0, 1));
      body.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    body.push_back(statement(BPF_RET | BPF_K, answer));
  }
  body.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  program.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, architecture, 0, static_cast<std::uint8_t>(body.size())));
  program.insert(program.end(), body.begin(), body.end());
}

}  // namespace

std::span<const Call> calls_of(std::uint32_t architecture) {
  if (architecture == native_architecture) return native;
#if defined(__x86_64__)
  if (architecture == AUDIT_ARCH_I386) return older;
#endif
  return {};
}

const Call* call_of(std::uint32_t architecture, int number) {
  for (const auto& call : calls_of(architecture))
    if (call.number == number) return &call;
  return nullptr;
}

std::vector<sock_filter> filter_for(std::uint32_t action) {
  std::vector<sock_filter> program;
  program.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
  add(program, native_architecture, action);
#if defined(__x86_64__)
  add(program, AUDIT_ARCH_I386, action);
#endif
  program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return program;
}

}  // namespace lamin::process
