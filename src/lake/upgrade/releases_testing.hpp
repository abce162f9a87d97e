// releases_testing.hpp -- two releases of a small Cell Ontology, with everything that may become of a term.
#pragma once

namespace lamin::testing {

constexpr const char* old_release = R"(format-version: 1.2
data-version: cl/releases/2020-01-01/cl.owl
ontology: cl

[Term]
id: CL:1
name: cell

[Term]
id: CL:2
name: lymphocyte
def: "An old text." []
is_a: CL:1

[Term]
id: CL:3
name: T cell
synonym: "T-cell" EXACT []
synonym: "thymocyte-like" RELATED []
is_a: CL:2

[Term]
id: CL:4
name: killer cell
synonym: "killer" EXACT []
is_a: CL:2

[Term]
id: CL:5
name: null cell
is_a: CL:2

[Term]
id: CL:6
name: mixed cell
is_a: CL:1

[Term]
id: CL:7
name: doomed cell
is_a: CL:1

[Term]
id: CL:8
name: twin cell
is_a: CL:1

[Term]
id: CL:10
name: forgotten cell
is_a: CL:1
)";

// CL:2 has another text, CL:3 another name and parent, CL:4 is replaced by the new CL:9, CL:5 is obsolete, CL:6 is
// split into CL:2 and CL:9, CL:8 is merged into CL:3, CL:10 is not known any more; CL:9, CL:11 and CL:12 are new.
constexpr const char* new_release = R"(format-version: 1.2
data-version: cl/releases/2021-01-01/cl.owl
ontology: cl

[Term]
id: CL:1
name: cell

[Term]
id: CL:2
name: lymphocyte
def: "A new text." [PMID:1]
is_a: CL:12

[Term]
id: CL:3
name: T lymphocyte
alt_id: CL:8
synonym: "T-cell" EXACT []
synonym: "thymus cell" EXACT []
is_a: CL:12

[Term]
id: CL:4
name: obsolete killer cell
is_obsolete: true
replaced_by: CL:9

[Term]
id: CL:5
name: obsolete null cell
is_obsolete: true
consider: CL:2

[Term]
id: CL:6
name: obsolete mixed cell
is_obsolete: true
replaced_by: CL:2
replaced_by: CL:9

[Term]
id: CL:7
name: doomed cell
is_a: CL:1

[Term]
id: CL:9
name: natural killer cell
is_a: CL:12

[Term]
id: CL:11
name: my special cell
def: "Now public." []
synonym: "special" EXACT []
is_a: CL:3

[Term]
id: CL:12
name: leukocyte
is_a: CL:1
)";

}  // namespace lamin::testing
