// source.hpp -- where the bytes of something new are: a local path, an object of a store, or memory.
//
// Whatever takes bytes takes a Source; what it does with it does not depend on where they are. A text with a scheme
// ("s3://bucket/a.h5ad") is a Uri, any other a path; "file://" is a path, too.
//
// Example: examples/cpp/source.cpp
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace lamin {

/// A place in a store: "s3://bucket/folder/a.h5ad", "s3://lab/x?endpoint_url=https://minio.lab.org".
struct Uri {
  std::string scheme = {};  ///< "s3", in lower case
  std::string place = {};   ///< bucket or host; empty for schemes that have none, such as memory
  std::string key = {};     ///< below it, without leading "/"
  /// How to reach an object store, "endpoint_url=..."; empty: as the user's configuration says.
  std::string query = {};

  /// nullopt if the text has no scheme, and is a path then.
  static std::optional<Uri> parse(std::string_view text);
  std::string text() const;
  /// A value of the query, decoded; empty if it has none of this name.
  std::string option(std::string_view name) const;
  /// The key below a root such as "s3://bucket/folder"; nullopt if it is not there.
  std::optional<std::string> key_below(std::string_view root) const;
};

class Source {
 public:
  Source() = default;
  Source(std::filesystem::path path) : at_(std::move(path)) {}  // NOLINT(google-explicit-constructor)
  Source(const std::string& text);                              // NOLINT(google-explicit-constructor)
  Source(const char* text) : Source(std::string(text)) {}       // NOLINT(google-explicit-constructor)
  /// `name` stands for the name of the file: "plate.csv".
  static Source of_bytes(std::string bytes, std::string name);

  bool empty() const;
  /// What it is; null if it is something else.
  const std::filesystem::path* path() const { return std::get_if<std::filesystem::path>(&at_); }
  const Uri* uri() const { return std::get_if<Uri>(&at_); }
  const std::string* bytes() const;
  std::string name() const;  ///< the last part of the path: "a.h5ad"
  std::string text() const;  ///< for messages

 private:
  struct Memory {
    std::string bytes, name;
  };
  std::variant<std::filesystem::path, Uri, Memory> at_;
};

}  // namespace lamin
