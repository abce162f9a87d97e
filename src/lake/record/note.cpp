#include "lamin/note.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/text.hpp"
#include "lamin/block.hpp"
#include "lamin/error.hpp"
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

Record saved(Instance& instance, const BlockOptions& options) {
  Record block;
  instance.database().transaction([&] {
    block = make_block(instance, options);
    if (block.saved() && block.text("content") == options.content) return;
    block.set("content", Value(options.content));
    registry::Writes(instance.database()).save(block);
  });
  return block;
}

Record write(Instance& instance, const Record& record, std::string_view kind, std::string_view text) {
  const auto& relation = texts_of(record);
  if (base::trim(text).empty())
    throw Error(Code::invalid_argument, fmt::format("the {} is empty: pass its text", kind));
  if (!record.saved())
    throw Error(Code::invalid_argument, fmt::format("save {} before a {} of it", named(record), kind));
  return saved(instance, {.registry = relation.to->qualified.str(),
                          .host = record.id(),
                          .content = std::string(text),
                          .kind = std::string(kind)});
}

}  // namespace

Record write_readme(Instance& instance, const Record& record, std::string_view text) {
  return write(instance, record, "readme", text);
}

Record add_comment(Instance& instance, const Record& record, std::string_view text) {
  return write(instance, record, "comment", text);
}

Record write_page(Instance& instance, std::string_view key, std::string_view text) {
  return saved(instance, {.key = std::string(key), .content = std::string(text)});
}

std::vector<Record> comments(Instance& instance, const Record& record) {
  auto query = instance.database().related(record, texts_of(record));
  query.where = Expr::all_of({std::move(query.where), Expr::compare("kind", Op::exact, Value("comment"))});
  query.order_by = {"id"};
  return instance.database().all(query);
}

}  // namespace lamin
