#include "lake/command/machine.hpp"
#include <sys/utsname.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <cstdlib>
#include <set>
#include <vector>
#include "base/file.hpp"
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "process/ask.hpp"
#include "process/command.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

/// Variables that container programs set to the image.
constexpr const char* image_variables[] = {"APPTAINER_CONTAINER", "SINGULARITY_CONTAINER", "CONTAINER_IMAGE",
                                           "KUBERNETES_CONTAINER_IMAGE", "TOOLBOX_PATH"};
/// Variables that queues set to the job's id.
struct Queue {
  const char* variable;
  std::string_view name;
};
constexpr Queue queues[] = {{"SLURM_JOB_ID", "slurm"},
                            {"PBS_JOBID", "pbs"},
                            {"LSB_JOBID", "lsf"},
                            {"JOB_ID", "sge"},
                            {"AWS_BATCH_JOB_ID", "aws-batch"}};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string text_of(const fs::path& file) {
  try {
    return base::read_file(file).value_or("");
  } catch (const Error&) { return ""; }
}

/// An image by name, otherwise what kind of container it is; "" outside of one.
std::string container() {
  for (const char* name : image_variables)
    if (auto image = variable(name); !image.empty()) return image;
  const auto podman = text_of("/run/.containerenv");
  for (const auto& line : base::split(podman, '\n'))
    if (line.starts_with("image=\"")) return line.substr(7, line.size() - 8);
  std::error_code failed;
  if (!podman.empty() || fs::exists("/run/.containerenv", failed)) return "podman";
  if (fs::exists("/.dockerenv", failed)) return "docker";
  const auto groups = text_of("/proc/1/cgroup");
  for (const char* kind : {"docker", "kubepods", "containerd", "libpod", "lxc"})
    if (groups.find(kind) != groups.npos) return kind;
  return variable("container");
}

/// "numpy-2.0.dist-info" -> "numpy==2.0"
void add_python(const fs::path& site, std::set<std::string>& all) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(site, failed)) {
    const auto name = entry.path().filename().string();
    constexpr std::string_view end = ".dist-info";
    if (!name.ends_with(end)) continue;
    const auto at = name.find('-');
    if (at == name.npos || at >= name.size() - end.size()) continue;
    all.insert(name.substr(0, at) + "==" + name.substr(at + 1, name.size() - end.size() - at - 1));
  }
}

/// "samtools-1.19-h50ea8bc_1.json" -> "samtools==1.19"
void add_conda(const fs::path& meta, std::set<std::string>& all) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(meta, failed)) {
    const auto name = entry.path().filename().string();
    if (!name.ends_with(".json")) continue;
    const auto build = name.rfind('-');
    const auto version = build == name.npos || build == 0 ? name.npos : name.rfind('-', build - 1);
    if (version == name.npos) continue;
    all.insert(name.substr(0, version) + "==" + name.substr(version + 1, build - version - 1));
  }
}

}  // namespace

boost::json::object machine() {
  boost::json::object all;
  utsname names{};
  ::uname(&names);
  all["host"] = names.nodename;
  all["system"] = std::string(names.sysname) + " " + names.release + " " + names.machine;
  if (const auto image = container(); !image.empty()) all["container"] = image;
  if (const auto modules = variable("LOADEDMODULES"); !modules.empty()) {
    boost::json::array list;
    for (const auto& module : base::split(modules, ':')) list.emplace_back(module);
    all["modules"] = std::move(list);
  }
  for (const auto& queue : queues)
    if (const auto id = variable(queue.variable); !id.empty()) all["job"] = std::string(queue.name) + " " + id;
  return all;
}

std::string packages_of(const fs::path& program) {
  const auto prefix = program.parent_path().parent_path();
  std::set<std::string> all;
  std::error_code failed;
  if (program.parent_path().filename() != "bin") return "";
  const bool is_environment = fs::exists(prefix / "pyvenv.cfg", failed) || fs::exists(prefix / "conda-meta", failed);
  if (!is_environment) return "";
  for (const auto& entry : fs::directory_iterator(prefix / "lib", failed))
    if (entry.path().filename().string().starts_with("python")) add_python(entry.path() / "site-packages", all);
  add_conda(prefix / "conda-meta", all);
  std::string text;
  for (const auto& package : all) text += package + "\n";
  return text;
}

std::string packages_of_python(const fs::path& python) {
  constexpr std::chrono::milliseconds most(10000);
  constexpr const char* code =
      "import importlib.metadata as m\n"
      "names = {d.metadata['Name'] + '==' + d.version for d in m.distributions() if d.metadata['Name']}\n"
      "print(*sorted(names, key=str.lower), sep='\\n')";
  // In the root folder: what lies in the working folder is not installed.
  const auto answer = process::ask({python.string(), "-c", code}, most, "/");
  return answer && answer->exit_status == 0 && !base::trim(answer->output).empty() ? answer->output : "";
}

fs::path python_of(const fs::path& program, const fs::path& script) {
  if (script.extension() != ".py" && script.extension() != ".pyw") return {};
  if (program.filename().string().starts_with("py")) return program;
  for (const char* name : {"python", "python3"}) {
    try {
      return process::find_program(name);
    } catch (const Error&) {}
  }
  return {};
}

std::string environment_of(const fs::path& program, const fs::path& script) {
  if (auto packages = packages_of(program); !packages.empty()) return packages;
  const auto python = python_of(program, script);
  if (python.empty()) return "";
  auto packages = packages_of(python);
  return packages.empty() ? packages_of_python(python) : packages;
}

}  // namespace lamin::lake
