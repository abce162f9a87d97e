// Synonyms of one row, and the keys of look-up objects.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lake/label/value_index.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

const schema::Column& synonyms_column(const Record& record) {
  const schema::Column* column = record.table().find_column("synonyms");
  if (!column) { throw Error(Code::invalid_argument, record.table().qualified.str() + " keeps no synonyms"); }
  return *column;
}

std::vector<std::string> synonyms_of(const Record& record, const schema::Column& column) {
  std::vector<std::string> parts;
  for (std::string& part : base::split(record[column.position].text_or(""), '|')) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  return parts;
}

void write_synonyms(Instance& instance, Record& record, const schema::Column& column,
                    const std::vector<std::string>& parts, bool save) {
  record.set(column.position, parts.empty() ? Value() : Value(base::join(parts, "|")));
  if (save && record.saved()) registry::Writes(instance.database()).save(record);
}

/// Name of another row that already has this text as its name or synonym.
std::string other_owner(Instance& instance, const Record& record, std::string_view synonym) {
  const schema::Table& table = record.table();
  const lake::ValueScope scope{
      .table = &table, .field = &table.column(table.name_field), .synonyms = table.find_column("synonyms")};
  const auto index = lake::value_index(instance.database(), scope);
  std::string buffer;
  const std::string folded(lake::fold_into(buffer, synonym));
  for (const lake::TextMap* map : {&index->folded_values(), &index->folded_synonyms()}) {
    for (auto e = map->find(folded); e != lake::TextMap::none; e = map->next(e)) {
      if (index->id(map->row(e)) != record.id()) return std::string(index->value(map->row(e)));
    }
  }
  return {};
}

constexpr std::array<std::string_view, 35> python_keywords{
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

}  // namespace

void add_synonym(Instance& instance, Record& record, std::string_view synonym, const SynonymOptions& options) {
  const schema::Column& column = synonyms_column(record);
  const std::string text(base::trim(synonym));
  if (text.empty()) throw Error(Code::invalid_argument, "a synonym cannot be empty");
  if (text.find('|') != std::string::npos) {
    throw Error(Code::validation, "synonym '" + text + "' contains '|', which separates synonyms: add them one by one");
  }
  std::vector<std::string> parts = synonyms_of(record, column);
  if (std::find(parts.begin(), parts.end(), text) != parts.end()) return;
  if (!options.force) {
    if (const std::string owner = other_owner(instance, record, text); !owner.empty()) {
      throw Error(Code::validation, "synonym '" + text + "' belongs to '" + owner + "' already: remove it there, or " +
                                        "pass force to have it on both");
    }
  }
  parts.push_back(text);
  write_synonyms(instance, record, column, parts, options.save);
}

void remove_synonym(Instance& instance, Record& record, std::string_view synonym) {
  const schema::Column& column = synonyms_column(record);
  std::vector<std::string> parts = synonyms_of(record, column);
  if (std::erase(parts, std::string(base::trim(synonym))) > 0) {
    write_synonyms(instance, record, column, parts, true);
  }
}

std::string lookup_key(std::string_view value, std::string_view prefix) {
  std::string key;
  for (char c : value) {
    const auto u = static_cast<unsigned char>(c);
    const bool kept = u < 0x80 && (std::isalnum(u) || c == '_');
    if (kept) key += static_cast<char>(std::tolower(u));
    else if (key.empty() || key.back() != '\0') key += '\0';
  }
  // Runs of other characters became one NUL, so that they are not confused with underscores in the value.
  std::replace(key.begin(), key.end(), '\0', '_');
  if (key.empty() || !std::isalpha(static_cast<unsigned char>(key[0]))) key.insert(0, prefix);
  if (std::find(python_keywords.begin(), python_keywords.end(), key) != python_keywords.end()) key += "_";
  return key;
}

}  // namespace lamin
