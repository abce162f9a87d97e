#include "base/module.hpp"
#include <dlfcn.h>
#include <fmt/format.h>
#include <filesystem>
#include <map>
#include <mutex>
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

// RTLD_LOCAL: a module's libraries must not answer for symbols of another copy, such as pyarrow's in Python.
void* open_module(std::string_view module) {
  const auto file = library_folder() / fmt::format("liblamin_{}.so", module);
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle != nullptr) return handle;
  const char* why = dlerror();
  throw Error(Code::unavailable, fmt::format("The library {} cannot be loaded: {}. It belongs beside liblamin.so; "
                                             "install LaminDB again, or the library that is missing.",
                                             file.string(), why != nullptr ? why : "no reason given"));
}

}  // namespace

std::filesystem::path library_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&library_folder), &info) == 0 || info.dli_fname == nullptr) {
    throw Error(Code::internal, "The dynamic linker does not say where liblamin.so lies.");
  }
  return std::filesystem::absolute(info.dli_fname).parent_path();
}

void* module_symbol(std::string_view module, const char* symbol) {
  // Handles are never closed: libraries such as Arrow do not survive that.
  static auto& mutex = *new std::mutex;
  static auto& handles = *new std::map<std::string, void*, std::less<>>;
  const std::lock_guard lock(mutex);
  auto found = handles.find(module);
  if (found == handles.end()) found = handles.emplace(std::string(module), open_module(module)).first;
  void* address = dlsym(found->second, symbol);
  if (address == nullptr) {
    throw Error(Code::unavailable, fmt::format("liblamin_{}.so has no '{}': it is of another version than liblamin.so. "
                                               "Install LaminDB again.",
                                               module, symbol));
  }
  return address;
}

}  // namespace lamin::base
