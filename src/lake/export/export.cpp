// export.cpp -- all tables of an instance as Parquet files.
//
// Everything is written to a new folder beside the target, which takes its place once it is whole.
#include "lamin/export.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <limits>
#include <optional>
#include <utility>
#include "base/file.hpp"
#include "base/fresh_file.hpp"
#include "base/json.hpp"
#include "base/progress.hpp"
#include "db/connection.hpp"
#include "format/format.hpp"
#include "lake/export/ducklake.hpp"
#include "lake/export/tables.hpp"
#include "lamin/database.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& folder) {
  std::error_code failure;
  if (!fs::exists(folder, failure)) return;
  if (!fs::is_directory(folder, failure))
    throw Error(Code::invalid_argument, fmt::format("'{}' is a file: pass a folder for the export.", folder.string()));
  if (fs::is_empty(folder, failure) || fs::exists(folder / lake::export_manifest, failure)) return;
  throw Error(
      Code::invalid_argument,
      fmt::format("'{}' holds other things than an export: pass a new folder, since an export replaces all of it.",
                  folder.string()));
}

std::string_view name_of(ExportTo form) {
  switch (form) {
    case ExportTo::ducklake: return "ducklake";
    case ExportTo::lamindb: return "lamindb";
    default: return "parquet";
  }
}

/// What everybody reads is one moment of the database.
class Moment {
 public:
  explicit Moment(db::Connection& connection) : connection_(connection), own_(!connection.in_transaction()) {
    if (own_) connection_.begin(false);
  }
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;
  ~Moment() {
    if (own_) connection_.rollback();
  }

 private:
  db::Connection& connection_;
  bool own_;
};

std::vector<std::string> columns_of(const schema::Table& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.column.str());
  return names;
}

/// The last eight bytes of a Parquet file say how long its footer is.
std::int64_t footer_of(const fs::path& file, std::int64_t bytes) {
  std::ifstream in(file, std::ios::binary);
  unsigned char length[4] = {};
  in.seekg(bytes - 8);
  in.read(reinterpret_cast<char*>(length), sizeof(length));
  std::int64_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | length[i];
  return value;
}

/// The rows of a table in the order of their ids, some at a time.
class Parts {
 public:
  Parts(Instance& instance, const schema::Table& table, bool zoned)
      : instance_(instance), table_(table), columns_(columns_of(table)), zoned_(zoned) {
    read();
  }
  const std::vector<std::string>& columns() const { return columns_; }
  std::vector<Column::Kind> kinds() const {
    std::vector<Column::Kind> kinds;
    for (std::size_t i = 0; i < ahead_.size(); ++i) kinds.push_back(ahead_.at(i).kind());
    return kinds;
  }
  bool done() const { return ahead_.rows() == 0; }
  Frame take() {
    auto part = std::move(ahead_);
    read();
    return part;
  }
  std::int64_t ready() const { return ahead_.rows(); }

 private:
  static constexpr std::int64_t at_once = 1 << 15;  ///< bounds the memory

  void read() {
    Query query{.registry = table_.table.str(), .order_by = {"id"}, .limit = at_once, .any_branch = true};
    if (after_) query.where = Expr::compare("id", Op::gt, Value(*after_));
    auto frame = registry_frame(instance_, query, columns_);
    if (frame.rows() > 0) after_ = frame.at("id").integers().back();
    ahead_ = Frame();
    for (std::size_t i = 0; i < frame.size(); ++i) {
      const auto& column = frame.at(i);
      ahead_.add(frame.names()[i], column.kind() == Column::Kind::time ? column.with_zone(zoned_) : column);
    }
  }

  Instance& instance_;
  const schema::Table& table_;
  std::vector<std::string> columns_;
  bool zoned_;
  std::optional<std::int64_t> after_ = {};  ///< the last id that was read; some are negative
  Frame ahead_ = {};
};

class Exporter {
 public:
  Exporter(Instance& instance, const fs::path& folder, const ExportOptions& options)
      : instance_(instance),
        folder_(folder),
        flat_(options.to == ExportTo::lamindb),
        rows_a_file_(flat_ ? std::numeric_limits<std::int64_t>::max()
                           : std::max<std::int64_t>(1, options.rows_a_file)) {}

