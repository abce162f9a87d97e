// hostile_names_testing.hpp -- names that lead, or seem to lead, out of the place that they are below.
#pragma once
#include <string>
#include <vector>

namespace lamin::base {

/// What people and programs have tried, around each of a few targets.
inline std::vector<std::string> hostile_names() {
  const std::vector<std::string> ups = {"..",
                                        "../..",
                                        "./..",
                                        "a/../..",
                                        "a/b/../../..",
                                        "...",
                                        ".. ",
                                        " ..",
                                        "..\\",
                                        "\\..",
                                        "..\\..",
                                        "..%2f..",
                                        "%2e%2e",
                                        "%2e%2e%2f",
                                        "..%c0%af",
                                        "..%252f",
                                        "\xef\xbc\x8e\xef\xbc\x8e",
                                        "..;",
                                        "~",
                                        "$HOME",
                                        "link",
                                        "link/..",
                                        "a/link",
                                        "link/link",
                                        "//",
                                        "/",
                                        "/..",
                                        "///etc",
                                        "C:",
                                        "C:\\",
                                        "\\\\server\\share",
                                        "file:",
                                        "file://",
                                        "-",
                                        "..\r",
                                        "..\n",
                                        "..\t",
                                        "a\x7f..",
                                        "\x01.."};
  const std::vector<std::string> targets = {"outside/secret.txt", "secret.txt", "etc/passwd", "x",
                                            "outside/new/deep.txt"};
  std::vector<std::string> names;
  for (const auto& up : ups) {
    for (const auto& target : targets) {
      names.push_back(up + "/" + target);
      names.push_back("a/" + up + "/" + target);
      names.push_back(up + target);
    }
    names.push_back(up);
    names.push_back("a/" + up);
  }
  for (const auto& target : targets) {
    names.push_back(std::string("..\0/", 4) + target);
    names.push_back(target + std::string("\0.txt", 5));
    names.push_back("../store/../" + target);
    names.push_back("\xff\xfe/" + target);
  }
  return names;
}

}  // namespace lamin::base
