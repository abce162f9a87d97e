// sketch.cpp -- columns, part by part.
#include "format/sketch.hpp"
#include <algorithm>
#include "format/column_state.hpp"

namespace lamin::format {

using Kind = Column::Kind;

ColumnSketcher::ColumnSketcher(std::string name, std::function<void(const ColumnSketch&)> give)
    : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->give = std::move(give);
}
ColumnSketcher::~ColumnSketcher() = default;
ColumnSketcher::ColumnSketcher(ColumnSketcher&&) noexcept = default;
void ColumnSketcher::add(const Column& part) { state_->add(part); }
void ColumnSketcher::add_codes(const Column& codes, const Column& levels, bool ordered, const std::string& where) {
  state_->add_codes(codes, levels, ordered, where);
}

const std::string& ColumnSketcher::name() const { return state_->name; }
std::int64_t ColumnSketcher::bytes() const { return state_->bytes(); }
void ColumnSketcher::drop_texts() { state_->drop_texts(); }

ColumnSketch ColumnSketcher::finish() {
  State& state = *state_;
  state.settle_codes();
  if (state.give && state.items) state.items->finish();
  if (state.give) state.give_all();
  ColumnSketch sketch{.name = state.name, .kind = state.kind.value_or(Kind::text)};
  sketch.nulls = state.nulls;
  sketch.complete = state.complete;
  sketch.ordered = state.ordered;
  sketch.zoned = state.zoned;
  sketch.repeated = state.repeated;
  if (sketch.kind == Kind::category && sketch.complete)
    sketch.unused =
        static_cast<std::int64_t>(state.known_levels.size() - std::min(state.known_levels.size(), state.texts.size()));
  if (sketch.kind == Kind::list) {
    if (state.items) {
      auto items = state.items->finish();
      sketch.values = items.values;
      sketch.counts = std::move(items.counts);
      sketch.rows = std::move(items.rows);
      sketch.complete = items.complete;
    }
    return sketch;
  }
  if (!sketch.complete) {
    state.put_classes(sketch);
    return sketch;
  }
  switch (sketch.kind) {
    case Kind::boolean: {
      std::vector<bool> values;
      for (const bool value : {false, true}) {
        const auto& seen = state.booleans[value ? 1 : 0];
        if (seen.count == 0) continue;
        values.push_back(value);
        sketch.counts.push_back(seen.count);
        sketch.rows.push_back(seen.row);
      }
      sketch.values = Column::booleans(values);
      break;
    }
    case Kind::int64:
      sketch.values = Column::from_values(Kind::int64, state.put_numbers(sketch, state.integers));
      break;
    case Kind::float64:
      sketch.values = Column::from_values(Kind::float64, state.put_numbers(sketch, state.reals));
      break;
    case Kind::time:
    case Kind::date: {
      state.put_texts(sketch);
      std::vector<Value> values;
      for (std::int64_t i = 0; i < sketch.values.size(); ++i)
        values.push_back(state.shown.find(sketch.values.text(i))->second);
      sketch.values = Column::from_values(sketch.kind, values);
      break;
    }
    case Kind::object: state.put_classes(sketch); break;
    default: state.put_texts(sketch);
  }
  return sketch;
}

const ColumnSketch* TableSketch::find(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &ColumnSketch::name);
  return found == columns.end() ? nullptr : &*found;
}

TableSketch sketch_frame(std::string slot, const Frame& frame) {
  TableSketch table{.slot = std::move(slot), .rows = frame.rows(), .index = frame.index};
  for (std::size_t i = 0; i < frame.size(); ++i) {
    ColumnSketcher sketcher(frame.names()[i]);
    sketcher.add(frame.at(i));
    table.columns.push_back(sketcher.finish());
    if (frame.names()[i] != frame.index) continue;
    NameSketcher names;
    names.add(frame.at(i));
    names.finish(table);
  }
  return table;
}

}  // namespace lamin::format
