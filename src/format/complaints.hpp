// complaints.hpp -- parts of a file that cannot be understood, with their places: they are left out, and the rest is
// read.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamin::format {

/// In a text, from 1; 0: not known.
struct Place {
  std::int64_t line = 0, column = 0;
  bool operator==(const Place&) const = default;
};
struct Complaint {
  Place at;
  std::string what;
};
/// "line 12, column 5: a quote is opened but never closed".
std::string to_string(const Complaint& complaint);
/// Places in a text, each of which is counted from the one that was asked for before. Columns count characters.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text), from_(text.data()) {}
  /// Of a byte of the text, or its end.
  Place of(const char* at);

 private:
  std::string_view text_;
  const char* from_;
  std::int64_t ends_ = 0;  // of lines, before `from_`
};

struct Complaints {
  static constexpr std::size_t most = 1000;
  std::vector<Complaint> first = {};  ///< in the order of the file, at most `most`
  std::int64_t count = 0;

  /// `place` is only called for what is kept: to count lines costs as much as to read them.
  template <class Finds>
    requires requires(const Finds& place) { Place(place()); }
  void add(const Finds& place, std::string what) {
    if (++count <= static_cast<std::int64_t>(most)) first.push_back({place(), std::move(what)});
  }
  void add(Place place, std::string what) {
    add([&] { return place; }, std::move(what));
  }
};

}  // namespace lamin::format
