#include "format/complaints.hpp"
#include <fmt/format.h>
#include <algorithm>

namespace lamin::format {

std::string to_string(const Complaint& complaint) {
  const auto& [at, what] = complaint;
  if (at.line == 0) return what;
  return at.column == 0 ? fmt::format("line {}: {}", at.line, what)
                        : fmt::format("line {}, column {}: {}", at.line, at.column, what);
}

Place Places::of(const char* at) {
  if (at < from_) ends_ -= std::count(at, from_, '\n');
  else ends_ += std::count(from_, at, '\n');
  from_ = at;
  const auto before = text_.substr(0, static_cast<std::size_t>(at - text_.data()));
  const auto line = before.substr(before.rfind('\n') + 1);                                       // npos + 1 is 0
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };  // a byte of UTF-8
  return {ends_ + 1, 1 + std::ssize(line) - std::ranges::count_if(line, continues)};
}

}  // namespace lamin::format
