// Datasets as tables.
#include <algorithm>

#include "base/path.hpp"
#include "format/format.hpp"
#include "lamin/curate.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

bool is_anndata(const std::filesystem::path& path) {
  const std::string suffix = base::suffix_of(path.filename().string());
  return suffix == ".h5ad" || suffix.ends_with(".zarr");
}

}  // namespace

std::vector<Slot> read_slots(const std::filesystem::path& path) {
  const std::string suffix = base::suffix_of(path.filename().string());
  if (is_anndata(path)) {
    format::AnnDataHead head = format::read_anndata(path);
    Frame uns;
    for (const std::string& key : head.uns_keys) uns.add(key, Column::texts(std::vector<std::string>{}));
    std::vector<Slot> slots;
    slots.push_back({"obs", std::move(head.obs)});
    slots.push_back({"var", std::move(head.var)});
    slots.push_back({"uns", std::move(uns)});
    return slots;
  }
  std::vector<Slot> slots(1);
  if (suffix == ".parquet") slots[0].frame = format::read_parquet(path);
  else if (suffix == ".csv" || suffix == ".csv.gz") slots[0].frame = format::read_csv(path);
  else if (suffix == ".tsv" || suffix == ".tsv.gz") slots[0].frame = format::read_csv(path, '\t');
  else
    throw Error(Code::unsupported, "'" + path.string() + "' cannot be curated: .h5ad, .zarr, .parquet, .csv and .tsv " +
                                       "can, other formats as objects in memory");
  return slots;
}

std::pair<std::int64_t, std::int64_t> shape_of(const std::filesystem::path& path) {
  if (!is_anndata(path)) {
    throw Error(Code::invalid_argument,
                "'" + path.string() + "' is no AnnData file: only .h5ad and .zarr have a shape");
  }
  const format::AnnDataHead head = format::read_anndata(path);
  return {head.n_obs, head.n_vars};
}

}  // namespace lamin
