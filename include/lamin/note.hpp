// note.hpp -- texts that people write about records: a readme, which has versions, and comments; notes as files.
//
// Texts are in Markdown. Any record of a registry with texts (LaminDB's `ablocks`) can have them; find.hpp reads a
// readme. A note is a Markdown file in a development folder (settings.hpp): a Record with the name of the file and, as
// its types, the folders above it. The header of the file holds the record's uid, so that a file that was renamed
// renames its record.
//
// Example: examples/cpp/note.cpp
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

/// Makes a text the readme of a record: the next version of the one it has, which is returned if it is the same. Throws
/// invalid_argument (an empty text, a registry without texts, a record that is not saved).
Record write_readme(Instance& instance, const Record& record, std::string_view text);
/// Adds a comment. Throws the same.
Record add_comment(Instance& instance, const Record& record, std::string_view text);
/// Oldest first.
std::vector<Record> comments(Instance& instance, const Record& record);

/// Makes a text a page of the instance, such as its README.md: the next version of the page with this key, which is
/// returned if it is the same. Throws invalid_argument (an empty text, a key that cannot be one).
Record write_page(Instance& instance, std::string_view key, std::string_view text);
/// Writes a page as a new file at its key, as write_note does. Throws the same.
std::filesystem::path write_page_file(Instance& instance, std::string_view key);

/// Whether a file is a note: *.md in a development folder of the instance, but no README.md.
bool is_note(const Instance& instance, const std::filesystem::path& file);
struct SavedNote {
  Record record = {};
  Record readme = {};    ///< the text, without the uid in its header
  bool renamed = false;  ///< the record had another name or place
};
/// Saves a note as the readme of its record and writes the record's uid into the file. Throws not_found (no folder's
/// name is a type; the uid in the header), conflict (another record has the name there), invalid_argument (not a note).
SavedNote save_note(Instance& instance, const std::filesystem::path& file);
/// The record of a note, by its path below the development folder, with or without ".md". Throws not_found.
Record note_at(Instance& instance, std::string_view path);
/// Writes a note as a new file: at its place in the development folder if the working directory is in one, otherwise
/// here. Throws not_found (no text), conflict (another file is there).
std::filesystem::path write_note(Instance& instance, const Record& record);

/// Whether a file is the plan of an agent: *.plan.md, or *.md below .claude/plans or .cursor/plans.
bool is_plan(const std::filesystem::path& file);
/// How a plan is saved: as an artifact of kind "plan" with the text below its header, described by its `overview`.
struct Plan {
  std::string key = {};  ///< ".plans/<name of the file>"
  std::string description = {};
  std::string text = {};
};
/// Throws not_found, no_access, invalid_argument (too large for a text).
Plan read_plan(const std::filesystem::path& file);

}  // namespace lamin
