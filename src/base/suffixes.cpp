// suffixes.cpp -- which endings of a name are formats: the vocabulary of artifact.suffix.
//
// LaminDB stores "" for an ending it does not know, and both programs write the same column, so the sets are part of
// the stored format.
#include "base/suffixes.hpp"
#include <algorithm>
#include <array>
#include <string>
#include <vector>
#include "base/path.hpp"
#include "base/text.hpp"

namespace lamin::base {
namespace {

// Sorted, for binary search.
constexpr std::string_view simple_formats[] = {
    ".3g2",     ".3gp",        ".3gpp",  ".3gpp2",  ".7z",         ".a",       ".aac",      ".adts",
    ".ai",      ".aif",        ".aifc",  ".aiff",   ".arrow",      ".ass",     ".au",       ".avi",
    ".avif",    ".avro",       ".bam",   ".bat",    ".bcf",        ".bcpio",   ".bed",      ".bedgraph",
    ".bigwig",  ".bin",        ".bmp",   ".bw",     ".c",          ".cdf",     ".ckpt",     ".cpio",
    ".cram",    ".csh",        ".css",   ".csv",    ".czi",        ".data",    ".db",       ".dcm",
    ".dll",     ".doc",        ".dot",   ".duckdb", ".dvi",        ".embl",    ".eml",      ".eps",
    ".etx",     ".exe",        ".fa",    ".fasta",  ".fastq",      ".fcs",     ".feather",  ".gb",
    ".genbank", ".gff",        ".gff3",  ".gguf",   ".gif",        ".gtar",    ".gtf",      ".h",
    ".h5",      ".h5ad",       ".h5mu",  ".hdf",    ".hdf5",       ".heic",    ".heif",     ".htm",
    ".html",    ".ico",        ".ief",   ".ipynb",  ".joblib",     ".jpe",     ".jpeg",     ".jpg",
    ".js",      ".json",       ".jsonl", ".keras",  ".ksh",        ".latex",   ".lif",      ".loas",
    ".loom",    ".m1v",        ".m3u",   ".m3u8",   ".man",        ".mar",     ".markdown", ".md",
    ".me",      ".mht",        ".mhtml", ".mid",    ".midi",       ".mif",     ".mjs",      ".mlmodel",
    ".model",   ".mov",        ".movie", ".mp2",    ".mp3",        ".mp4",     ".mpa",      ".mpe",
    ".mpeg",    ".mpg",        ".ms",    ".mtx",    ".n3",         ".nc",      ".nd2",      ".ndjson",
    ".newick",  ".npy",        ".npz",   ".nq",     ".nt",         ".nwk",     ".nws",      ".o",
    ".obj",     ".obo",        ".oda",   ".onnx",   ".opus",       ".orc",     ".p12",      ".p7c",
    ".parquet", ".pb",         ".pbm",   ".pbtxt",  ".pct",        ".pdf",     ".pfx",      ".pgm",
    ".pic",     ".pickle",     ".pict",  ".pkl",    ".pl",         ".png",     ".pnm",      ".pot",
    ".ppa",     ".ppm",        ".pps",   ".ppt",    ".ps",         ".pt",      ".pth",      ".pwz",
    ".py",      ".pyc",        ".pyo",   ".qs",     ".qt",         ".ra",      ".ram",      ".rar",
    ".ras",     ".rdf",        ".rds",   ".rgb",    ".roff",       ".rtf",     ".rtx",      ".safetensors",
    ".sam",     ".savedmodel", ".sgm",   ".sgml",   ".sh",         ".shar",    ".snd",      ".so",
    ".soma",    ".sqlite",     ".src",   ".srt",    ".state_dict", ".sv4cpio", ".sv4crc",   ".svg",
    ".svs",     ".swf",        ".t",     ".tar",    ".tcl",        ".tex",     ".texi",     ".texinfo",
    ".tflite",  ".tif",        ".tiff",  ".tiledb", ".tiledbsoma", ".tr",      ".trig",     ".tsv",
    ".txt",     ".ustar",      ".vcf",   ".vtt",    ".wasm",       ".wav",     ".webm",     ".webmanifest",
    ".webp",    ".wiz",        ".wsdl",  ".xbm",    ".xlb",        ".xls",     ".xlsx",     ".xml",
    ".xpdl",    ".xpm",        ".xsl",   ".xul",    ".xwd",        ".yaml",    ".yml",      ".zarr",
    ".zip",
};
static_assert(std::is_sorted(std::begin(simple_formats), std::end(simple_formats)));

constexpr std::string_view composite_formats[] = {".anndata.zarr", ".ome.h5", ".ome.hdf5", ".ome.zarr",
                                                  ".vitessce.json"};
constexpr std::string_view encodings[] = {".bz2", ".gz", ".xz", ".zst"};

bool is_simple(std::string_view suffix) {
  return std::binary_search(std::begin(simple_formats), std::end(simple_formats), suffix);
}
template <std::size_t n>
bool contains(const std::string_view (&set)[n], std::string_view suffix) {
  return std::find(std::begin(set), std::end(set), suffix) != std::end(set);
}

// ".a", ".b" for "x.a.b", in lower case. Leading dots belong to the name; a name that ends in a dot has none.
std::vector<std::string> suffixes(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const auto slash = path.rfind('/');
  std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (name.empty() || name.back() == '.') return {};
  const auto start = name.find_first_not_of('.');
  if (start == std::string_view::npos) return {};
  std::vector<std::string> parts = split(name.substr(start), '.');
  parts.erase(parts.begin());
  for (auto& part : parts) part = "." + lower(part);
  return parts;
}

}  // namespace

SuffixFormats suffix_formats() { return {simple_formats, composite_formats, encodings}; }

std::string suffix_of(std::string_view path) {
  const std::vector<std::string> parts = suffixes(path);
  const std::size_t n = parts.size();
  if (n == 0) return "";
  const std::string& last = parts[n - 1];
  if (contains(encodings, last)) {
    if (n < 2 || !is_simple(parts[n - 2])) return last;
    if (parts[n - 2] == ".tar" && n > 2 && is_simple(parts[n - 3])) return parts[n - 3] + ".tar" + last;
    return parts[n - 2] + last;
  }
  if (n > 1) {
    const std::string pair = parts[n - 2] + last;
    if (contains(composite_formats, pair)) return pair;
  }
  return is_simple(last) ? last : "";
}

}  // namespace lamin::base
