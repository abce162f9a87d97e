// new_record.cpp -- stamps that do not wait for the save.
#include "registry/new_record.hpp"
#include "base/uid.hpp"

namespace lamin::registry {

Record new_record(const schema::Table& table, const Session& session) {
  Record record(table);
  for (const schema::Column& column : table.columns) {
    const auto fill = column.field == nullptr ? schema::Fill::nobody : column.field->fill;
    if (fill == schema::Fill::random_uid && !table.has(schema::Trait::versioned)) {
      record.set(column.position,
                 Value(base::random_uid(column.field->uid_size ? column.field->uid_size : column.field->size)));
    }
    if (fill == schema::Fill::user) record.set(column.position, Value(session.user));
    if (fill == schema::Fill::run && session.run != 0) record.set(column.position, Value(session.run));
  }
  if (!table.has(schema::Trait::branched)) return record;
  record.set("branch", Value(session.branch));
  if (table.find_column("space") != nullptr) record.set("space", Value(session.space));
  return record;
}

}  // namespace lamin::registry
