// bionty_module.hpp -- public ontologies: the registries of their terms. A new one is one line.
#pragma once
#include "modules/bionty_labels.hpp"

namespace lamin::modules {

// clang-format off: one field, one line
constexpr Module make_bionty() {
  Module m{
    .name = "bionty", .needs = {"lamindb"},
    .registries = {
      {.name = "BioRecord", .mixin = true, .mixins = {"SQLRecord", "TracksRun", "TracksUpdates"},
       .traits = {Trait::curatable, Trait::synonyms, Trait::abbreviated},
       .fields = {
           {.name = "uid", .size = 14, .unique = true, .fill = Fill::ontology_uid,
            .doc = "Identifier, derived from the public identifier where there is one."},
           {.name = "abbr", .size = 32, .optional = true, .unique = true, .doc = "Abbreviation."},
           {.name = "synonyms", .optional = true, .index = true, .doc = "Other names, separated by |."},
           {.name = "description", .optional = true, .index = true, .doc = "What it is, in a sentence or more."},
           {.name = "source", .kind = Kind::ref, .optional = true, .to = "Source",
            .doc = "The release of a public source that it came from."},
       }},
      {.name = "HasOntologyId", .mixin = true, .traits = {Trait::ontology},
       .fields = {
           {.name = "name", .size = 255, .index = true, .doc = "Preferred name."},
           {.name = "ontology_id", .size = 255, .optional = true, .index = true,
            .doc = "Identifier in the public ontology, such as CL:0000084."},
       }},
      {.name = "Source", .doc = "A release of a public ontology or database.",
       .mixins = {"SQLRecord", "TracksRun", "TracksUpdates"},
       .fields = {
           {.name = "uid", .size = 8, .unique = true,
            .doc = "Identifier, derived from registry, name, organism and version."},
           {.name = "entity", .size = 255, .index = true,
            .doc = "The registry that it feeds, such as bionty.CellType."},
           {.name = "organism", .size = 255, .index = true, .doc = "The organism that it covers, or all."},
           {.name = "name", .size = 255, .index = true, .doc = "Name of the ontology or database, such as cl."},
           {.name = "version", .size = 255, .index = true, .doc = "Release."},
           {.name = "in_db", .kind = Kind::boolean, .index = true, .fill = Fill::constant, .initial = "false",
            .doc = "Whether its terms were imported."},
           {.name = "currently_used", .kind = Kind::boolean, .index = true, .fill = Fill::constant, .initial = "false",
            .doc = "Whether it is the default for its registry and organism."},
           {.name = "description", .optional = true, .index = true, .doc = "Full name."},
           {.name = "url", .optional = true, .doc = "Where the release is downloaded."},
           {.name = "md5", .optional = true, .doc = "MD5 of the download."},
           {.name = "source_website", .optional = true, .doc = "Home page."},
           {.name = "dataframe_artifact", .kind = Kind::ref, .optional = true, .to = "Artifact",
            .inverse = "_source_dataframe_of", .doc = "Artifact with its terms as a table."},
           {.name = "artifacts", .kind = Kind::link, .to = "Artifact", .inverse = "_source_artifact_of",
            .doc = "Other artifacts made from it."},
       },
       .rules = {{.unique = {"entity", "name", "organism", "version"}}},
       .name_field = "name"},
    }};

  label<"Organism">(m, {
     .doc = "Organisms.", .mixins = {"HasOntologyId", "BioRecord", "HasParents"},
     .fields = {
         {.name = "scientific_name", .size = 255, .optional = true, .unique = true, .identifies = true,
          .doc = "Scientific name, such as Homo sapiens."},
     },
     .rules = {{.unique = {"name", "ontology_id"}}},
     .name_field = "name", .id_field = "ontology_id", .ontology = {"NCBITaxon"}});
  label<"Gene">(m, {
     .doc = "Genes.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "symbol", .size = 64, .optional = true, .index = true, .doc = "Gene symbol, such as TP53."},
         {.name = "stable_id", .size = 255, .optional = true, .unique = true,
          .doc = "Identifier in a database other than Ensembl."},
         {.name = "ensembl_gene_id", .size = 64, .optional = true, .unique = true, .identifies = true,
          .doc = "Ensembl identifier, such as ENSG00000141510."},
         {.name = "ncbi_gene_ids", .optional = true, .index = true, .doc = "NCBI identifiers, separated by |."},
         {.name = "biotype", .size = 64, .optional = true, .index = true,
          .doc = "Class of gene, such as protein_coding."},
         {.name = "organism", .kind = Kind::ref, .to = "Organism", .inverse = "genes",
          .doc = "The organism that it belongs to."},
         {.name = "schemas", .kind = Kind::link, .to = "Schema", .inverse = "genes", .through = "SchemaGene",
          .doc = "The schemas that list it."},
     },
     .name_field = "symbol", .id_field = "ensembl_gene_id"});
  label<"Protein">(m, {
     .doc = "Proteins.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 255, .optional = true, .index = true, .doc = "Name of the protein."},
         {.name = "uniprotkb_id", .size = 10, .optional = true, .unique = true, .identifies = true,
          .doc = "UniProt accession, such as P04637."},
         {.name = "length", .kind = Kind::integer, .size = 64, .optional = true, .index = true,
          .doc = "Number of amino acids."},
         {.name = "gene_symbol", .size = 255, .optional = true, .index = true,
          .doc = "Symbol of the gene that encodes it."},
         {.name = "ensembl_gene_ids", .optional = true, .doc = "Ensembl identifiers of its genes, separated by |."},
         {.name = "organism", .kind = Kind::ref, .to = "Organism", .inverse = "proteins",
          .doc = "The organism that it belongs to."},
         {.name = "schemas", .kind = Kind::link, .to = "Schema", .inverse = "proteins", .through = "SchemaProtein",
          .doc = "The schemas that list it."},
     },
     .name_field = "name", .id_field = "uniprotkb_id"});
  label<"CellMarker">(m, {
     .doc = "Cell markers: proteins by which cells are told apart.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 64, .index = true, .doc = "Name of the marker, such as CD8."},
         {.name = "gene_symbol", .size = 64, .optional = true, .index = true, .doc = "Symbol of the gene behind it."},
         {.name = "ncbi_gene_id", .size = 32, .optional = true, .index = true, .doc = "NCBI identifier of the gene."},
         {.name = "uniprotkb_id", .size = 10, .optional = true, .index = true,
          .doc = "UniProt accession of the protein."},
         {.name = "organism", .kind = Kind::ref, .to = "Organism", .inverse = "cell_markers",
          .doc = "The organism that it belongs to."},
         {.name = "schemas", .kind = Kind::link, .to = "Schema", .inverse = "cell_markers",
          .through = "SchemaCellMarker", .doc = "The schemas that list it."},
     },
     .rules = {{.unique = {"name", "organism"}}},
     .name_field = "name"});
  ontology<"Tissue">(m, "UBERON", "Tissues, organs and other parts of a body.", {"part_of", "BFO:0000050"});
  ontology<"CellType">(m, "CL", "Cell types.");
  ontology<"Disease">(m, "MONDO", "Diseases.");
  ontology<"CellLine">(m, "CLO", "Cell lines.");
  ontology<"Phenotype">(m, "HP", "Phenotypes.");
  label<"Pathway">(m, {
     .doc = "Pathways and other gene sets.", .mixins = {"HasOntologyId", "BioRecord", "HasParents"},
     .fields = {
         {.name = "genes", .kind = Kind::link, .to = "Gene", .inverse = "pathways", .doc = "The genes that take part."},
         {.name = "schemas", .kind = Kind::link, .to = "Schema", .inverse = "pathways", .through = "SchemaPathway",
          .doc = "The schemas that list it."},
     },
     .rules = {{.unique = {"name", "ontology_id"}}},
     .name_field = "name", .id_field = "ontology_id", .ontology = {.prefix = "GO"}});
  ontology<"ExperimentalFactor">(m, "EFO", "Assays, instruments and other factors of an experiment.");
  ontology<"DevelopmentalStage">(m, "HsapDv", "Developmental stages.", {"part_of", "BFO:0000050"});
  ontology<"Ethnicity">(m, "HANCESTRO", "Ethnicities.");

  // What a schema can list instead of features.
  m.registries.push_back(pair<"Schema", "Gene">({}));
  m.registries.push_back(pair<"Schema", "Protein">({}));
  m.registries.push_back(pair<"Schema", "CellMarker">({}));
  m.registries.push_back(pair<"Schema", "Pathway">({}));
  return m;
}
// clang-format on

}  // namespace lamin::modules
