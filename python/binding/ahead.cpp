// ahead.cpp -- see ahead.hpp.
#include "ahead.hpp"
#include <algorithm>
#include "bind.hpp"
#include "lamin/error.hpp"
#include "lamin/pages.hpp"

namespace lamin::python {
namespace {

constexpr std::size_t second_window = 64, widest_window = 2048;
constexpr std::chrono::seconds longest_kept{1};

std::size_t next_window(const Ahead& ahead) {
  return ahead.window == 0 ? 1 : ahead.window == 1 ? second_window : widest_window;
}

/// Calls `use` with the records of the result, starting at this one.
template <class Use>
void upcoming(PyRecord& r, std::size_t window, const Use& use) {
  use(r.record);
  const auto& rows = r.batch->rows;
  const bool there = r.place < rows.size() && rows[r.place] == &r;
  for (std::size_t i = there ? r.place + 1 : rows.size(), n = 1; i < rows.size() && n < window; ++i) {
    if (rows[i] == nullptr) continue;
    use(rows[i]->record);
    ++n;
  }
}

const schema::Relation& relation_of(const Record& record, const std::string& name) {
  const auto* relation = record.table().find_relation(name);
  if (relation == nullptr)
    throw Error(Code::unknown_field, record.table().name.str() + " has no relation '" + name +
                                         "'; nearest: " + record.table().nearest(name));
  return *relation;
}

void read_ahead(PyRecord& r, const schema::Relation& relation, Ahead& ahead) {
  ahead.window = next_window(ahead);
  std::vector<std::int64_t> ids;
  upcoming(r, ahead.window, [&](const Record& record) { ids.push_back(record.id()); });
  InstanceRef session = session_of(r);
  RelatedRows found;
  std::array<std::int64_t, 3> now{};
  const auto began = std::chrono::steady_clock::now();
  locked(*session, [&] {
    Database& db = session->database();
    now = writes_along(db, relation);
    if (ids.size() > 1) {
      found = related_rows(db, relation, ids);
    } else {
      found.rows = db.all(db.related(r.record, relation));
      for (std::size_t i = 0; i < found.rows.size(); ++i) found.of[ids[0]].push_back(i);
    }
  });
  const nb::list objects = wrap(std::move(found.rows), session);
  ahead.lists.clear();
  for (const auto id : ids) {
    nb::list mine;
    for (const auto place : found.of[id]) mine.append(objects[place]);
    ahead.lists.emplace(id, std::move(mine));
  }
  ahead.stamps = now;
  ahead.read_at = began;
}

}  // namespace

nb::object referred(PyRecord& r, const schema::Column& column) {
  const Batch::Key at{column.to, r.record[column.position].integer_or(0)};
  BatchRef batch = r.batch;
  const auto kept = [&]() -> nb::object {
    const auto found = batch->related.find(at);
    return found == batch->related.end() ? nb::object() : nb::borrow(found->second);
  };
  if (nb::object object = kept()) return object;
  auto& window = batch->ahead[&column].window;
  window = next_window(batch->ahead[&column]);
  std::vector<std::int64_t> ids;
  upcoming(r, window, [&](const Record& record) {
    const auto& id = record[column.position];
    if (!id.is_null() && !batch->related.contains({column.to, id.integer_or(0)})) ids.push_back(id.integer_or(0));
  });
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  InstanceRef session = session_of(r);
  std::vector<Record> rows;
  locked(*session, [&] { rows = rows_by_id(session->database(), *column.to, ids); });
  const nb::list objects = wrap(std::move(rows), session);
  for (nb::handle object : objects) {
    const Batch::Key key{column.to, to_record(object).record.id()};
    if (batch->related.emplace(key, object.ptr()).second) Py_INCREF(object.ptr());
  }
  nb::object object = kept();
  return object ? object : nb::none();
}

nb::list related_many(nb::handle object, const std::string& name) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  const auto& relation = relation_of(r.record, name);
  BatchRef batch = r.batch;
  auto& ahead = batch->ahead[&relation];
  const auto id = r.record.id();
  if (ahead.lists.contains(id)) {
    bool fresh = std::chrono::steady_clock::now() - ahead.read_at < longest_kept;
    if (fresh) locked(*session, [&] { fresh = writes_along(session->database(), relation) == ahead.stamps; });
    if (!fresh) ahead.lists.clear();
  }
  if (!ahead.lists.contains(id)) read_ahead(r, relation, ahead);
  nb::list mine = ahead.lists.at(id);
  ahead.lists.erase(id);
  return mine;
}

}  // namespace lamin::python
