// machine.hpp -- on what a command runs: the machine, the container, the modules that are loaded, the packages.
#pragma once
#include <boost/json/object.hpp>
#include <filesystem>
#include <string>

namespace lamin::lake {

/// host, system, and, where there are any, container, modules, job.
boost::json::object machine();
/// What is installed beside a program: "numpy==2.0" of its Python environment, "samtools==1.19" of its conda
/// environment, sorted, a line each; "" if it belongs to neither.
std::string packages_of(const std::filesystem::path& program);
/// Those that a program of Python can import, as that Python itself says; "" if it does not answer.
std::string packages_of_python(const std::filesystem::path& python);
/// The Python that runs a command's script: its program, or, of a script that is executed itself, the one on the PATH;
/// "" if the script is in another language. `script` is empty if there is none.
std::filesystem::path python_of(const std::filesystem::path& program, const std::filesystem::path& script);
/// What a run's environment is: the packages beside the program, otherwise those of the Python of its script.
std::string environment_of(const std::filesystem::path& program, const std::filesystem::path& script);

}  // namespace lamin::lake
