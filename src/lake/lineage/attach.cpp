#include "lake/lineage/attach.hpp"
#include <fmt/format.h>
#include <fstream>
#include "base/path.hpp"
#include "base/redact.hpp"
#include "base/uid.hpp"
#include "lake/artifact/place.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;

void attach(Instance& instance, Record& run, const char* field, Source source, const std::string& description) {
  ArtifactOptions options;
  options.source = std::move(source);
  options.description = description;
  options.kind = "__lamindb_run__";
  options.run = 0;
  auto draft = prepare(instance, options, Telling::nothing);  // no message if the content is already known
  save_artifact(instance, draft, [&](Record& artifact) {
    run.set(field, artifact.id());
    registry::Writes(instance.database()).save(run);
  });
}

// A secret may stand on several lines (a private key): it is found if it is in one block with its end.
RedactedCopy::RedactedCopy(const fs::path& text) {
  constexpr std::size_t block = 4 << 20, overlap = 1 << 16;
  path_ = base::cache_folder() / fmt::format("run_log_{}.txt", base::random_uid(12));
  fs::create_directories(path_.parent_path());
  std::ifstream in(text, std::ios::binary);
  std::ofstream out(path_, std::ios::binary);
  std::error_code ignored;
  fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write, ignored);
  std::string pending(block, '\0');
  std::size_t held = 0;
  while (in) {
    pending.resize(held + block);
    in.read(pending.data() + held, static_cast<std::streamsize>(block));
    pending.resize(held + static_cast<std::size_t>(in.gcount()));
    const auto limit = in && pending.size() > overlap ? pending.size() - overlap : pending.size();
    const auto line = pending.rfind('\n', limit == 0 ? 0 : limit - 1);
    const auto end = !in || line == pending.npos ? limit : line + 1;
    out << base::redact_text(std::string_view(pending).substr(0, end));
    pending.erase(0, end);
    held = pending.size();
  }
  if (!out.flush()) {
    fs::remove(path_, ignored);
    throw Error(Code::unavailable, fmt::format("'{}' could not be written: is the disk full?", path_.string()));
  }
}

RedactedCopy::~RedactedCopy() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

std::string file_name(const std::string& name) {
  const auto suffix = fs::path(name).extension();
  return suffix == ".lock" ? name + ".txt" : name;
}

}  // namespace lamin::lake
