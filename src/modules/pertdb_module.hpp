// pertdb_module.hpp -- perturbations: what was done to cells, and what it acts on.
#pragma once
#include "modules/bionty_labels.hpp"

namespace lamin::modules {

/// A registry whose rows label artifacts.
template <Name term>
constexpr void perturbation(Module& module, Registry registry, std::vector<Rule> rules = {}) {
  registry.name = text<term>();
  label_artifacts<term>(module, registry, std::move(rules));
  module.registries.push_back(std::move(registry));
}

// clang-format off: one field, one line
constexpr Module make_pertdb() {
  Module m{.name = "pertdb", .table_prefix = "wetlab", .needs = {"lamindb", "bionty"}};

  perturbation<"Compound">(m, {
     .doc = "Chemical compounds.", .mixins = {"HasOntologyId", "BioRecord", "HasParents"},
     .fields = {
         {.name = "name", .index = true, .doc = "Name of the compound."},
         {.name = "type", .size = 32, .optional = true, .index = true, .doc = "small_molecule, peptide, ..."},
         {.name = "chembl_id", .size = 32, .optional = true, .index = true,
          .doc = "ChEMBL identifier, such as CHEMBL25."},
         {.name = "smiles", .optional = true, .index = true, .doc = "Structure as SMILES."},
         {.name = "canonical_smiles", .optional = true, .index = true, .doc = "Structure as canonical SMILES."},
         {.name = "inchikey", .optional = true, .index = true, .doc = "Structure as InChIKey."},
         {.name = "molweight", .kind = Kind::real, .optional = true, .index = true,
          .doc = "Molecular weight in Dalton."},
         {.name = "molformula", .optional = true, .index = true, .doc = "Molecular formula."},
         {.name = "moa", .optional = true, .index = true, .doc = "Mechanism of action."},
         {.name = "targets", .kind = Kind::link, .to = "PerturbationTarget", .inverse = "compounds",
          .doc = "What it acts on."},
     },
     .rules = {{.unique = {"name", "ontology_id"}}},
     .name_field = "name", .id_field = "ontology_id", .ontology = {"CHEBI"}});
  perturbation<"PerturbationTarget">(m, {
     .doc = "What a perturbation acts on: genes, proteins or pathways.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 255, .index = true, .doc = "Name of the target."},
         {.name = "genes", .kind = Kind::link, .to = "Gene", .inverse = "perturbation_targets",
          .doc = "The genes that it is."},
         {.name = "pathways", .kind = Kind::link, .to = "Pathway", .inverse = "perturbation_targets",
          .doc = "The pathways that it is."},
         {.name = "proteins", .kind = Kind::link, .to = "Protein", .inverse = "perturbation_targets",
          .doc = "The proteins that it is."},
     },
     .name_field = "name"},
     {{.name = "wetlab_arti_artifac_2674c5_idx", .index = {"artifact", "perturbationtarget"}}});
  perturbation<"GeneticPerturbation">(m, {
     .doc = "Genetic perturbations, such as a knockout.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 255, .index = true, .doc = "Name of the perturbation."},
         {.name = "type", .size = 32, .optional = true, .index = true, .doc = "CRISPR knockout, siRNA, ..."},
         {.name = "sequence", .optional = true, .index = true, .doc = "Sequence of the guide or construct."},
         {.name = "on_target_score", .kind = Kind::real, .optional = true, .index = true,
          .doc = "How likely it acts on the target, 0 to 1."},
         {.name = "off_target_score", .kind = Kind::real, .optional = true, .index = true,
          .doc = "How likely it acts elsewhere, 0 to 1."},
         {.name = "targets", .kind = Kind::link, .to = "PerturbationTarget", .inverse = "genetic_perturbations",
          .doc = "What it acts on."},
     },
     .name_field = "name"},
     {{.name = "wetlab_arti_artifac_8731fa_idx", .index = {"artifact", "geneticperturbation"}}});
  perturbation<"Biologic">(m, {
     .doc = "Biological agents, such as antibodies.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 255, .index = true, .doc = "Name of the agent."},
         {.name = "type", .size = 32, .index = true, .doc = "antibody, cytokine, ..."},
         {.name = "proteins", .kind = Kind::link, .to = "Protein", .inverse = "biologics",
          .doc = "The proteins that it consists of."},
         {.name = "targets", .kind = Kind::link, .to = "PerturbationTarget", .inverse = "biologics",
          .doc = "What it acts on."},
     },
     .name_field = "name"});
  perturbation<"CompoundPerturbation">(m, {
     .doc = "A compound given at a concentration for a time.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 255, .index = true, .doc = "Name of the perturbation."},
         {.name = "concentration", .kind = Kind::real, .optional = true, .doc = "Concentration."},
         {.name = "concentration_unit", .size = 32, .optional = true, .doc = "Unit of the concentration, such as uM."},
         {.name = "duration", .kind = Kind::duration, .optional = true, .doc = "How long it acted."},
         {.name = "compound", .kind = Kind::ref, .optional = true, .to = "Compound",
          .inverse = "compoundperturbation_set", .doc = "The compound that was given."},
     },
     .name_field = "name"});
  perturbation<"EnvironmentalPerturbation">(m, {
     .doc = "A change of the environment, such as heat.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 255, .index = true, .doc = "Name of the perturbation."},
         {.name = "ontology_id", .size = 32, .optional = true, .index = true,
          .doc = "Identifier in a public ontology."},
         {.name = "value", .kind = Kind::real, .optional = true, .doc = "How much."},
         {.name = "unit", .size = 32, .optional = true, .doc = "Unit of the value."},
         {.name = "duration", .kind = Kind::duration, .optional = true, .doc = "How long it acted."},
         {.name = "targets", .kind = Kind::link, .to = "PerturbationTarget", .inverse = "environmental_perturbations",
          .doc = "What it acts on."},
     },
     .name_field = "name", .id_field = "ontology_id"});
  perturbation<"CombinationPerturbation">(m, {
     .doc = "Perturbations that act together.", .mixins = {"BioRecord"},
     .fields = {
         {.name = "name", .size = 255, .index = true, .doc = "Name of the combination."},
         {.name = "genetic_perturbations", .kind = Kind::link, .to = "GeneticPerturbation",
          .inverse = "combination_perturbations", .doc = "Its genetic parts."},
         {.name = "compound_perturbations", .kind = Kind::link, .to = "CompoundPerturbation",
          .inverse = "combination_perturbations", .doc = "Its chemical parts."},
         {.name = "environmental_perturbations", .kind = Kind::link, .to = "EnvironmentalPerturbation",
          .inverse = "combination_perturbations", .doc = "Its environmental parts."},
     },
     .name_field = "name"});
  return m;
}
// clang-format on

}  // namespace lamin::modules
