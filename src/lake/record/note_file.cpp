// note_file.cpp -- notes as files: where a file is says which record it is, or its header does.
#include <fmt/format.h>
#include <filesystem>
#include "base/file.hpp"
#include "base/front_matter.hpp"
#include "base/path.hpp"
#include "base/source_file.hpp"
#include "base/text.hpp"
#include "lamin/find.hpp"
#include "lamin/note.hpp"
#include "lamin/save.hpp"
#include "lamin/settings.hpp"
#include "store/beneath.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view ending = ".md";
constexpr std::int64_t most_bytes = 16 << 20;

/// The path of a file below the development folder of the instance; "" if it is not in one.
std::string below_dev_folder(const Instance& instance, const fs::path& file) {
  const auto folder = dev_folder();
  if (!folder || folder->instance != instance.settings().slug()) return "";
  return base::relative_key(folder->folder, base::resolve(file));
}

Expr of_type(const std::optional<Record>& type) {
  return type ? Expr::compare("type", Op::exact, type->id()) : Expr::compare("type", Op::isnull, Value(true));
}

/// The type that the folders name, each below the one before; nullopt for none.
std::optional<Record> type_at(Instance& instance, std::span<const std::string> folders) {
  std::optional<Record> type;
  std::string above;
  for (const auto& name : folders) {
    auto found = instance.database().first(
        {.registry = "Record",
         .where = Expr::all_of({Expr::compare("name", Op::iexact, Value(name)),
                                Expr::compare("is_type", Op::exact, Value(true)), of_type(type)}),
         .order_by = {"id"}});
    if (!found) {
      throw Error(
          Code::not_found,
          fmt::format("Record type '{}' not found under '{}': the folders above a note are types; create it, with "
                      "is_type",
                      name, above.empty() ? "<root>" : above));
    }
    type = std::move(found);
    above += (above.empty() ? "" : "/") + name;
  }
  return type;
}

/// The names in "topic/sub/my-note.md": folders and, last, the note.
std::vector<std::string> names_in(std::string_view path) {
  base::check_path(path);
  if (path.ends_with(ending)) path.remove_suffix(ending.size());
  return base::split(path, '/');
}

std::optional<Record> named(Instance& instance, const std::string& name, const std::optional<Record>& type) {
  return instance.database().first(
      {.registry = "Record",
       .where = Expr::all_of({Expr::compare("name", Op::exact, Value(name)), of_type(type)}),
       .order_by = {"-id"}});
}

/// A note below no sheet is a type itself, so that notes can be below it.
Record new_note(Instance& instance, const std::string& name, const std::optional<Record>& type) {
  Record record(instance.catalog().table("Record"));
  record.set("name", Value(name));
  record.set("is_type", Value(!type || type->at("schema").is_null()));
  if (type) record.set("type", Value(type->id()));
  save(instance, record);
  return record;
}

/// Gives the record that the header names the name and the place of the file; returns whether it had others.
bool move(Instance& instance, Record& record, const std::string& name, const std::optional<Record>& type) {
  Value now;
  if (type) now = type->id();
  if (record.text("name") == name && record.at("type") == now) return false;
  if (const auto other = named(instance, name, type); other && other->id() != record.id()) {
    throw Error(Code::conflict,
                fmt::format("Cannot rename record '{}' to '{}': another record has this name there, with uid {}",
                            record.text("name"), name, other->uid()));
  }
  record.set("name", Value(name));
  record.set("type", now);
  save(instance, record);
  return true;
}

/// A file with this text below a folder: a new one, or the one that is there already.
fs::path new_file(const fs::path& folder, const std::string& key, std::string_view text) {
  if (base::read_file(folder / key) == text) return folder / key;
  return store::create_beneath(folder, key, text);
}

