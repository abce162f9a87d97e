#include "format/hdf5/worker.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <iterator>
#include <limits>
#include <new>
#include "base/budget.hpp"
#include "format/anndata.hpp"
#include "format/hdf5/sandbox.hpp"
#include "format/hdf5_module.hpp"
#include "format/wire.hpp"
#include "lamin/error.hpp"

extern "C" const lamin::format::Hdf5* lamin_hdf5();

namespace lamin::format::h5 {
namespace {

using Outcome = Hdf5Answer::Outcome;

base::ReadLimits limits_of(const Hdf5Request& request) {
  base::ReadLimits limits{request.floor, request.ratio, request.most, request.cpu_seconds, request.explicit_bytes != 0};
  // How much memory the matrix is worth is up to the next program that opens the file; only claims without bytes are
  // refused.
  if (request.verb == Hdf5Verb::check && !limits.explicit_bytes) limits.most = std::numeric_limits<std::int64_t>::max();
  return limits;
}

/// Columns are built next to their raw cells; the rest is for the library.
std::int64_t memory_for(const Hdf5Request& request) {
  constexpr std::int64_t library = std::int64_t{128} << 20;
  const auto limits = limits_of(request);
  if (request.verb == Hdf5Verb::check) return 2 * library + 2 * limits.floor;
  const auto bytes = limits.bytes_for(request.stored);
  return bytes > std::numeric_limits<std::int64_t>::max() / 4 ? 0 : library + 2 * bytes;
}

void answer(const Task& task, const Hdf5Answer& head, std::string_view message, std::span<const int> descriptors = {}) {
  flock(task.file.get(), LOCK_UN);  // the receiver of the answer may open it for writing
  std::string packet(reinterpret_cast<const char*>(&head), sizeof(head));
  packet += message.substr(0, largest_packet / 2);
  send_packet(task.reply.get(), packet, descriptors);
}

/// With what `write` writes to a memory file.
template <class Write>
void answer_with(const Task& task, Write write, Outcome outcome = Outcome::done) {
  const Descriptor memory(memfd_create("lamin-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.is_open()) throw std::bad_alloc();
  WireWriter writer(memory.get());
  write(writer);
  Hdf5Answer done;
  done.outcome = outcome;
  done.size = writer.finish();
  fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  const int descriptors[] = {memory.get()};
  answer(task, done, {}, descriptors);
}

/// What the caller sent besides the file.
std::string sent(const Task& task) {
  struct stat info{};
  if (fstat(task.edits.get(), &info) != 0) throw std::bad_alloc();
  std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
  if (pread(task.edits.get(), bytes.data(), bytes.size(), 0) != info.st_size) throw std::bad_alloc();
  return bytes;
}

void edit(const Task& task, const Hdf5File& file) {
  lamin_hdf5()->edit_columns(file, WireReader(sent(task)).edits());
  answer(task, {}, {});
}

/// One part after the other, so that only one of them takes memory.
void give_values(const Task& task, const Hdf5File& file) {
  const auto asked = WireReader(sent(task)).edits();
  if (asked.size() != 1) throw Error(Code::internal, "values are asked for of one column");
  const auto give = [&](const ColumnSketch& some) {
    answer_with(task, [&](WireWriter& writer) { writer.column_sketch(some); }, Outcome::part);
    if (!receive_packet(task.reply.get())) _exit(0);  // nobody wants the rest
  };
  tree_values(*lamin_hdf5()->open(file), asked[0].slot, asked[0].column, {.take = give});
  answer(task, {}, {});
}

void perform(const Task& task) {
  base::Budget budget(task.name, task.request.stored, limits_of(task.request));
  const auto path = static_cast<std::size_t>(std::clamp<std::int64_t>(task.request.path, 0, std::ssize(task.name)));
  const auto name = task.name.substr(0, task.name.size() - path);
  const Hdf5File file{task.file.get(), name, budget, task.request.served != 0};
  switch (task.request.verb) {
    case Hdf5Verb::head: {
      const auto head = read_anndata_head(*lamin_hdf5()->open(file), file.name);
      return answer_with(task, [&](WireWriter& writer) { writer.head(head); });
    }
    case Hdf5Verb::sketch: {
      const auto sketch = sketch_tree(*lamin_hdf5()->open(file), file.name, task.request.most_rows);
      return answer_with(task, [&](WireWriter& writer) { writer.sketch(sketch); });
    }
    case Hdf5Verb::slots: {
      const auto slots = tree_slots(*lamin_hdf5()->open(file), file.name);
      return answer_with(task, [&](WireWriter& writer) { writer.slots(slots); });
    }
    case Hdf5Verb::layout: {
      const auto names = WireReader(sent(task)).names();
      const auto layout = table_layout(*lamin_hdf5()->open(file), names.at(0));
      return answer_with(task, [&](WireWriter& writer) { writer.layout(layout); });
    }
    case Hdf5Verb::table: {
      const auto names = WireReader(sent(task)).names();
      const auto columns = std::span(names).subspan(1);
      const std::vector<Slot> table{{names.at(0), read_table(*lamin_hdf5()->open(file), names.at(0), columns)}};
      return answer_with(task, [&](WireWriter& writer) { writer.slots(table); });
    }
    case Hdf5Verb::outline: {
      const auto outline = lamin_hdf5()->outline(
          file, {task.name.substr(name.size()), task.request.deep != 0, task.request.most_places});
      return answer_with(task, [&](WireWriter& writer) { writer.outline(outline); });
    }
    case Hdf5Verb::values: return give_values(task, file);
    case Hdf5Verb::edit: return edit(task, file);
    case Hdf5Verb::check: lamin_hdf5()->check(file); return answer(task, {}, {});
  }
}

void answer_error(const Task& task, Code code, std::string_view message) {
  Hdf5Answer failed;
  failed.outcome = Outcome::error;
  failed.code = static_cast<std::int64_t>(code);
  answer(task, failed, message);
}

}  // namespace

void work(Task task) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::int64_t more = 0;  // the size of what is to be written is up to the caller
  struct stat info{};
  if (task.edits.is_open() && fstat(task.edits.get(), &info) == 0) more = 4 * info.st_size;
  const auto memory = memory_for(task.request);
  confine(memory == 0 ? 0 : memory + more, task.request.cpu_seconds);
  try {
    perform(task);
  } catch (const Error& error) {
    std::string message = error.what();
    for (auto& context : error.context()) message += fmt::format(" ({})", context);
    answer_error(task, error.code(), message);
  } catch (const std::bad_alloc&) {
    answer_error(
        task, Code::corrupt,
        fmt::format("'{}' needs more memory than a file with {} on disk may take: it is damaged or made to harm. If "
                    "you trust it, set LAMIN_READ_BUDGET, for instance to 8GB.",
                    task.name, base::size_text(task.request.stored)));
  } catch (const std::exception& error) {
    answer_error(task, Code::internal, fmt::format("Reading '{}' failed: {}.", task.name, error.what()));
  }
  _exit(0);  // no cleanup of what ends with the process
}

}  // namespace lamin::format::h5
