// conventions.hpp -- how a zarr store must be laid out, where its schema says so in `formats.zarr`.
//
// Each key turns on one rule, in the words of what it is about: `zarr_format` and `chunk_shape` of zarr's metadata,
// `multiscales` of OME-NGFF, `layers` of anndata's encodings.
#pragma once
#include <filesystem>

#include "format/sketch.hpp"
#include "lamin/record.hpp"
#include "lamin/report.hpp"

namespace lamin::lake {

/// Adds a problem `zarr` for each violation; a sketch without a zarr_format is of data that are not stored yet. Throws
/// invalid_argument for an unknown rule.
void check_conventions(const Record& schema, const std::filesystem::path& path, const format::FileSketch& sketch,
                       FileReport& report);

}  // namespace lamin::lake
