#include "lamin/array_file.hpp"

namespace lamin {

std::int64_t ArrayInfo::cells() const {
  std::int64_t cells = 1;
  for (const auto size : shape) cells *= size;
  return cells;
}

std::string_view ArrayTexts::at(std::size_t i) const {
  const auto begin = i == 0 ? 0 : static_cast<std::size_t>(ends[i - 1]);
  return std::string_view(bytes).substr(begin, static_cast<std::size_t>(ends[i]) - begin);
}

Selection ArrayFile::whole(const std::string& array) {
  Selection all;
  for (const auto size : info(array).shape) all.push_back({{0, size}});
  return all;
}

}  // namespace lamin
