// Organisms known without a download: name, scientific name and NCBI taxonomy id.
//
// The names are Ensembl's common names in lower case, otherwise the scientific names in lower case.
#include <array>
#include <vector>

#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/label/scope.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

struct KnownOrganism {
  std::string_view name, scientific_name;
  int taxon;
  std::string_view also = {};  // another common name
};

constexpr auto known_organisms = std::to_array<KnownOrganism>({
    {"human", "Homo sapiens", 9606},
    {"mouse", "Mus musculus", 10090, "house mouse"},
    {"rat", "Rattus norvegicus", 10116, "norway rat"},
    {"zebrafish", "Danio rerio", 7955},
    {"drosophila melanogaster", "Drosophila melanogaster", 7227, "fruit fly"},
    {"caenorhabditis elegans", "Caenorhabditis elegans", 6239, "roundworm"},
    {"saccharomyces cerevisiae", "Saccharomyces cerevisiae", 559292, "yeast"},
    {"macaque", "Macaca mulatta", 9544, "rhesus macaque"},
    {"crab-eating macaque", "Macaca fascicularis", 9541, "cynomolgus"},
    {"chimpanzee", "Pan troglodytes", 9598},
    {"bonobo", "Pan paniscus", 9597},
    {"gorilla", "Gorilla gorilla gorilla", 9595},
    {"sumatran orangutan", "Pongo abelii", 9601},
    {"white-tufted-ear marmoset", "Callithrix jacchus", 9483, "marmoset"},
    {"olive baboon", "Papio anubis", 9555},
    {"vervet-agm", "Chlorocebus sabaeus", 60711, "vervet monkey"},
    {"mouse lemur", "Microcebus murinus", 30608},
    {"pig", "Sus scrofa", 9823},
    {"cow", "Bos taurus", 9913, "cattle"},
    {"sheep", "Ovis aries", 9940},
    {"goat", "Capra hircus", 9925},
    {"horse", "Equus caballus", 9796},
    {"dog", "Canis lupus familiaris", 9615},
    {"cat", "Felis catus", 9685},
    {"ferret", "Mustela putorius furo", 9669},
    {"rabbit", "Oryctolagus cuniculus", 9986},
    {"guinea pig", "Cavia porcellus", 10141},
    {"golden hamster", "Mesocricetus auratus", 10036},
    {"chinese hamster", "Cricetulus griseus", 10029},
    {"naked mole-rat", "Heterocephalus glaber", 10181},
    {"opossum", "Monodelphis domestica", 13616},
    {"platypus", "Ornithorhynchus anatinus", 9258},
    {"chicken", "Gallus gallus", 9031},
    {"tropical clawed frog", "Xenopus tropicalis", 8364},
    {"african clawed frog", "Xenopus laevis", 8355},
    {"japanese medaka", "Oryzias latipes", 8090, "medaka"},
    {"arabidopsis thaliana", "Arabidopsis thaliana", 3702, "thale cress"},
    {"escherichia coli", "Escherichia coli", 562},
    {"sars-cov-2", "Severe acute respiratory syndrome coronavirus 2", 2697049},
});

const KnownOrganism* known_organism(std::string_view name) {
  const std::string wanted = base::lower(name);
  for (const KnownOrganism& one : known_organisms) {
    if (one.name == wanted || one.also == wanted || base::lower(one.scientific_name) == wanted ||
        "ncbitaxon:" + std::to_string(one.taxon) == wanted) {
      return &one;
    }
  }
  return nullptr;
}

}  // namespace

namespace lake {
bool is_known_organism(std::string_view name) {
  std::string with_blanks(base::trim(name));
  for (char& c : with_blanks) c = c == '_' ? ' ' : c;
  return known_organism(with_blanks) != nullptr;
}

std::vector<std::string> names_of_organism(std::string_view name) {
  std::string with_blanks(base::trim(name));
  for (char& c : with_blanks) c = c == '_' ? ' ' : c;
  const auto* known = known_organism(with_blanks);
  if (known == nullptr) return {base::lower(with_blanks)};
  std::vector<std::string> names{std::string(known->name), base::lower(known->scientific_name)};
  if (!known->also.empty()) names.emplace_back(known->also);
  return names;
}
}  // namespace lake

Record organism(Instance& instance, std::string_view name) {
  if (auto found = lake::find_organism(instance, name)) return *found;
  std::string with_blanks(base::trim(name));
  for (char& c : with_blanks) c = c == '_' ? ' ' : c;
  const KnownOrganism* known = known_organism(with_blanks);
  if (!known) {
    std::vector<std::string_view> names;
    for (const KnownOrganism& one : known_organisms) names.push_back(one.name);
    const auto near = base::nearest(with_blanks, names);
    throw Error(Code::not_found, "no organism '" + std::string(name) +
                                     "' is registered, and it is not among the built-in ones" +
                                     (near.empty() ? "" : " (did you mean " + base::join(near, ", ") + "?)") +
                                     ": create it with its name, scientific name and ontology id");
  }
  Database& database = instance.database();
  const std::string ontology_id = "NCBITaxon:" + std::to_string(known->taxon);
  Query same{.registry = "bionty.Organism",
             .where = Expr::compare("ontology_id", Op::exact, Value(ontology_id)),
             .order_by = {"id"},
             .limit = 1};
  if (auto found = database.first(same)) return *found;  // under a name that the user chose
  const schema::Table& table = instance.catalog().table("bionty.Organism");
  Record record(table);
  record.set("uid", base::derived_uid(ontology_id, table.uid_size));
  record.set("name", known->name);
  record.set("ontology_id", ontology_id);
  record.set("scientific_name", known->scientific_name);
  registry::Writes(database).save(record);
  return record;
}

}  // namespace lamin