  void add(const schema::Table& table) {
    Parts parts(instance_, table, !flat_);
    lake::LakeTable out{.name = table.table.str(), .columns = parts.columns(), .kinds = parts.kinds()};
    ExportedTable told{.name = out.name};
    while (!parts.done() || (flat_ && told.files.empty())) {
      const auto name = fmt::format("{}.parquet", flat_ ? out.name : std::to_string(out.files.size()));
      const auto below = flat_ ? name : out.name + "/" + name;
      const auto path = folder_ / below;
      fs::create_directories(path.parent_path());
      const auto rows = write(parts, path);
      const auto bytes = static_cast<std::int64_t>(fs::file_size(path));
      out.files.push_back({.path = name, .rows = rows, .bytes = bytes, .footer = footer_of(path, bytes)});
      told.rows += rows;
      told.files.push_back(below);
    }
    tables.push_back(std::move(out));
    told_.push_back(std::move(told));
  }

  std::vector<ExportedTable> finish(std::string_view form) {
    boost::json::array list;
    for (const auto& table : told_)
      list.push_back({{"table", table.name}, {"rows", table.rows}, {"files", boost::json::value_from(table.files)}});
    const boost::json::value document = {{"instance", instance_.settings().slug()}, {"format", form}, {"tables", list}};
    base::write_file(folder_ / lake::export_manifest, base::write_json(document) + "\n", base::Readers::all);
    return std::move(told_);
  }

  std::vector<lake::LakeTable> tables = {};

 private:
  /// One file, of a part at least; returns its rows.
  std::int64_t write(Parts& parts, const fs::path& path) const {
    std::int64_t rows = 0;
    bool first = true;
    format::write_parquet_parts(
        [&]() -> std::optional<Frame> {
          const bool full = rows > 0 && rows + parts.ready() > rows_a_file_;
          if (!std::exchange(first, false) && (parts.done() || full)) return std::nullopt;
          auto part = parts.take();
          rows += part.rows();
          return part;
        },
        path);
    return rows;
  }

  Instance& instance_;
  const fs::path& folder_;
  bool flat_;  ///< one file per table, as LaminDB has it
  std::int64_t rows_a_file_;
  std::vector<ExportedTable> told_ = {};
};

}  // namespace

ExportTo export_called(std::string_view name) {
  if (name == "parquet") return ExportTo::parquet;
  if (name == "ducklake") return ExportTo::ducklake;
  if (name == "lamindb") return ExportTo::lamindb;
  throw Error(Code::invalid_argument,
              fmt::format("'{}' is not a form of export: pass parquet, ducklake or lamindb.", name));
}

std::vector<const schema::Table*> lake::tables_of(Instance& instance, std::span<const std::string> modules) {
  std::vector<std::string> known;
  for (const auto& module : instance.catalog().modules()) known.push_back(module.name.str());
  for (const auto& name : modules) {
    if (std::ranges::find(known, name) == known.end())
      throw Error(Code::not_found,
                  fmt::format("'{}' is not a module of this instance: it has {}.", name, fmt::join(known, ", ")));
  }
  std::vector<const schema::Table*> tables;
  for (const auto& table : instance.catalog().tables()) {
    if (modules.empty() || std::ranges::find(modules, table.module.view()) != modules.end()) tables.push_back(&table);
  }
  return tables;
}

std::vector<ExportedTable> export_registries(Instance& instance, const ExportOptions& options) {
  const auto folder = fs::absolute(options.folder).lexically_normal();
  const auto target = folder.has_filename() ? folder : folder.parent_path();
  check_folder(target);
  std::error_code failure;
  fs::create_directories(target.parent_path(), failure);
  base::FreshFile fresh(target);
  if (!fs::create_directories(fresh.path(), failure))
    throw Error(Code::no_access, fmt::format("'{}' cannot be made: {}", fresh.path().string(), failure.message()));
  const auto all = lake::tables_of(instance, options.modules);
  Exporter exporter(instance, fresh.path(), options);
  {
    const Moment moment(instance.database().connection());
    base::Progress progress([&](Level level, const Words& words) { instance.database().say(level, words); },
                            "exporting tables", static_cast<std::int64_t>(all.size()));
    std::int64_t done = 0;
    for (const auto* table : all) {
      exporter.add(*table);
      progress.at(++done);
    }
  }
  if (options.to == ExportTo::ducklake) lake::write_ducklake(fresh.path() / "catalog.sqlite", target, exporter.tables);
  auto told = exporter.finish(name_of(options.to));
  fresh.put();
  return told;
}

}  // namespace lamin
