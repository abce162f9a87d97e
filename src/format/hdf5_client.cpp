// hdf5_client.cpp -- the questions about HDF5 files, and what is made of the answers.
#include "format/hdf5_client.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <algorithm>
#include <cerrno>
#include "base/budget.hpp"
#include "base/source_file.hpp"
#include "format/hdf5_helper.hpp"
#include "format/wire.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
using Outcome = Hdf5Answer::Outcome;

base::SourceFile opened(const fs::path& path) {
  base::SourceFile file(path);
  if (file.size() == 0) {
    throw Error(Code::corrupt, fmt::format("'{}' is empty: was its writing interrupted?", path.string()));
  }
  return file;
}

/// The worker limits its columns; a larger frame comes from a worker that was taken over.
Mapped mapped(const Answered& answered, std::int64_t stored) {
  constexpr std::int64_t slack = 64 << 20;
  return {answered, base::ReadLimits::from_environment().bytes_for(stored) + slack};
}

/// What the worker answers to a question about the content.
Mapped content(Hdf5Verb verb, const fs::path& path, const base::SourceFile& file, int names = -1) {
  return mapped(ask(asked(verb, path.string(), file.size()), file.descriptor(), names), file.size());
}

/// A memory file for the worker.
template <class Write>
Descriptor memory_with(const char* what, Write write) {
  Descriptor memory(memfd_create("lamin-names", MFD_CLOEXEC));
  if (!memory.is_open()) helper_unavailable(fmt::format("No memory for {}", what), errno);
  WireWriter writer(memory.get());
  write(writer);
  writer.finish();
  return memory;
}

Descriptor memory_with_edits(std::span<const ColumnEdit> edits) {
  return memory_with("the columns to be written", [&](WireWriter& writer) { writer.edits(edits); });
}

Descriptor memory_with_names(const std::string& slot, std::span<const std::string> columns) {
  std::vector<std::string> names{slot};
  names.insert(names.end(), columns.begin(), columns.end());
  return memory_with("the names of columns", [&](WireWriter& writer) { writer.names(names); });
}

}  // namespace

TableLayout hdf5_table_layout(const fs::path& path, const std::string& slot) {
  const auto file = opened(path);
  const auto names = memory_with_names(slot, {});
  const Mapped mapped = content(Hdf5Verb::layout, path, file, names.get());
  return WireReader(mapped.bytes()).layout();
}

Frame read_hdf5_table(const fs::path& path, const std::string& slot, std::span<const std::string> columns) {
  const auto file = opened(path);
  const auto names = memory_with_names(slot, columns);
  const Mapped mapped = content(Hdf5Verb::table, path, file, names.get());
  auto slots = WireReader(mapped.bytes()).slots();
  const bool sound = slots.size() == 1 && std::ranges::equal(slots[0].frame.names(), columns);
  if (!sound) throw Error(Code::corrupt, "The process that reads HDF5 files gave an answer that is none.");
  return std::move(slots[0].frame);
}

AnnDataHead read_hdf5_head(const fs::path& path) {
  const auto file = opened(path);
  const Mapped mapped = content(Hdf5Verb::head, path, file);
  return WireReader(mapped.bytes()).head();
}

FileSketch glance_at_hdf5(const fs::path& path, std::int64_t most_rows) {
  const auto file = opened(path);
  auto wanted = asked(Hdf5Verb::sketch, path.string(), file.size());
  wanted.request.most_rows = most_rows;
  const Mapped memory = mapped(ask(wanted, file.descriptor()), file.size());
  auto sketch = WireReader(memory.bytes()).sketch();
  sketch.bytes = file.size();
  return sketch;
}

FileSketch sketch_hdf5(const fs::path& path) { return glance_at_hdf5(path, all_rows); }

std::vector<Slot> read_hdf5_slots(const fs::path& path) {
  const auto file = opened(path);
  const Mapped mapped = content(Hdf5Verb::slots, path, file);
  return WireReader(mapped.bytes()).slots();
}

void hdf5_values(const fs::path& path, const std::string& slot, const std::string& column, const TakeValues& take) {
  const auto file = opened(path);
  const ColumnEdit of{.slot = slot, .column = column, .values = Column::texts(std::vector<std::string>())};
  const auto question = asked(Hdf5Verb::values, path.string(), file.size());
  const auto socket = start_worker(question, file.descriptor(), memory_with_edits({&of, 1}).get());
  for (;;) {
    const auto answered = next_answer(socket, question);
    if (answered.answer.outcome == Outcome::done) return;
    {
      const Mapped memory = mapped(answered, file.size());
      take.take(WireReader(memory.bytes()).column_sketch());
    }
    send_packet(socket.get(), "next");
  }
}

void check_hdf5(const fs::path& path) {
  const auto file = opened(path);
  ask(asked(Hdf5Verb::check, path.string(), file.size()), file.descriptor());
}

Hdf5Outline outline_hdf5(const Hdf5Origin& origin, const OutlineQuery& query) {
  if (origin.size == 0) {
    throw Error(Code::corrupt, fmt::format("'{}' is empty: was its writing interrupted?", origin.name));
  }
  auto wanted = asked(Hdf5Verb::outline, origin.name, origin.size);
  if (query.path.size() > largest_packet / 4) throw Error(Code::invalid_argument, "The path in the file is too long.");
  wanted.request.path = static_cast<std::int64_t>(query.path.size());
  wanted.request.deep = query.deep ? 1 : 0;
  wanted.request.most_places = query.most_places;
  wanted.request.served = origin.ranges ? 1 : 0;
  Answered answered;
  if (origin.ranges) {
    constexpr std::int64_t network = 300;  // seconds; each range is a round trip
    wanted.request.wall_seconds += network;
    answered = ask_of_ranges(wanted, origin, query.path);
  } else {
    answered = ask(wanted, origin.descriptor, -1, query.path);
  }
  const Mapped memory = mapped(answered, origin.size);
  return WireReader(memory.bytes()).outline();
}

void edit_hdf5_columns(const fs::path& path, const std::string& name, std::span<const ColumnEdit> edits) {
  const auto size = opened(path).size();
  const Descriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!file.is_open()) helper_unavailable(fmt::format("Cannot write '{}'", path.string()), errno);
  ask(asked(Hdf5Verb::edit, name, size), file.get(), memory_with_edits(edits).get());
}

}  // namespace lamin::format