/// A text in place of that of an existing file, whose permissions stay.
void rewrite(const fs::path& file, std::string_view text) {
  const auto at = base::resolve(file);
  std::error_code ignored;
  const auto mode = fs::status(at, ignored).permissions();
  base::write_file(at, text, base::Readers::all);
  fs::permissions(at, mode, ignored);
}

}  // namespace

bool is_note(const Instance& instance, const fs::path& file) {
  return file.extension() == ending && file.filename() != "README.md" && !below_dev_folder(instance, file).empty();
}

SavedNote save_note(Instance& instance, const fs::path& file) {
  if (!is_note(instance, file)) {
    throw Error(
        Code::invalid_argument,
        fmt::format("'{}' is no note: a note is a file *.md, but not README.md, in a development folder of '{}'",
                    file.string(), instance.settings().slug()));
  }
  const auto text = base::small_file(file, most_bytes);
  const auto names = names_in(below_dev_folder(instance, file));
  const auto uid = base::record_uid_in(text);
  SavedNote saved;
  instance.database().transaction([&] {
    const auto type = type_at(instance, std::span(names).first(names.size() - 1));
    saved.renamed = false;
    if (!uid.empty()) {
      auto record = instance.database().find(instance.catalog().table("Record"), std::string_view(uid));
      if (!record)
        throw Error(Code::not_found,
                    fmt::format("the record {} that the header of '{}' names does not exist", uid, file.string()));
      saved.record = std::move(*record);
      saved.renamed = move(instance, saved.record, names.back(), type);
    } else if (auto known = named(instance, names.back(), type)) {
      saved.record = std::move(*known);
    } else {
      saved.record = new_note(instance, names.back(), type);
    }
    saved.readme = write_readme(instance, saved.record, base::without_record_uid(text));
  });
  if (const auto stamped = base::with_record_uid(text, saved.record.uid()); stamped != text) {
    try {
      if (base::small_file(file, most_bytes) != text) {
        instance.say(Level::warning, fmt::format("'{}' was changed while it was saved: its record's uid is not in it, "
                                                 "save it again",
                                                 file.string()));
        return saved;
      }
      rewrite(file, stamped);
    } catch (Error& error) {
      error.add_context(fmt::format("the note is saved as record {}; its uid could not be written into the file",
                                    saved.record.uid()));
      throw;
    }
  }
  return saved;
}

Record note_at(Instance& instance, std::string_view path) {
  const auto names = names_in(path);
  auto found = named(instance, names.back(), type_at(instance, std::span(names).first(names.size() - 1)));
  if (!found) throw Error(Code::not_found, fmt::format("there is no note '{}'", path));
  return std::move(*found);
}

fs::path write_note(Instance& instance, const Record& record) {
  const auto text = readme(instance, record);
  if (!text) throw Error(Code::not_found, fmt::format("{} has no readme that could be written", named(record)));
  std::string key = std::string(record.text("name")) + std::string(ending);
  const auto folder = dev_folder();
  const bool inside = folder && folder->instance == instance.settings().slug();
  for (auto type = record.at("type"); inside && !type.is_null();) {
    const auto above = instance.database().find(record.table(), type.integer_or(0)).value();
    key = std::string(above.text("name")) + "/" + key;
    type = above.at("type");
  }
  const auto stamped = base::with_record_uid(text->text("content"), record.uid());
  const fs::path place = inside ? folder->folder : fs::path(".");
  return new_file(place, key, stamped);
}

fs::path write_page_file(Instance& instance, std::string_view key) {
  const auto page =
      instance.database().first({.registry = "Block",
                                 .where = Expr::all_of({Expr::compare("key", Op::exact, Value(key)),
                                                        Expr::compare("is_latest", Op::exact, Value(true))}),
                                 .order_by = {"-id"}});
  if (!page) throw Error(Code::not_found, fmt::format("there is no page '{}'", key));
  const auto folder = dev_folder();
  const bool inside = folder && folder->instance == instance.settings().slug();
  return new_file(inside ? folder->folder : fs::path("."), std::string(key), page->text("content"));
}

}  // namespace lamin
