// query.cpp -- a Query as a value that Python chains, and the calls that run it.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <algorithm>
#include <optional>
#include "ahead.hpp"
#include "bind.hpp"
#include "lake/rows/version.hpp"
#include "lamin/error.hpp"
#include "lamin/find.hpp"
#include "lamin/pages.hpp"
#include "lamin/save.hpp"
#include "record.hpp"
#include "registry/expr.hpp"
#include "same_instance.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

bool cut(const Query& query) { return query.limit >= 0 || query.offset > 0; }

/// Leaves out rows in the trash and on other branches.
Query seen(const Query& query) {
  Query next = query;
  next.any_branch = true;
  const auto& children = query.where.children;
  const bool conjunction = query.where.node == Expr::Node::all_of;
  if (conjunction && std::find(children.begin(), children.end(), Expr::visible()) != children.end()) return next;
  if (!conjunction) next.where = Expr::all_of({query.where});
  next.where.children.push_back(Expr::visible());
  return next;
}

/// Adds conditions as a separate all_of, so that they have separate to-many joins.
Query where(const Query& query, nb::handle queries, nb::handle keywords, bool negate) {
  Query next = query;
  Expr expr = to_expr(queries, keywords);
  if (expr.children.empty()) return next;
  if (cut(query)) throw nb::type_error("Cannot filter a query once a slice has been taken.");
  if (negate) {
    std::vector<Expr> one;
    one.push_back(std::move(expr));
    expr = Expr::none_of(std::move(one));
  }
  if (next.where.node == Expr::Node::all_of && next.where.children.empty() && !negate) {
    next.where = std::move(expr);
  } else if (next.where.node == Expr::Node::all_of) {
    next.where.children.push_back(std::move(expr));
  } else {
    std::vector<Expr> both;
    both.push_back(std::move(next.where));
    both.push_back(std::move(expr));
    next.where = Expr::all_of(std::move(both));
  }
  return next;
}

enum class Combine { both, either, one_of_two, first_only };

Query combined(const Query& a, const Query& b, int how) {
  if (a.registry != b.registry)
    throw nb::type_error(("Cannot combine queries of " + a.registry + " and " + b.registry + ".").c_str());
  if (cut(a) || cut(b)) throw nb::type_error("Cannot combine queries once a slice has been taken.");
  Query next = a;
  next.any_branch = true;
  const Expr x = a.any_branch ? a.where : seen(a).where, y = b.any_branch ? b.where : seen(b).where;
  switch (static_cast<Combine>(how)) {
    case Combine::both: next.where = Expr::all_of({x, y}); break;
    case Combine::either: next.where = Expr::any_of({x, y}); break;
    case Combine::one_of_two:
      next.where = Expr::all_of({Expr::any_of({x, y}), Expr::none_of({Expr::all_of({x, y})})});
      break;
    case Combine::first_only: next.where = Expr::all_of({x, Expr::none_of({y})}); break;
  }
  return next;
}

nb::object first(const InstanceRef& session, const Query& query) {
  std::optional<Record> row;
  locked(*session, [&] { row = session->database().first(query); });
  return wrap(std::move(row), session);
}

/// The newest of the versions that a query finds.
nb::object newest(const InstanceRef& session, const Query& query) {
  std::optional<Record> row;
  locked(*session, [&] { row = lake::newest(session->database(), query); });
  return wrap(std::move(row), session);
}

nb::list all(const InstanceRef& session, const Query& query) {
  std::vector<Record> rows;
  locked(*session, [&] { rows = session->database().all(query); });
  return wrap(std::move(rows), session);
}

/// At most two rows: enough to tell none, one and several apart.
nb::list two(const InstanceRef& session, const Query& query) {
  Query few = query;
  if (few.limit < 0 || few.limit > 2) few.limit = 2;
  return all(session, few);
}

/// The row that `get` returns, none, or two if it is ambiguous.
nb::list meant(const InstanceRef& session, const Query& query) {
  std::vector<Record> rows;
  locked(*session, [&] { rows = meant_rows(session->database(), query); });
  return wrap(std::move(rows), session);
}

nb::list columns(const InstanceRef& session, const Query& query, const std::vector<std::string>& paths) {
  std::vector<std::vector<Value>> values;
  locked(*session, [&] { values = session->database().columns(query, paths); });
  nb::list out;
  for (const auto& column : values) {
    nb::list list;
    for (const auto& value : column) list.append(from_value(value));
    out.append(list);
  }
  return out;
}

nb::object find(const InstanceRef& session, const std::string& table, nb::handle idlike) {
  std::optional<Record> row;
  if (PyLong_Check(idlike.ptr())) {
    const std::int64_t id = to_value(idlike).integer_or(0);
    locked(*session, [&] {
      Database& db = session->database();
      row = db.find(db.catalog().table(table), id);
    });
  } else {
    const std::string uid = text_or_empty(idlike);
    locked(*session, [&] {
      Database& db = session->database();
      row = db.find(db.catalog().table(table), std::string_view(uid));
    });
  }
  return wrap(std::move(row), session);
}

std::int64_t update(const InstanceRef& session, const Query& query, const nb::dict& given) {
  std::map<std::string, Value> values;
  {
    const schema::Table& table = session->database().catalog().table(query.registry);
    for (auto [name, value] : given) {
      const schema::Column& column = table.column(nb::cast<std::string>(name));
      values.emplace(nb::cast<std::string>(name), to_value(value, column.type));
    }
  }
  std::int64_t n = 0;
  locked(*session, [&] { n = lamin::update(session->open(), query, values); });
  return n;
}

