// wire_writer.cpp -- puts what was parsed into a memory file.
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include "format/wire.hpp"
#include "frame/column_data.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

constexpr std::size_t large = std::size_t{64} << 10;

}  // namespace

void WireWriter::flush(const void* data, std::size_t size) {
  const auto* at = static_cast<const char*>(data);
  while (size > 0) {
    const auto written = write(fd_, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      throw Error(Code::unavailable, std::string("No memory for a table: ") + std::strerror(errno) + ".");
    at += written;
    size -= static_cast<std::size_t>(written);
    done_ += written;
  }
}

void WireWriter::bytes(const void* data, std::size_t size) {
  if (size < large) {
    pending_.append(static_cast<const char*>(data), size);
  } else {
    flush(pending_.data(), pending_.size());
    pending_.clear();
    flush(data, size);
  }
  pending_.append(wire_padding(size), '\0');
  if (pending_.size() < large) return;
  flush(pending_.data(), pending_.size());
  pending_.clear();
}

std::int64_t WireWriter::finish() {
  flush(pending_.data(), pending_.size());
  pending_.clear();
  return done_;
}

void WireWriter::number(std::int64_t value) { bytes(&value, sizeof(value)); }

template <class T>
void WireWriter::values(const std::vector<T>& values) {
  number(static_cast<std::int64_t>(values.size()));
  bytes(values.data(), values.size() * sizeof(T));
}

void WireWriter::text(std::string_view text) {
  number(static_cast<std::int64_t>(text.size()));
  bytes(text.data(), text.size());
}

void WireWriter::texts(const std::vector<std::string>& texts) {
  number(static_cast<std::int64_t>(texts.size()));
  for (auto& each : texts) text(each);
}

void WireWriter::column(const ColumnData& data) {
  number(static_cast<std::int64_t>(data.kind));
  number(data.size);
  number(data.nulls);
  number(data.ordered ? 1 : 0);
  values(data.valid);
  values(data.bits);
  values(data.integers);
  values(data.reals);
  values(data.days);
  values(data.codes);
  values(data.offsets);
  values(data.bytes);
  number(data.dictionary ? 1 : 0);
  if (data.dictionary) column(*data.dictionary);
}

void WireWriter::frame(const Frame& frame) {
  text(frame.index);
  number(static_cast<std::int64_t>(frame.size()));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    text(frame.names()[i]);
    column(*frame.at(i).data());
  }
}

void WireWriter::head(const AnnDataHead& head) {
  number(head.n_obs);
  number(head.n_vars);
  frame(head.obs);
  frame(head.var);
  texts(head.uns_keys);
  texts(head.layers);
  texts(head.obsm);
}

void WireWriter::slots(const std::vector<Slot>& slots) {
  number(static_cast<std::int64_t>(slots.size()));
  for (const auto& slot : slots) {
    text(slot.name);
    frame(slot.frame);
  }
}

void WireWriter::sketch(const FileSketch& sketch) {
  text(sketch.otype);
  for (const auto value : {sketch.n_obs, sketch.n_vars, sketch.bytes_read}) number(value);
  number(static_cast<std::int64_t>(sketch.layers.size()));
  for (const auto& [name, encoding] : sketch.layers) {
    text(name);
    text(encoding);
  }
  number(static_cast<std::int64_t>(sketch.obsm.size()));
  for (const auto& [name, shape] : sketch.obsm) {
    text(name);
    values(shape);
  }
  number(static_cast<std::int64_t>(sketch.tables.size()));
  for (const auto& table : sketch.tables) {
    text(table.slot);
    text(table.index);
    for (const auto value : {table.rows, table.seen, table.repeated_names, std::int64_t{table.names_compared}})
      number(value);
    number(static_cast<std::int64_t>(table.columns.size()));
    for (const auto& one : table.columns) column_sketch(one);
  }
}

void WireWriter::layout(const TableLayout& layout) {
  number(layout.rows);
  frame(layout.columns);
}

void WireWriter::names(std::span<const std::string> names) { texts({names.begin(), names.end()}); }

void WireWriter::column_sketch(const ColumnSketch& one) {
  text(one.name);
  number(static_cast<std::int64_t>(one.kind));
  column(*one.values.data());
  values(one.counts);
  values(one.rows);
  for (const auto value : {one.nulls, one.unused, std::int64_t{one.complete}, std::int64_t{one.ordered}}) number(value);
  texts(one.repeated);
}

void WireWriter::edits(std::span<const ColumnEdit> edits) {
  number(static_cast<std::int64_t>(edits.size()));
  for (auto& edit : edits) {
    text(edit.slot);
    text(edit.column);
    column(*edit.values.data());
  }
}

template void WireWriter::values(const std::vector<std::int64_t>& values);  // for wire_outline.cpp

}  // namespace lamin::format
