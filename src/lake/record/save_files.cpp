// save_files.cpp -- many files at once.
#include <fmt/format.h>
#include <map>
#include <utility>
#include "base/path.hpp"
#include "lake/artifact/place.hpp"
#include "lamin/error.hpp"
#include "lamin/lineage.hpp"
#include "lamin/note.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

/// The path as it was given, unless it leads out of the working directory: then its last part.
std::string name_in_key(const fs::path& file) {
  auto name = file.lexically_normal();
  if (!name.has_filename()) name = name.parent_path();
  const bool outside = name.is_absolute() || (!name.empty() && *name.begin() == "..");
  return (outside ? name.filename() : name).generic_string();
}

/// The deepest folder that all of these are in, as they were given; "" if that is none.
fs::path common_folder(std::span<const fs::path> files) {
  fs::path common;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto folder = fs::path(name_in_key(files[i])).parent_path();
    if (i == 0) {
      common = folder;
      continue;
    }
    fs::path shared;
    for (auto a = common.begin(), b = folder.begin(); a != common.end() && b != folder.end() && *a == *b; ++a, ++b)
      shared /= *a;
    common = shared;
  }
  return common;
}

class ManyFiles {
 public:
  ManyFiles(Instance& instance, std::span<const fs::path> files, const FileOptions& common)
      : instance_(instance), files_(files), common_(common), saved_(files.size()), folder_(common_folder(files)) {
    for (std::size_t i = 0; i < files.size(); ++i) (is_plain(files[i]) ? plain_ : others_).push_back(i);
  }

  std::vector<SavedFile> save(const std::function<void(std::size_t, std::int64_t)>& read) {
    std::vector<Draft> drafts;
    drafts.reserve(plain_.size());
    std::size_t n = 0;
    std::int64_t bytes = 0;
    for (const auto i : plain_) {
      const auto telling = drafts.empty() ? lake::Telling::all : lake::Telling::of_content;
      drafts.push_back(lake::prepare(instance_, options_for(files_[i]).artifact, telling));
      bytes += drafts.back().record.at("size").integer_or(0);
      if (read) read(++n, bytes);
    }
    std::vector<SaveItem> items;
    for (auto& draft : drafts) {
      SaveItem item{.record = &draft.record, .draft = &draft};
      if (!common_.annotations.empty())
        item.annotate = [this](Record& saved) { annotate(instance_, saved, common_.annotations); };
      items.push_back(std::move(item));
    }
    save_all(instance_, items);
    for (std::size_t k = 0; k < plain_.size(); ++k) saved_[plain_[k]].record = std::move(drafts[k].record);
    for (const auto i : others_) {
      saved_[i] = save_file(instance_, options_for(files_[i]));
      if (read) read(++n, bytes);
    }
    return std::move(saved_);
  }

 private:
  bool is_plain(const fs::path& file) const {
    if (common_.schema || !common_.stem_uid.empty() || file.filename() == "README.md") return false;
    if (!common_.registry.empty()) return common_.registry == "Artifact";
    return registry_of(instance_, file) == "Artifact" && !is_plan(file);
  }

  FileOptions options_for(const fs::path& file) {
    auto options = common_;
    options.artifact.source = file;
    const auto inside = lake::in_storage(instance_, base::resolve(file));
    const bool named = !common_.artifact.key.empty();
    const auto below = [&] { return fs::path(name_in_key(file)).lexically_relative(folder_).generic_string(); };
    if (named) options.artifact.key = common_.artifact.key + "/" + (folder_.empty() ? name_in_key(file) : below());
    else if (!inside && common_.artifact.description.empty() && !is_source(file))
      options.artifact.key = name_in_key(file);
    const auto& key = options.artifact.key;
    if (key.empty()) return options;
    const auto [other, first] = keys_.emplace(key, file);
    if (first) return options;
    throw Error(Code::invalid_argument, fmt::format("'{}' and '{}' would both have the key '{}': save them one by one, "
                                                    "with a key for each",
                                                    other->second.string(), file.string(), key));
  }

  Instance& instance_;
  std::span<const fs::path> files_;
  const FileOptions& common_;
  std::vector<SavedFile> saved_;
  std::vector<std::size_t> plain_, others_;
  std::map<std::string, fs::path> keys_;
  fs::path folder_;  ///< below which a folder of keys has the files
};

}  // namespace

std::vector<SavedFile> save_files(Instance& instance, std::span<const fs::path> files, const FileOptions& common,
                                  const std::function<void(std::size_t, std::int64_t)>& read) {
  return ManyFiles(instance, files, common).save(read);
}

}  // namespace lamin
