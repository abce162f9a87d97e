// archive.hpp -- the zip file that an .xlsx file is, part by part.
#pragma once
#include <filesystem>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include "base/budget.hpp"

namespace lamin::format {

/// An XML part; the document's texts are in `text`.
struct Part {
  std::string text;
  pugi::xml_document document;
};

class Archive {
 public:
  /// Throws corrupt, no_access, not_found, unsupported (encrypted, or an old .xls file).
  explicit Archive(const std::filesystem::path& path);
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive();

  bool has(const std::string& part) const;
  /// Throws corrupt if there is none, it is not whole or not XML; the budget of the file counts.
  std::unique_ptr<Part> read(const std::string& part);
  [[noreturn]] void corrupt(std::string_view why) const;
  const std::string& name() const { return name_; }
  base::Budget& budget() { return budget_; }

 private:
  struct Closes;
  std::string name_;
  base::Budget budget_;
  std::unique_ptr<Closes> zip_;
};

/// The name without the prefix of a namespace, of which each program has its own.
std::string_view local_name(const char* name);
pugi::xml_node child_called(pugi::xml_node node, std::string_view name);

}  // namespace lamin::format
