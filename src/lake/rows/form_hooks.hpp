// form_hooks.hpp -- fields whose text has a format: URLs and DOIs of projects and references.
#pragma once
#include <string_view>
#include "lamin/database.hpp"

namespace lamin::lake {

/// "https://host.org/path": http, https, ftp or ftps, a host, no spaces.
bool is_web_address(std::string_view text);
/// "10.1000/xyz", optionally prefixed with "doi:" or "https://doi.org/".
bool is_doi(std::string_view text);

/// Throws validation if the url or doi of a row of Project or Reference is not valid.
void check_forms(const Record& record);
/// Throws validation unless it is pipeline, notebook, script, function or empty. Only for new rows: rows written by
/// earlier versions have other kinds.
void check_transform_kind(std::string_view kind);
/// After this, a row of Project or Reference whose `url` or `doi` is not valid is refused (validation).
void install_form_hooks(Database& database);

}  // namespace lamin::lake
