// text.hpp -- text that lives forever: the names and docs of a schema.
//
// A Text is a literal or interned for the life of the process, so it cannot dangle and is as cheap to copy
// as a pointer. Use it only for the few thousand names in a catalog, since interned text is never freed. Data is
// std::string.
//
// Example: examples/cpp/text.cpp
#pragma once
#include <concepts>
#include <iosfwd>
#include <string>
#include <string_view>

namespace lamin {

class Text {
 public:
  constexpr Text() = default;  ///< ""
  /// From a literal: `Text name = "cell_type"`. Text known only at run time does not compile: intern it.
  template <std::size_t n>
  consteval Text(const char (&literal)[n]) : view_(literal, n - 1) {}  // NOLINT(google-explicit-constructor)

  /// A copy that lives until the process ends, shared by equal texts. Safe to call from any thread.
  static Text intern(std::string_view text);

  constexpr operator std::string_view() const { return view_; }  // NOLINT(google-explicit-constructor)
  constexpr std::string_view view() const { return view_; }
  std::string str() const { return std::string(view_); }
  constexpr bool empty() const { return view_.empty(); }
  constexpr std::size_t size() const { return view_.size(); }
  constexpr char operator[](std::size_t i) const { return view_[i]; }
  template <std::convertible_to<std::string_view> Other>
    requires(!std::same_as<Other, Text>)
  friend constexpr bool operator==(Text a, const Other& b) {
    return a.view_ == std::string_view(b);
  }
  friend constexpr bool operator==(Text a, Text b) { return a.view_ == b.view_; }
  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, Text text) {
    return out << text.view_;
  }

 private:
  std::string_view view_;
};

}  // namespace lamin
