// arrow_export.cpp -- columns as Arrow C data. Each exported struct holds a share of the buffers in `private_data`;
// children are owned by their parent and released with it, as the specification requires.
#include <fmt/format.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>
#include "frame/arrow_abi.hpp"
#include "frame/column_data.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using Kind = Column::Kind;

struct SchemaHolder {
  std::string name;
  std::vector<std::unique_ptr<ArrowSchema>> children;
  std::vector<ArrowSchema*> pointers;
  std::unique_ptr<ArrowSchema> dictionary;
};

struct ArrayHolder {
  std::shared_ptr<const ColumnData> data;
  ColumnData nan;  // its `valid` marks what is not NaN
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<ArrowArray>> children;
  std::vector<ArrowArray*> pointers;
  std::unique_ptr<ArrowArray> dictionary;
};

// A consumer may have moved a child out, which sets the child's `release` to null.
template <class Struct, class Holder>
void release(Struct* me) {
  auto* holder = static_cast<Holder*>(me->private_data);
  for (auto& child : holder->children) {
    if (child->release) child->release(child.get());
  }
  if (holder->dictionary && holder->dictionary->release) holder->dictionary->release(holder->dictionary.get());
  delete holder;
  me->release = nullptr;
}

template <class Struct, class Holder>
void finish(Struct* me, std::unique_ptr<Holder> holder) {
  for (auto& child : holder->children) holder->pointers.push_back(child.get());
  me->n_children = static_cast<std::int64_t>(holder->pointers.size());
  me->children = holder->pointers.empty() ? nullptr : holder->pointers.data();
  me->dictionary = holder->dictionary.get();
  me->release = release<Struct, Holder>;
  me->private_data = holder.release();
}

const char* format_of(const ColumnData& data) {
  switch (data.kind) {
    case Kind::boolean: return "b";
    case Kind::int64: return "l";
    case Kind::float64: return "g";
    case Kind::text: return "u";
    case Kind::time: return data.zoned ? "tsu:UTC" : "tsu:";
    case Kind::date: return "tdD";
    case Kind::category: return "i";
    case Kind::list: return "+l";
    case Kind::object: break;
  }
  return "n";
}

void export_schema(const ColumnData& data, std::string name, ArrowSchema* schema) {
  auto holder = std::make_unique<SchemaHolder>();
  holder->name = std::move(name);
  if (data.kind == Kind::category) {
    holder->dictionary = std::make_unique<ArrowSchema>();
    export_schema(*data.dictionary, "", holder->dictionary.get());
  }
  if (data.kind == Kind::list) {
    holder->children.push_back(std::make_unique<ArrowSchema>());
    export_schema(*data.items, "item", holder->children.back().get());
  }
  *schema = ArrowSchema{};
  schema->format = format_of(data);
  schema->name = holder->name.c_str();
  schema->flags = ARROW_FLAG_NULLABLE | (data.ordered ? ARROW_FLAG_DICTIONARY_ORDERED : 0);
  finish(schema, std::move(holder));
}

// An empty vector may return a null pointer; consumers do not expect null for values.
template <class T>
const void* pointer(const std::vector<T>& values) {
  static constexpr std::int64_t nothing[8] = {};
  return values.empty() ? static_cast<const void*>(nothing) : values.data();
}

// In Arrow a missing real is a null, not a NaN.
void mark_nan(const ColumnData& data, ColumnData& into) {
  ValidityBuilder validity(into, data.size);
  for (std::int64_t i = 0; i < data.size; ++i) {
    if (data.is_null(i)) validity.set_null(i);
  }
}

void export_array(std::shared_ptr<const ColumnData> data, ArrowArray* array) {
  auto holder = std::make_unique<ArrayHolder>();
  auto& buffers = holder->buffers;
  if (data->kind == Kind::float64) mark_nan(*data, holder->nan);
  const ColumnData& validity = data->kind == Kind::float64 ? holder->nan : *data;
  buffers.push_back(validity.valid.empty() ? nullptr : validity.valid.data());
  switch (data->kind) {
    case Kind::boolean: buffers.push_back(pointer(data->bits)); break;
    case Kind::int64:
    case Kind::time: buffers.push_back(pointer(data->integers)); break;
    case Kind::float64: buffers.push_back(pointer(data->reals)); break;
    case Kind::date: buffers.push_back(pointer(data->days)); break;
    case Kind::category: buffers.push_back(pointer(data->codes)); break;
    case Kind::list: buffers.push_back(pointer(data->offsets)); break;
    case Kind::object: break;
    case Kind::text:
      buffers.push_back(pointer(data->offsets));
      buffers.push_back(pointer(data->bytes));
      break;
  }
  if (data->kind == Kind::category) {
    holder->dictionary = std::make_unique<ArrowArray>();
    export_array(data->dictionary, holder->dictionary.get());
  }
  if (data->kind == Kind::list) {
    holder->children.push_back(std::make_unique<ArrowArray>());
    export_array(data->items, holder->children.back().get());
  }
  *array = ArrowArray{};
  array->length = data->size;
  array->null_count = validity.valid.empty() ? 0 : validity.nulls;
  array->n_buffers = static_cast<std::int64_t>(buffers.size());
  array->buffers = buffers.data();
  holder->data = std::move(data);
  finish(array, std::move(holder));
}

/// Before anything is handed out.
void check_can_export(const ColumnData& data, std::string_view name) {
  if (data.kind == Kind::list) check_can_export(*data.items, name);
  if (data.kind != Kind::object) return;
  throw Error(Code::unsupported,
              fmt::format("column '{}' holds values of several types, or dicts: such a column can be "
                          "checked, but not written to a file",
                          name));
}

}  // namespace

void Column::export_arrow(ArrowSchema* schema, ArrowArray* array) const {
  check_can_export(*data_, "");
  export_schema(*data_, "", schema);
  export_array(data_, array);
}

void Frame::export_arrow(ArrowSchema* schema, ArrowArray* array) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) check_can_export(*columns_[i].data(), names_[i]);
  auto schemas = std::make_unique<SchemaHolder>();
  auto arrays = std::make_unique<ArrayHolder>();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    schemas->children.push_back(std::make_unique<ArrowSchema>());
    arrays->children.push_back(std::make_unique<ArrowArray>());
    export_schema(*columns_[i].data(), names_[i], schemas->children.back().get());
    export_array(columns_[i].data(), arrays->children.back().get());
  }
  *schema = ArrowSchema{};
  schema->format = "+s";
  schema->name = "";
  finish(schema, std::move(schemas));
  arrays->buffers.push_back(nullptr);
  *array = ArrowArray{};
  array->length = rows_;
  array->n_buffers = 1;
  array->buffers = arrays->buffers.data();
  finish(array, std::move(arrays));
}

}  // namespace lamin
