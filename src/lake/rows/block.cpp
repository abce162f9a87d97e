// block.cpp -- which row a text becomes: the latest version, the next one, or a new text.
#include "lake/rows/block.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lake/rows/version.hpp"
#include "registry/new_record.hpp"

namespace lamin {
namespace lake {
namespace {

constexpr std::string_view readme_kind = "readme", comment_kind = "comment";

void check_kind(const schema::Table& table, std::string_view kind) {
  const bool page = host_of(table) == nullptr;
  if (kind == readme_kind || (kind == comment_kind && !page)) return;
  throw Error(Code::invalid_argument,
              page ? fmt::format("Only kind = 'readme' is supported for {}, not '{}'", base::lower(table.name), kind)
                   : fmt::format("kind must be 'readme' or 'comment', not '{}'", kind));
}

void set_hash(Record& block) {
  const auto content = block.text("content");
  block.set("hash", content.empty() ? Value() : Value(base::md5_base64(content)));
}

bool is_taken(Database& database, const Record& block) {
  return database.exists({.registry = block.table().qualified.str(),
                          .where = Expr::compare("uid", Op::exact, Value(block.uid())),
                          .any_branch = true});
}

void before_insert(Database& database, Record& block) {
  check_kind(block.table(), block.text("kind"));
  if (block.text("kind") == comment_kind && base::trim(block.text("content")).empty())
    throw Error(Code::invalid_argument, "the comment is empty: pass its text");
  set_hash(block);
  if (block.uid().empty() || !is_taken(database, block)) return;  // another writer was first
  std::vector<std::string> taken;
  for (const auto& row : family_newest_first(database, block.table(), stem_of(block))) taken.emplace_back(row.uid());
  block.set("uid", Value(uid_after(stem_of(block), taken)));
}

class BlockMaker {
 public:
  BlockMaker(Instance& instance, const BlockOptions& options)
      : instance_(instance),
        options_(options),
        table_(instance.catalog().table(options.registry)),
        host_(host_of(table_)) {
    check_kind(table_, options.kind);
    if (host_ != nullptr && !options.host)
      throw Error(Code::invalid_argument, fmt::format("{} is required for {}", host_->name.view(), table_.name.view()));
    if (options.kind == comment_kind && !options.revises.empty())
      throw Error(Code::invalid_argument, "revises is not allowed for kind='comment'; comments have no versions");
    if (!options.key.empty()) base::check_key(options.key);
  }

  Record make() {
    if (options_.kind == comment_kind) return blank({});
    const auto before = latest();
    if (before && is_same(*before)) {
      instance_.say(Level::important,
                    fmt::format("returning existing {} with uid {}", table_.name.view(), before->uid()));
      if (!options_.key.empty() && before->text("key") != options_.key)
        instance_.say(Level::warning,
                      fmt::format("key {} on existing block differs from passed key {}, keeping original key",
                                  before->text("key"), options_.key));
      return *before;
    }
    if (before) check_tag(*before, options_.version_tag);
    if (host_ == nullptr && !options_.content.empty()) {
      if (auto same = page_with_content()) return std::move(*same);
    }
    return blank(before);
  }

 private:
  std::int64_t branch() const { return options_.branch.value_or(instance_.database().session().branch); }

  std::optional<Record> latest() {
    const auto& named = options_.revises.empty() ? options_.uid : options_.revises;
    if (!named.empty()) {
      auto row = instance_.database().get(table_, named);
      if (!options_.uid.empty()) return row;
      check_tag(row, options_.version_tag);
      auto head = head_of_family(instance_, table_, stem_of(row), branch());
      return head ? std::move(head) : std::optional(std::move(row));
    }
    if (host_ != nullptr) {
      const auto of_host = Expr::compare(host_->name.str(), Op::exact, *options_.host);
      return newest_where(Expr::all_of({of_host, Expr::compare("kind", Op::exact, Value(readme_kind))}));
    }
    return options_.key.empty() ? std::nullopt : head(instance_, table_, "key", Value(options_.key), branch());
  }

  std::optional<Record> newest_where(Expr where) {
    where = Expr::all_of({std::move(where), Expr::compare("is_latest", Op::exact, Value(true))});
    if (table_.has(schema::Trait::branched)) where.children.push_back(Expr::compare("branch", Op::ne, trash_branch));
    return instance_.database().first({.registry = options_.registry,
                                       .where = std::move(where),
                                       .order_by = {"-created_at", "-id"},
                                       .any_branch = true});
  }

  /// It is the row that is named, holds no text yet, or this one.
  bool is_same(const Record& row) const {
    if (!options_.uid.empty()) return row.uid() == options_.uid;
    const auto text = row.text("content");
    if (!options_.revises.empty()) return !text.empty() && text == options_.content;
    return text.empty() || text == options_.content;
  }

  std::optional<Record> page_with_content() {
    auto found = newest_where(Expr::compare("hash", Op::exact, Value(base::md5_base64(options_.content))));
    if (!found) return std::nullopt;
    if (!options_.key.empty() && found->text("key") != options_.key) {
      instance_.say(Level::warning,
                    fmt::format("key {} on existing block differs from passed key {}, keeping original key",
                                found->text("key"), options_.key));
    }
    return found;
  }

  Record blank(const std::optional<Record>& before) {
    Record block = registry::new_record(table_, instance_.database().session());
    block.set("uid", Value(before ? next_uid(instance_, table_, stem_of(*before))
                                  : base::random_uid(static_cast<std::size_t>(table_.stem_size)) + "0000"));
    block.set("content", Value(options_.content)).set("kind", Value(options_.kind));
    if (!options_.version_tag.empty()) block.set("version_tag", Value(options_.version_tag));
    if (host_ != nullptr) block.set(host_->name.view(), *options_.host);
    set_hash(block);
    if (table_.has(schema::Trait::branched)) {
      if (options_.branch) block.set("branch", *options_.branch);
      if (options_.space && table_.find_column("space") != nullptr) block.set("space", *options_.space);
    }
    if (host_ != nullptr) return block;
    const auto key = options_.key.empty() && before ? std::string(before->text("key")) : options_.key;
    if (!key.empty()) block.set("key", Value(key));
    if (options_.anchor) block.set("anchor", *options_.anchor);
    return block;
  }

  Instance& instance_;
  const BlockOptions& options_;
  const schema::Table& table_;
  const schema::Column* host_;
};

}  // namespace

bool is_block(const schema::Table& table) {
  return table.registry && table.has(schema::Trait::versioned) && table.find_column("content") != nullptr &&
         table.find_column("kind") != nullptr && table.find_column("hash") != nullptr;
}

const schema::Column* host_of(const schema::Table& table) {
  const auto host = std::ranges::find_if(table.columns, [](const schema::Column& column) {
    return column.kind == schema::Kind::ref && column.field != nullptr && column.field->inverse == "ablocks";
  });
  return host == table.columns.end() ? nullptr : &*host;
}

void install_block_hooks(Database& database) {
  for (const schema::Table& table : database.catalog().tables()) {
    if (!is_block(table)) continue;
    Hooks& hooks = database.hooks()[table.qualified.str()];
    append_hook(hooks.before_insert, before_insert);
    append_update_hook(hooks, {"content", "kind"}, [](Database&, const Record&, Record& now) {
      check_kind(now.table(), now.text("kind"));
      set_hash(now);
    });
  }
}

}  // namespace lake

Record make_block(Instance& instance, const BlockOptions& options) {
  return lake::BlockMaker(instance, options).make();
}

}  // namespace lamin
