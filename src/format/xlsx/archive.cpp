#include "format/xlsx/archive.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <zip.h>
#include "base/source_file.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

/// At most the memory of the tree that a text becomes. "<c/>" is four bytes of text and a node of 64.
std::uint64_t tree_bytes(std::string_view text) {
  constexpr std::uint64_t node = 64, attribute = 40;
  std::uint64_t nodes = 0, attributes = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '<') nodes += text[i + 1] != '/' ? 1 : 0;
    else if (text[i] == '>') nodes += text[i + 1] != '<' ? 1 : 0;  // a text
    else if (text[i] == '=') ++attributes;
  }
  return nodes * node + attributes * attribute;
}

struct ClosesPart {
  void operator()(zip_file_t* part) const { zip_fclose(part); }
};

/// What is not a zip file, by its first bytes.
[[noreturn]] void refuse(const base::SourceFile& file, const std::string& name) {
  std::uint8_t first[8] = {};
  const auto size = file.read_some(first);
  const std::string_view bytes(reinterpret_cast<const char*>(first), size);
  if (file.size() == 0) throw Error(Code::corrupt, fmt::format("The spreadsheet '{}' is empty.", name));
  if (bytes.starts_with("\xD0\xCF\x11\xE0")) {
    throw Error(Code::unsupported,
                fmt::format("'{}' is an old .xls file, or one with a password: open it in a spreadsheet program and "
                            "save it as .xlsx without one.",
                            name));
  }
  throw Error(Code::corrupt,
              fmt::format("'{}' is not a whole .xlsx file{}.", name,
                          bytes.starts_with("PK") ? ": it is damaged or was cut short" : ", which is a zip archive"));
}

}  // namespace

struct Archive::Closes {
  zip_t* zip = nullptr;
  ~Closes() {
    if (zip != nullptr) zip_discard(zip);
  }
};

Archive::Archive(const std::filesystem::path& path)
    : name_(path.string()), budget_(path.string(), base::SourceFile(path).size()), zip_(std::make_unique<Closes>()) {
  const int fd = base::open_regular(path);
  int error = 0;
  zip_->zip = zip_fdopen(fd, 0, &error);
  if (zip_->zip != nullptr) return;
  close(fd);
  refuse(base::SourceFile(path), name_);
}

Archive::~Archive() = default;

void Archive::corrupt(std::string_view why) const {
  throw Error(Code::corrupt, fmt::format("The spreadsheet '{}': {}.", name_, why));
}

bool Archive::has(const std::string& part) const { return zip_name_locate(zip_->zip, part.c_str(), 0) >= 0; }

std::unique_ptr<Part> Archive::read(const std::string& part) {
  zip_stat_t about;
  zip_stat_init(&about);
  if (zip_stat(zip_->zip, part.c_str(), 0, &about) != 0 || (about.valid & ZIP_STAT_SIZE) == 0)
    corrupt(fmt::format("it has no part '{}', which every workbook has", part));
  if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE) {
    throw Error(Code::unsupported, fmt::format("The spreadsheet '{}' has a password: save it without one.", name_));
  }
  const auto what = fmt::format("its part '{}'", part);
  budget_.take(about.size, 1, what);
  auto out = std::make_unique<Part>();
  out->text.resize(about.size);
  const std::unique_ptr<zip_file_t, ClosesPart> open(zip_fopen(zip_->zip, part.c_str(), 0));
  if (!open) corrupt(fmt::format("its part '{}' cannot be read: {}", part, zip_strerror(zip_->zip)));
  std::uint64_t read = 0;
  while (read < about.size) {
    const auto n = zip_fread(open.get(), out->text.data() + read, about.size - read);
    if (n <= 0) corrupt(fmt::format("its part '{}' is damaged: {}", part, zip_file_strerror(open.get())));
    read += static_cast<std::uint64_t>(n);
  }
  char beyond = 0;  // a checksum is compared at the end of a part
  if (zip_fread(open.get(), &beyond, 1) != 0)
    corrupt(fmt::format("its part '{}' is damaged: {}", part, zip_file_strerror(open.get())));
  budget_.take(tree_bytes(out->text), 1, what);
  const auto parsed = out->document.load_buffer_inplace(out->text.data(), out->text.size(),
                                                        pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) corrupt(fmt::format("its part '{}' is not XML: {}", part, parsed.description()));
  return out;
}

std::string_view local_name(const char* name) {
  const std::string_view whole = name;
  const auto colon = whole.find(':');
  return colon == whole.npos ? whole : whole.substr(colon + 1);
}

pugi::xml_node child_called(pugi::xml_node node, std::string_view name) {
  for (const auto child : node.children()) {
    if (child.type() == pugi::node_element && local_name(child.name()) == name) return child;
  }
  return {};
}

}  // namespace lamin::format