const schema::Relation& relation_of(const Record& record, const std::string& name) {
  const schema::Relation* relation = record.table().find_relation(name);
  if (!relation) {
    throw Error(Code::unknown_field, record.table().name.str() + " has no relation '" + name +
                                         "'; nearest: " + record.table().nearest(name));
  }
  return *relation;
}

Query related(nb::handle object, const std::string& name) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  Query query;
  locked(*session, [&] { query = session->database().related(r.record, relation_of(r.record, name)); });
  return query;
}

/// Ids of rows of one registry in the instance of `object`; None if one of them is anything else.
nb::object saved_ids(nb::handle object, const std::string& registry, const nb::list& records) {
  const InstanceRef here = session_of(to_record(object));
  nb::list ids;
  for (nb::handle one : records) {
    const PyRecord* record = as_record(one);
    if (record == nullptr || !record->record.saved() || record->record.table().qualified != registry) return nb::none();
    check_same_instance(*here, *record);
    ids.append(record->record.id());
  }
  return ids;
}

std::int64_t link(nb::handle object, const std::string& name, const std::vector<std::int64_t>& ids,
                  const nb::dict& extra) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::map<std::string, Value> values;
  for (auto [key, value] : extra) values.emplace(nb::cast<std::string>(key), to_value(value));
  std::int64_t n = 0;
  locked(*session, [&] { n = lamin::link(session->open(), r.record, name, ids, values); });
  return n;
}

std::int64_t unlink(nb::handle object, const std::string& name, const std::vector<std::int64_t>& ids) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::int64_t n = 0;
  locked(*session, [&] { n = lamin::unlink(session->open(), r.record, name, ids); });
  return n;
}

struct PyPages {
  InstanceRef session;
  Pages pages;
};

void bind_query_class(nb::module_& m) {
  nb::class_<Query>(m, "Query")
      .def("__init__",
           [](Query* self, std::string registry) {
             new (self) Query();
             self->registry = std::move(registry);
           })
      .def_ro("registry", &Query::registry)
      .def_ro("limit", &Query::limit)
      .def_ro("offset", &Query::offset)
      .def_ro("order", &Query::order_by)
      .def_ro("any_branch", &Query::any_branch)
      .def("where", &where, nb::arg("queries").none(), nb::arg("keywords").none(), nb::arg("negate") = false)
      .def("combined", &combined)
      .def("seen", &seen)
      .def_prop_ro("is_cut", &cut)
      .def_ro("is_distinct", &Query::distinct)
      .def("__str__",
           [](const Query& q) {  // the explicit conditions, without the implicit ones
             Expr asked = q.where;
             std::erase(asked.children, Expr::visible());
             return to_string(asked);
           })
      .def("ordered",
           [](const Query& q, std::vector<std::string> order) {
             Query next = q;
             next.order_by = std::move(order);
             return next;
           })
      .def("sliced",
           [](const Query& q, std::int64_t offset, std::int64_t limit) {
             Query next = q;
             next.offset += offset;
             if (q.limit >= 0) {
               const std::int64_t left = q.limit > offset ? q.limit - offset : 0;
               limit = limit < 0 || limit > left ? left : limit;
             }
             next.limit = limit;
             return next;
           })
      .def("on_any_branch",
           [](const Query& q) {
             Query next = q;
             next.any_branch = true;
             return next;
           })
      .def("made_distinct", [](const Query& q) {
        Query next = q;
        next.distinct = true;
        return next;
      });
}

}  // namespace

void bind_query(nb::module_& m) {
  bind_query_class(m);
  m.def("first", &first);
  m.def("newest", &newest);
  m.def("all", &all);
  m.def("two", &two);
  m.def("columns", &columns);
  m.def("find", &find);
  m.def("count", [](const InstanceRef& session, const Query& query) {
    return locked(*session, [&] { return session->database().count(query); });
  });
  m.def("exists", [](const InstanceRef& session, const Query& query) {
    return locked(*session, [&] { return session->database().exists(query); });
  });
  m.def("meant", &meant);
  m.def("listed", [](const InstanceRef& session, const Query& query) { return listed(session->tables(), query); });
  m.def("members_of_type", [](nb::handle object, int depth) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    std::vector<std::int64_t> ids;
    locked(*session, [&] { ids = members_of_type(session->open(), r.record, depth); });
    return ids;
  });
  m.def("versions", [](nb::handle object) { return versions_of(to_record(object).record); });
  m.def("update", &update);
  m.def("related", &related);
  m.def("related_many", &related_many);
  nb::class_<PyPages>(m, "Pages")
      .def("__init__",
           [](PyPages* self, const InstanceRef& session, Query query, std::int64_t size) {
             new (self) PyPages{session, Pages(session->database(), std::move(query), size)};
           })
      .def("next", [](PyPages& self) {
        std::vector<Record> rows;
        locked(*self.session, [&] { rows = self.pages.next(); });
        return wrap(std::move(rows), self.session);
      });
  m.def("selects_rows",
        [](const std::string& keyword) { return registry::selects_rows(Expr::lookup(keyword, {Value()})); });
  m.def("readme", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    std::optional<Record> row;
    locked(*session, [&] { row = readme(session->open(), r.record); });
    return wrap(std::move(row), session);
  });
  m.def("saved_ids", &saved_ids);
  m.def("link", &link);
  m.def("unlink", &unlink);
}

}  // namespace lamin::python
