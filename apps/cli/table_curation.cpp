// table_curation.cpp -- commands that check data, and those about ontologies.
#include "commands/commands.hpp"
#include "table_parts.hpp"

namespace lamin::cli {

void add_curation(std::vector<Command>& all) {
  all.push_back(
      {"import",
       curation,
       "Import an ontology (OBO, OWL, JSON) or a table into a registry: terms, or, of a .csv, .tsv, .parquet or .xlsx "
       "file, records as rows of a sheet.",
       {word("REGISTRY", "Registry, such as cell_type."),
        word("PATH", "The file [default: that of the public source, downloaded if need be].", false),
        option("--source", "Name of the source [default: the file's ontology, or the one in use]."),
        option("--version", "Its release [default: as the file says, or the one in use]."),
        option("--organism", "Organism of the terms [default: all]."),
        flag("--update", "Rewrite terms that differ; of a table, rows that the sheet already has."),
        flag("--strict", "Refuse a file of which anything would be left out with a warning."),
        option("--type", "record: the sheet, created if it does not exist [default: the name of the file]."),
        option("--worksheet", "record: of a .xlsx file [default: its first]."),
        flag("--check", "record: only say what is wrong, cell by cell."),
        flag("--valid-rows", "record: save the rows without an error, although others have some."),
        flag("--json", "record: the errors as one JSON object per line.")},
       import,
       "lamin import cell_type cl.obo"});
  all.push_back(
      {"export",
       curation,
       "Write the rows of a sheet to a file, to edit them and import it again; with --to, all registries to a "
       "folder, for other programs.",
       {word("SHEET",
             "Name or uid of the type of records; with --to, the folder: a new one, or that of an "
             "earlier export, which is replaced."),
        word("PATH", "A .csv, .parquet or .xlsx file.", false),
        option("--to",
               "All registries: parquet; ducklake, with a catalog that DuckDB attaches; or lamindb, one file per "
               "table, as "
               "LaminDB reads them."),
        option("--modules", "With --to: comma-separated, such as lamindb,bionty [default: all]."),
        flag("--replace", "Write over an existing file."),
        flag("--json", "With --to: one JSON object for each table.")},
       export_any,
       "lamin export 'Samples 2026' samples.xlsx"});
  all.push_back({"rows",
                 curation,
                 "List the rows of a sheet, with the values of its features.",
                 {word("SHEET", "Name or uid of the type of records."),
                  option("--limit", "Maximum number of rows, or all.", "20"),
                  flag("--json", "One JSON object per line."), flag("--csv", "Comma-separated values.")},
                 rows,
                 "lamin rows 'Samples 2026' --csv"});
  all.push_back({"validate",
                 curation,
                 "Check values against a registry: known, synonym, or the nearest.",
                 {word("REGISTRY", "Registry, such as cell_type."),
                  many("--value", "A value; may be repeated. Left out: lines of standard input."),
                  option("--field", "Field to compare with [default: the name]."),
                  option("--organism", "Organism, for genes and proteins.")},
                 validate,
                 "lamin validate cell_type --value 'T cell' --value Treg"});
  all.push_back({"standardize",
                 curation,
                 "Print the standard name of each value, or the value itself if it is not a synonym.",
                 {word("REGISTRY", "Registry, such as cell_type."),
                  many("--value", "A value; may be repeated. Left out: lines of standard input."),
                  option("--field", "Field to compare with [default: the name]."),
                  option("--organism", "Organism, for genes and proteins.")},
                 standardize,
                 "lamin standardize cell_type --value Treg"});
  all.push_back({"annotate", curation, "Label a record, or give it values of features.",
                 which({many("--label", "REGISTRY=NAME, such as \"cell_type=T cell\"; may be repeated."),
                        many("--features",
                             "FEATURE=VALUE, or FEATURE=\"A\",\"B\", in place of what it has of this feature; may "
                             "be repeated."),
                        many("--project", "Name of a project; may be repeated."),
                        many("--ulabel", "Name of a label; may be repeated."),
                        many("--record", "Name of a record; may be repeated."), option("--version", "Its version tag."),
                        option("--readme", "File in Markdown: its readme."), option("--comment", "Text in Markdown.")}),
                 annotate, "lamin annotate --key blood/pbmc.h5ad --label \"cell_type=T cell\""});
  all.push_back(
      {"curate",
       curation,
       "Check files of data against a schema, in place: say what is wrong, how often, and what was probably meant.",
       {many("PATH", ".h5ad, .zarr, .h5mu, .parquet, .csv, .tsv, or a folder of these; several are checked at once."),
        option("--collection", "Key or uid of a collection: its files, instead of PATH."),
        needed("--schema", "Name or uid of the schema."),
        flag("--fix", "Replace in the file what can only mean one thing; fill in default values."),
        option("--write", "The same in a copy: a file, or for several an existing folder."),
        many("--replace", "\"obs.column:old=new\", with --fix or --write; may be repeated."),
        option("--report", "text, html or json.", "text"),
        option("--output", "Write the report to this file, not to the screen.")},
       curate,
       "lamin curate pbmc.h5ad --schema 'typed cells' --report html --output report.html"});
}

namespace {

/// Of a move from one release to another.
std::vector<Argument> releases(std::vector<Argument> more = {}) {
  std::vector<Argument> all = {word("ONTOLOGY", "Name of a source, such as CL, or a registry, such as cell_type."),
                               word("OLD", "Release that the registry is moved from; may be left out.", false),
                               word("NEW", "Release that it is moved to [default: the one in use].", false)};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

void add_ontology(std::vector<Command>& all) {
  const auto which_one = word("ONTOLOGY", "Name of a source, such as CL, or a registry, such as cell_type.");
  const auto report = option("--report", "text, html or json.", "text");
  const auto output = option("--output", "Write it to this file, not to the screen.");
  const auto choose = many("--choose", "OBSOLETE=TERM: what replaces an obsolete term; may be repeated.");
  const auto organism = option("--organism", "Organism, of genes and proteins.");
  all.push_back({"ontology", "", "Terms of public ontologies, and their releases.", {}, nullptr});
  all.push_back({"ontology tree",
                 ontologies,
                 "Show what is below and above a term, registered or not.",
                 {which_one, word("TERM", "Its identifier, name or a synonym."),
                  option("--down", "Levels below it.", "2"), option("--up", "Levels above it.", "0"),
                  option("--relation", "Another relation than that of parents, such as part_of."),
                  option("--report", "text, svg or json.", "text"), output},
                 ontology_tree,
                 "lamin ontology tree CL 'T cell' --down 2"});
  all.push_back({"ontology search",
                 ontologies,
                 "Search the terms of an ontology, registered or not; the best come first.",
                 {which_one, word("TEXT", "What to look for."), option("--limit", "Maximum number of results.", "20"),
                  flag("--fuzzy",
                       "Also find texts with a wrong letter, or two if there are ten; without it only if no term "
                       "contains the text.")},
                 ontology_search,
                 "lamin ontology search CL gamma-delta"});
  all.push_back(
      {"ontology show",
       ontologies,
       "Show a term: synonyms, relations, cross-references, what replaces it, who uses it.",
       {word("ONTOLOGY", "Left out where the identifier says it."),
        word("TERM", "Its identifier, name or a synonym.", false), option("--report", "text, html or json.", "text")},
       ontology_show,
       "lamin ontology show CL:0000084"});
  all.push_back(
      {"ontology diff",
       ontologies,
       "Compare two releases: added, renamed, obsolete, merged, split, moved terms.",
       {which_one, word("OLD", "The earlier release."), word("NEW", "The later one."), organism, report, output},
       ontology_diff,
       "lamin ontology diff CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology plan", ontologies,
                 "Show what moving to another release would change, and which datasets that touches.",
                 releases({choose, organism, report, output}), ontology_plan,
                 "lamin ontology plan CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology apply", ontologies, "Move a registry to another release, in one transaction.",
                 releases({choose, organism}), ontology_apply, "lamin ontology apply CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology undo", ontologies, "Restore the rows as they were before the last move.",
                 releases({option("--number", "Which one, as `lamin ontology history` lists them.")}), ontology_undo,
                 "lamin ontology undo CL 2025-04-10 2026-03-26"});
  all.push_back({"ontology history",
                 ontologies,
                 "List the moves from one release to another.",
                 {word("ONTOLOGY", "Name of a source or a registry [default: all].", false)},
                 ontology_history,
                 "lamin ontology history CL"});
  all.push_back({"ontology add",
                 ontologies,
                 "Put the file of a release into the cache, where no network is needed to find it.",
                 {word("PATH", "The file as its publisher offers it, or a folder of such files."),
                  option("--source", "Name of the source, such as cl [default: as the file says]."),
                  option("--version", "Its release [default: as the file says]."),
                  option("--organism", "Organism, of a file of genes or proteins [default: as the file says].")},
                 ontology_add,
                 "lamin ontology add cl.obo"});
  all.push_back({"ontology list",
                 ontologies,
                 "List the files of releases that are at hand.",
                 {option("--source", "Of this source only.")},
                 ontology_list,
                 "lamin ontology list"});
}

}  // namespace lamin::cli
