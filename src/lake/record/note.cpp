#include "lamin/note.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/path.hpp"
#include "lake/rows/version.hpp"
#include "lamin/error.hpp"
#include "lamin/find.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

const schema::Relation& texts_of(const Record& record) {
  const auto texts = std::ranges::find_if(record.table().relations, [](const schema::Relation& relation) {
    return relation.name == "ablocks" && relation.shape == schema::Relation::Shape::to_many;
  });
  if (texts == record.table().relations.end())
    throw Error(Code::invalid_argument, fmt::format("no texts can be written about a {}", record.table().name.view()));
  return *texts;
}

Record write(Instance& instance, const Record& record, std::string_view kind, std::string_view text) {
  const auto& relation = texts_of(record);
  if (!record.saved())
    throw Error(Code::invalid_argument, fmt::format("save {} before a {} of it", to_string(record), kind));
  Record block(*relation.to);
  block.set(relation.to_column->name, Value(record.id()));
  block.set("kind", Value(kind));
  block.set("content", Value(text));
  registry::Writes(instance.database()).save(block);
  return block;
}

}  // namespace

Record write_readme(Instance& instance, const Record& record, std::string_view text) {
  static_cast<void>(texts_of(record));
  if (auto same = readme(instance, record); same && same->text("content") == text) return std::move(*same);
  return write(instance, record, "readme", text);
}

Record add_comment(Instance& instance, const Record& record, std::string_view text) {
  return write(instance, record, "comment", text);
}

Record write_page(Instance& instance, std::string_view key, std::string_view text) {
  base::check_key(key);
  Record page(instance.catalog().table("Block"));
  instance.database().transaction([&] {
    auto latest = lake::head(instance, page.table(), "key", Value(key), instance.session().branch);
    if (latest && latest->text("content") == text) {
      page = std::move(*latest);
      return;
    }
    page = Record(instance.catalog().table("Block"));
    if (latest) page.set("uid", Value(lake::next_uid(instance, page.table(), lake::stem_of(*latest))));
    page.set("key", Value(key));
    page.set("kind", Value("readme"));
    page.set("content", Value(text));
    registry::Writes(instance.database()).save(page);
  });
  return page;
}

std::vector<Record> comments(Instance& instance, const Record& record) {
  auto query = instance.database().related(record, texts_of(record));
  query.where = Expr::all_of({std::move(query.where), Expr::compare("kind", Op::exact, Value("comment"))});
  query.order_by = {"id"};
  return instance.database().all(query);
}

}  // namespace lamin
