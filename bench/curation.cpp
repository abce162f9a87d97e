// Guesses at labels, without Python. Run in a folder that is connected to an instance whose ULabels have names:
//   bench_curation typos N       seconds of N look-ups of the ten names nearest to a typo, one per line
//   bench_curation misses N      the names whose first guess is another, with the typo, that guess, and how many of the
//   ten
//                                guesses have as few wrong letters as the name
//   bench_curation mapping N     of N names with one random edit: how many are known as they are, whose first guess is
//                                the name, for which another name would be put in their place
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "base/text.hpp"
#include "lake/curate/candidates.hpp"
#include "lamin/database.hpp"
#include "lamin/instance.hpp"

namespace {

using lamin::Candidate;

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::vector<std::string> names_of(lamin::Database& database, std::string_view registry) {
  const std::vector<std::string> paths{"name"};
  std::vector<std::string> names;
  const auto columns = database.columns({.registry = std::string(registry), .order_by = {"id"}}, paths);
  for (const auto& value : columns[0]) {
    if (const auto* name = value.text()) names.push_back(*name);
  }
  return names;
}

/// One letter left out, doubled up, exchanged with the next, or another one: as typing errors are.
std::string with_typo(const std::string& name, std::mt19937& random) {
  static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789 -";
  for (;;) {
    std::string typo = name;
    const auto at = random() % name.size();
    const char letter = letters[random() % letters.size()];
    switch (random() % 4) {
      case 0: typo.erase(at, 1); break;
      case 1: typo.insert(at, 1, letter); break;
      case 2: typo[at] = letter; break;
      default:
        if (at + 1 < name.size()) std::swap(typo[at], typo[at + 1]);
    }
    if (typo != name) return typo;
  }
}

int run(const std::string& what, std::size_t n, const std::string& registry) {
  auto instance = lamin::connect_current();
  auto names = names_of(instance->database(), registry);
  std::erase_if(names, [](const auto& name) { return name.size() < 4; });
  const std::unordered_set<std::string> known(names.begin(), names.end());
  const lamin::lake::Candidates candidates(*instance, {{.registry = registry, .options = {}}});
  std::mt19937 random(7);
  std::ignore = candidates.of("to make the index", 10);
  std::size_t first = 0, same = 0, wrong = 0, tried = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& name = names[random() % names.size()];
    const auto typo = with_typo(name, random);
    const double began = seconds();
    const auto found = candidates.of(typo, 10);
    if (what == "typos") std::printf("%.9f\n", seconds() - began);
    if (known.contains(typo)) {
      ++same;  // another name: nothing can tell
      continue;
    }
    ++tried;
    first += !found.empty() && found.front().value == name ? 1 : 0;
    if (what == "misses" && (found.empty() || found.front().value != name)) {
      const auto wrong_letters = [&](const std::string& text) {
        return lamin::base::edit_distance(lamin::base::fold(typo), lamin::base::fold(text));
      };
      const auto equal = std::ranges::count_if(
          found, [&](const auto& one) { return wrong_letters(one.value) <= wrong_letters(name); });
      std::printf("%s\t%s\t%s\t%d\n", name.c_str(), typo.c_str(), found.empty() ? "" : found.front().value.c_str(),
                  static_cast<int>(equal));
    }
    const lamin::BadValue bad{.value = typo, .candidates = found};
    wrong += bad.certain() && found.front().value != name ? 1 : 0;
  }
  if (what == "mapping") std::printf("%zu\n%zu\n%zu\n%zu\n", tried, first, wrong, same);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (argc < 3 || (what != "typos" && what != "mapping" && what != "misses")) {
    std::cerr << "usage: bench_curation typos|mapping|misses N [REGISTRY]\n";
    return 2;
  }
  try {
    return run(what, static_cast<std::size_t>(std::atoi(argv[2])), argc > 3 ? argv[3] : "ULabel");
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
