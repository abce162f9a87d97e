// Tables of terms as their publishers write them.
#include "format/term_table.hpp"
#include <gmock/gmock.h>
#include <cstdlib>
#include <fstream>
#include <functional>
#include "format/byte_stream.hpp"
#include "format/taxonomy.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
namespace fs = std::filesystem;
const fs::path data = LAMIN_SOURCE_DIR "/tests/data/terms";

class TermTableTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path file(const std::string& name, std::string_view text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  TermTable read(const std::string& name, std::string_view text, std::string_view organism = {}) {
    auto table = read_term_table(file(name, text), {.organism = std::string(organism)});
    EXPECT_TRUE(table) << "not recognised";
    return table ? std::move(*table) : TermTable{};
  }
  fs::path folder_ = fs::temp_directory_path() / ("lamin-term-table-" + std::to_string(::getpid()));
};

/// A row as "column=text" of what is there.
std::vector<std::string> row(const TermTable& table, std::int64_t at) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < table.frame.size(); ++i) {
    const auto& column = table.frame.at(i);
    if (!column.is_null(at)) cells.push_back(table.frame.names()[i] + "=" + std::string(column.text(at)));
  }
  return cells;
}

TEST_F(TermTableTest, SaysThatItIsAPart) {
  constexpr std::string_view species =
      "#name\tspecies\tdivision\ttaxonomy_id\nHuman\thomo_sapiens\tEnsemblVertebrates\t9606\n";
  const auto whole = parse_term_table(species, "species.tsv");
  const std::string marked = "#!subset\n" + std::string(species);
  const auto part = parse_term_table(marked, "species.tsv");
  ASSERT_TRUE(whole && part);
  EXPECT_FALSE(whole->partial);
  EXPECT_TRUE(part->partial);
  EXPECT_EQ(part->frame.names(), whole->frame.names());
  EXPECT_EQ(part->frame.rows(), 1);
}

TEST_F(TermTableTest, EnsemblsSpecies) {
  const auto table =
      read("species_EnsemblVertebrates.txt",
           "#name\tspecies\tdivision\ttaxonomy_id\tassembly\tassembly_accession\tgenebuild\n"
           "Spiny chromis\tacanthochromis_polyacanthus\tEnsemblVertebrates\t80966\tASM210954v1\tGCA_1\t2018\n"
           "Human\thomo_sapiens\tEnsemblVertebrates\t9606\tGRCh38.p14\tGCA_2\t2014\n");
  EXPECT_EQ(table.source, "ensembl");
  EXPECT_THAT(row(table, 0), ElementsAre("name=spiny chromis", "ontology_id=NCBITaxon:80966",
                                         "scientific_name=Acanthochromis polyacanthus"));
  EXPECT_THAT(table.untaken, ElementsAre("assembly", "assembly_accession", "genebuild"));
  EXPECT_EQ(table.organism, "vertebrates");
}

TEST_F(TermTableTest, GenesOfEnsemblsGtf) {
  const auto table =
      read("Mus_musculus.GRCm39.114.gtf",
           "#!genome-build GRCm39\n"
           "1\thavana\tgene\t1\t9\t.\t+\t.\tgene_id \"ENSMUSG00000102693\"; gene_version \"2\"; gene_name "
           "\"4933401J01Rik\"; gene_source \"havana\"; gene_biotype \"TEC\";\n"
           "1\thavana\ttranscript\t1\t9\t.\t+\t.\tgene_id \"ENSMUSG00000102693\"; transcript_id \"T\";\n"
           "1\tensembl\tgene\t1\t9\t.\t+\t.\tgene_id \"ENSMUSG00000064842.3\"; gene_type \"snRNA\";\n");
  EXPECT_EQ(table.version, "release-114");
  EXPECT_EQ(table.organism, "mus musculus");
  ASSERT_EQ(table.frame.rows(), 2);
  EXPECT_THAT(row(table, 0), ElementsAre("ensembl_gene_id=ENSMUSG00000102693", "symbol=4933401J01Rik", "biotype=TEC"));
  EXPECT_THAT(row(table, 1), ElementsAre("ensembl_gene_id=ENSMUSG00000064842", "biotype=snRNA"));
}

TEST_F(TermTableTest, GenesOfGencodesGtf) {
  const auto table =
      read("gencode.gtf",
           "##description: evidence-based annotation of the human genome (GRCh38), version 48 (Ensembl 114)\n"
           "chr1\tHAVANA\tgene\t1\t9\t.\t+\t.\tgene_id \"ENSG00000290825.2\"; gene_type \"lncRNA\"; gene_name "
           "\"DDX11L16\"; level 2; hgnc_id \"HGNC:37102\";\n");
  EXPECT_EQ(table.version, "release-114");
  EXPECT_EQ(table.organism, "human");
  EXPECT_THAT(row(table, 0), ElementsAre("ensembl_gene_id=ENSG00000290825", "symbol=DDX11L16", "biotype=lncRNA",
                                         "hgnc_id=HGNC:37102"));
}

TEST_F(TermTableTest, GenesOfEnsemblsGff3) {
  const auto table =
      read("Homo_sapiens.GRCh38.110.gff3",
           "##gff-version 3\n1\tensembl_havana\tgene\t1\t9\t.\t-\t.\tID=gene:ENSG00000012048;Name=BRCA1;"
           "biotype=protein_coding;description=BRCA1 DNA repair associated [Source:HGNC Symbol%3BAcc:HGNC:1100];"
           "gene_id=ENSG00000012048;logic_name=x;version=26\n"
           "1\tensembl\tmRNA\t1\t9\t.\t-\t.\tID=transcript:ENST1;Parent=gene:ENSG00000012048\n"
           "1\tx\tncRNA_gene\t1\t9\t.\t-\t.\tID=gene:ENSG00000000001;biotype=lncRNA;gene_id=ENSG00000000001\n");
  ASSERT_EQ(table.frame.rows(), 2);
  EXPECT_THAT(row(table, 0), ElementsAre("ensembl_gene_id=ENSG00000012048", "symbol=BRCA1", "biotype=protein_coding",
                                         "description=BRCA1 DNA repair associated", "hgnc_id=HGNC:1100"));
}

TEST_F(TermTableTest, GenesOfCellxgenesLists) {
  const auto table = read_term_table(data / "genes_sars_cov_2.csv.gz");
  ASSERT_TRUE(table);
  EXPECT_THAT(row(*table, 0),
              ElementsAre("ensembl_gene_id=ENSSASG00005000002", "symbol=ORF1ab", "biotype=protein_coding"));
  EXPECT_EQ(read_term_table(data / "genes_ercc.csv.gz")->frame.rows(), 92);
}

TEST_F(TermTableTest, GenesOfHgncAndNcbi) {
  const auto hgnc = read(
      "hgnc.txt",
      "hgnc_id\tsymbol\tname\tlocus_group\talias_symbol\tprev_symbol\tentrez_id\tensembl_gene_id\n"
      "HGNC:1100\tBRCA1\tBRCA1 DNA repair associated\tprotein-coding gene\t\"RNF53|BRCC1\"\t\t672\tENSG00000012048\n");
  EXPECT_THAT(row(hgnc, 0),
              ElementsAre("ensembl_gene_id=ENSG00000012048", "symbol=BRCA1", "description=BRCA1 DNA repair associated",
                          "ncbi_gene_ids=672", "synonyms=RNF53|BRCC1", "hgnc_id=HGNC:1100"));
  const auto ncbi =
      read("gene_info",
           "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tdescription\ttype_of_gene\n"
           "9606\t672\tBRCA1\t-\tBRCAI|RNF53\tMIM:113705|HGNC:HGNC:1100|Ensembl:ENSG00000012048\tBRCA1 DNA "
           "repair associated\tprotein-coding\n");
  EXPECT_THAT(row(ncbi, 0),
              ElementsAre("ensembl_gene_id=ENSG00000012048", "symbol=BRCA1", "description=BRCA1 DNA repair associated",
                          "ncbi_gene_ids=672", "synonyms=BRCAI|RNF53", "biotype=protein_coding", "hgnc_id=HGNC:1100"));
}

TEST_F(TermTableTest, ProteinsOfUniprotsEntries) {
  const auto table = read_term_table(data / "uniprot_P60904.dat");
  ASSERT_TRUE(table);
  EXPECT_THAT(row(*table, 0), ElementsAre("uniprotkb_id=P60904", "name=DnaJ homolog subfamily C member 5", "length=198",
                                          "synonyms=Cysteine string protein|CSP|Cysteine-string protein isoform alpha",
                                          "gene_symbol=Dnajc5", "ensembl_gene_ids=ENSMUSG00000000826"));
  const auto human = read_term_table(data / "uniprot_P60904.dat", {.organism = "human"});
  EXPECT_EQ(human->frame.rows(), 0);
  EXPECT_THAT(human->other_organisms, ElementsAre(Pair("Mus musculus (Mouse)", 1)));
  EXPECT_EQ(read_term_table(data / "uniprot_P60904.dat", {.organism = "mus musculus"})->frame.rows(), 1);
}

TEST_F(TermTableTest, ProteinsOfUniprotsTable) {
  const auto table =
      read("uniprot.tsv",
           "Entry\tEntry Name\tProtein names\tGene Names\tOrganism\tLength\tEnsembl\n"
           "P04637\tP53_HUMAN\tCellular tumor antigen p53 (Antigen NY-CO-13) (Phosphoprotein p53 (alpha)) [Cleaved "
           "into: x (y)]\tTP53 P53\tHomo sapiens (Human)\t393\tENST00000269305.9 [P04637-1];ENSG00000141510.20;\n"
           "P02340\tP53_MOUSE\tCellular tumor antigen p53\tTp53\tMus musculus (Mouse)\t390\t\n",
           "human");
  ASSERT_EQ(table.frame.rows(), 1);
  EXPECT_THAT(row(table, 0), ElementsAre("uniprotkb_id=P04637", "name=Cellular tumor antigen p53",
                                         "synonyms=Antigen NY-CO-13|Phosphoprotein p53 (alpha)", "length=393",
                                         "gene_symbol=TP53", "ensembl_gene_ids=ENSG00000141510"));
  EXPECT_THAT(table.untaken, ElementsAre("Entry Name"));
}

TEST_F(TermTableTest, MarkersOfCellMarker) {
  const auto two = read("Cell_marker_All.csv",
                        "species,tissue_class,cell_name,marker,Symbol,GeneID,UNIPROTID\n"
                        "Human,Blood,\"T cell, naive\",CD4,CD4,920,P01730\nMouse,Blood,T cell,Cd4,Cd4,12504,NA\n",
                        "human");
  ASSERT_EQ(two.frame.rows(), 1);
  EXPECT_THAT(row(two, 0), ElementsAre("name=CD4", "gene_symbol=CD4", "ncbi_gene_id=920", "uniprotkb_id=P01730"));
  const auto one = read(
      "Human_cell_markers.txt",
      "speciesType\tcellName\tcellMarker\tgeneSymbol\tgeneID\tproteinID\n"
      "Human\tT cell\tCD3, CD4, CD62L\t[CD3D, CD3E], CD4, SELL\t[915, 916], 920, 6402\t[P04234, P07766], P01730, NA\n");
  ASSERT_EQ(one.frame.rows(), 3);
  EXPECT_THAT(row(one, 0), ElementsAre("name=CD3"));
  EXPECT_THAT(row(one, 2), ElementsAre("name=CD62L", "gene_symbol=SELL", "ncbi_gene_id=6402"));
  const auto genes = read("markers.csv", "Tissue,CT,Gene\nAbdomen,Macrophage,\"MERTK,FCGR3A\"\n");
  ASSERT_EQ(genes.frame.rows(), 2);
  EXPECT_THAT(row(genes, 1), ElementsAre("name=FCGR3A", "gene_symbol=FCGR3A"));
}

TEST_F(TermTableTest, CellLinesOfDepmap) {
  const auto table = read_term_table(data / "depmap_sample_info.csv");
  ASSERT_TRUE(table);
  EXPECT_THAT(row(*table, 0), ElementsAre("ontology_id=ACH-000016", "name=SLR 21", "synonyms=SLR21|SLR21_KIDNEY"));
  const auto later =
      read("Model.csv", "ModelID,PatientID,CellLineName,StrippedCellLineName\nACH-000001,PT-1,NIH:OVCAR-3,NIHOVCAR3\n");
  EXPECT_THAT(row(later, 0), ElementsAre("ontology_id=ACH-000001", "name=NIH:OVCAR-3", "synonyms=NIHOVCAR3"));
}

TEST_F(TermTableTest, CellLinesOfCellosaurus) {
  const std::string text =
      "----\n Description: Cellosaurus: a controlled vocabulary of cell lines\n Version: 53.0\n----\n"
      "ID   HeLa\nAC   CVCL_0030\nSY   HELA; Hela; He La\nOX   NCBI_TaxID=9606; ! Homo sapiens (Human)\n//\n"
      "ID   HL-60\nAC   CVCL_0002\nSY   HL 60\n//\n";
  const auto table = read("cellosaurus.txt", text);
  EXPECT_EQ(table.version, "53.0");
  ASSERT_EQ(table.frame.rows(), 2);
  EXPECT_THAT(row(table, 0), ElementsAre("ontology_id=CVCL_0030", "name=HeLa", "synonyms=HELA|Hela|He La"));
  EXPECT_THROW(read_term_table(file("cut.txt", text.substr(0, text.size() - 5))), Error);
}

TEST_F(TermTableTest, DiseasesOfIcd) {
  const auto ten =
      read("icd10cm_codes_2020.txt",
           "A00     Cholera\nA000    Cholera due to Vibrio cholerae 01\nU070    Vaping-related disorder\n");
  ASSERT_EQ(ten.frame.rows(), 3);
  EXPECT_THAT(row(ten, 1), ElementsAre("ontology_id=A00.0", "name=Cholera due to Vibrio cholerae 01", "parents=A00"));
  EXPECT_THAT(row(ten, 2), ElementsAre("ontology_id=U07.0", "name=Vaping-related disorder"));
  const auto nine = read("CMS32_DESC_SHORT_DX.txt", "0010  Cholera d/t vib cholerae\n0020  Typhoid fever\n");
  EXPECT_THAT(row(nine, 0), ElementsAre("ontology_id=001.0", "name=Cholera d/t vib cholerae"));
  const auto eleven =
      read("SimpleTabulation.txt",
           "Foundation URI\tLinearization (release) URI\tCode\tBlockId\tTitle\tClassKind\tDepthInKind\tChapterNo\n"
           "u\tl\t\t\tCertain infectious or parasitic diseases\tchapter\t1\t01\n"
           "u\tl\t\tBlockL1-1A0\t- Gastroenteritis or colitis of infectious origin\tblock\t1\t01\n"
           "u\tl\t1A00\t\t- - Cholera\tcategory\t1\t01\n"
           "u\tl\t1A01\t\t- - Intestinal infection due to other Vibrio\tcategory\t1\t01\n");
  ASSERT_EQ(eleven.frame.rows(), 4);
  EXPECT_THAT(row(eleven, 3),
              ElementsAre("ontology_id=1A01", "name=Intestinal infection due to other Vibrio", "parents=BlockL1-1A0"));
}

TEST_F(TermTableTest, OtherTextsAreNot) {
  EXPECT_FALSE(read_term_table(file("a.csv", "ontology_id,name\nCL:1,x\n"))) << "columns that are fields already";
  EXPECT_FALSE(read_term_table(file("a.txt", "Dear reader,\nthis is a letter.\n")));
  EXPECT_FALSE(read_term_table(file("a.bin", std::string_view("ID   \0\n", 7))));
  EXPECT_FALSE(read_term_table(file("empty", "")));
}

std::vector<std::string> told(const Complaints& complaints) {
  std::vector<std::string> all;
  for (const auto& one : complaints.first) all.push_back(to_string(one));
  return all;
}

TEST_F(TermTableTest, ListsOfUsersAreNotTakenForPublishers) {
  for (const char* text :
       {"s1,Anna,1,20,blood\ns2,Ben,2,30,skin\n",                        // samples: five cells, two of them numbers
        "ENSG00000223972,DDX11L1,6,1735,a biotype\n",                    // no biotype
        "ENSG1,DDX11L1,6,1735,lncRNA\n",                                 // no gene of Ensembl
        "ENSG00000223972,DDX11L1,6,1735,lncRNA\nn1,x,1,2,lncRNA\n",      // one that is not
        "101 first sample\n102 second sample\n",                         // numbers and names
        "T1D type 1 diabetes\nT2D type 2 diabetes\n",                    // abbreviations that look like codes
        "A01     x\nA00     y\n",                                        // in no order
        "H01 heart\nL01 lung\n", "0010    Cholera\n0020    Typhoid\n"})  // titles elsewhere than in an ICD
    EXPECT_FALSE(read_term_table(file("own.csv", text))) << text;
}

TEST_F(TermTableTest, RowsThatDoNotFitTheHeaderAreNamedAndTheRestComes) {
  const std::string header = "hgnc_id\tsymbol\tlocus_group\tensembl_gene_id\n";
  const auto table = read("hgnc.txt", header +
                                          "HGNC:1\tA\tx\tENSG00000000001\n\nHGNC:2\tB\tx\n"
                                          "HGNC:3\tC\tx\tENSG00000000003\tmore\nHGNC:4\tD\tx\tENSG00000000004\t\t\n"
                                          "HGNC:5\tE\tx");
  ASSERT_EQ(table.frame.rows(), 2);
  EXPECT_EQ(table.frame.at("symbol").text(1), "D") << "empty cells at the end are none";
  EXPECT_THAT(told(table.complaints),
              ElementsAre("line 4: 3 cells in a table of 4 columns", "line 5: 5 cells in a table of 4 columns",
                          "line 7: 3 cells in a table of 4 columns, where the file ends: it was cut short"));
  try {
    read_term_table(file("all.txt", header + "1\tHGNC:1\tA\tx\tENSG00000000001\n"));
    FAIL() << "no row fits";
  } catch (const Error& error) { EXPECT_THAT(error.what(), HasSubstr("line 2: 5 cells in a table of 4 columns")); }
  try {
    read_text_table(file("b.csv", "a,b\n1,2\n1\n"));
    FAIL();
  } catch (const Error& error) { EXPECT_THAT(error.what(), HasSubstr("line 3: 1 cell in a table of 2 columns")); }
}

TEST_F(TermTableTest, EntriesWithoutAnIdentifierAndCutLinesAreNamed) {
  const auto lines = read("cellosaurus.txt", "ID   HeLa\nAC   CVCL_0030\n//\nID   nobody\n//\n");
  EXPECT_EQ(lines.frame.rows(), 1);
  EXPECT_THAT(told(lines.complaints), ElementsAre(HasSubstr("line 5: an entry ends that has no accession")));
  const auto genes = read("a.gtf",
                          "1\tx\tgene\t1\t9\t.\t+\t.\tgene_id \"ENSG1\"; gene_name \"A\";\n"
                          "1\tx\tgene\t1\t9\t.\t+\t.\tgene_name \"B\";\n1\tx\texon\t1\t9");
  EXPECT_EQ(genes.frame.rows(), 1);
  EXPECT_THAT(told(genes.complaints),
              ElementsAre("line 2: a gene without an id", HasSubstr("line 3: the file ends in")));
  std::string text;
  for (int i = 10; i < 40; ++i) text += "A" + std::to_string(i) + "     Cholera\n";
  const auto codes = read("icd10cm.txt", text + "no code\nB00     Herpes\n");
  EXPECT_EQ(codes.frame.rows(), 31);
  EXPECT_THAT(told(codes.complaints), ElementsAre("line 31: neither a code nor a title"));
}

TEST_F(TermTableTest, AQuoteThatIsNotClosedNamesItsLine) {
  const auto message_of = [&](const std::string& text) -> std::string {
    try {
      read_text_table(file("q.csv", text));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::corrupt);
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_THAT(message_of("a,b\n1,2\n\"x,1\ny,2\nz,3\n"),
              HasSubstr("q.csv', line 3: a quote is opened but never closed"));
  EXPECT_THAT(message_of("a,b\n1,\"x\ny,2\n\"z\",3\n"),
              HasSubstr("line 2: a quote is opened that ends in line 4, in the middle of a cell"));
  std::string many = "a,b\n\"x,1\n";
  for (int i = 0; i < 3'000'000; ++i) many += "y,2222\n";  // quadratic time would take hours
  EXPECT_THAT(message_of(many), HasSubstr("line 2: a quote is opened but not closed within 16 MiB"));
  const auto plain = read_text_table(file("p.csv", "a,b\n5\" tip,\"5\"\" tip\"\n\"CD4\" T,x\n"));
  EXPECT_EQ(plain.at("a").text(0), "5\" tip");
  EXPECT_EQ(plain.at("b").text(0), "5\" tip");
  EXPECT_EQ(plain.at("a").text(1), "\"CD4\" T");
  const auto tabs = read_text_table(file("p.tsv", "a\tb\n\"never closed\t1\n2\t\"x\ty\"\n"));
  EXPECT_EQ(tabs.at("a").text(0), "\"never closed") << "in a table by tabs no cell goes on in the next line";
  EXPECT_EQ(tabs.at("b").text(1), "x\ty");
}

TEST_F(TermTableTest, MemoryStaysWithinTheBudgetOfTheFile) {
  struct Limit {
    explicit Limit(const char* bytes) { ::setenv("LAMIN_READ_BUDGET", bytes, 1); }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;
    ~Limit() { ::unsetenv("LAMIN_READ_BUDGET"); }
  } limit("2MB");
  const auto message_of = [](const std::function<void()>& act) -> std::string {
    try {
      act();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::corrupt);
      return error.what();
    }
    return "nothing was thrown";
  };
  std::string table = "a,b\n", genes = "##gff-version 3\n", codes, lines = "ID   x\nAC   CVCL_1\n//\n",
              icd11 = "Foundation URI\tCode\tTitle\n", hgnc = "hgnc_id\tsymbol\tlocus_group\n";
  for (int i = 100'000; i < 300'000; ++i) {
    const auto n = std::to_string(i);
    table += n + ",xx\n";
    genes += "1\tx\tgene\t1\t9\t.\t+\t.\tID=gene:" + n + ";\n";
    codes += "A0" + n.substr(1) + " x\n";
    lines += "ID   " + n + "\nAC   CVCL_" + n + "\n//\n";
    icd11 += "u\t" + n + "\tx\n";
    hgnc += n + "\tA" + n + "\tx\n";
  }
  EXPECT_THAT(message_of([&] { read_text_table(file("a.csv", table)); }),
              HasSubstr("would take more than the 2000 KB"));
  for (const auto* text : {&genes, &codes, &lines, &icd11, &hgnc})
    EXPECT_THAT(message_of([&] { read_term_table(file("t.txt", *text)); }), HasSubstr("would take more"))
        << text->substr(0, 40);
  EXPECT_THAT(message_of([&] { read_text_table(file("b.csv", std::string(200'000, ','))); }), HasSubstr("its header"));
}

TEST_F(TermTableTest, ColumnsThatAreFieldsAreTakenWhoeverPublishesTheTable) {
  const TermTableOptions options{.fields = {"name", "description", "gene_symbol"}};
  const auto table = read_term_table(
      file("Model.csv", "ModelID,CellLineName,Description,Gene Symbol,Sex\nACH-1,HeLa,old,TP53,F\n"), options);
  ASSERT_TRUE(table);
  EXPECT_THAT(row(*table, 0), ElementsAre("ontology_id=ACH-1", "name=HeLa", "description=old", "gene_symbol=TP53"));
  EXPECT_THAT(table->untaken, ElementsAre("Sex"));
}

TEST_F(TermTableTest, AnyTextTable) {
  const auto frame = read_text_table(file("a.csv", "\xEF\xBB\xBF\"a\",b\r\n1,\"x, \"\"y\"\"\nz\"\r\n,2\r\n"));
  ASSERT_EQ(frame.rows(), 2);
  EXPECT_EQ(frame.at("b").text(0), "x, \"y\"\nz");
  EXPECT_TRUE(frame.at("a").is_null(1));
  EXPECT_THROW(read_text_table(file("b.csv", "a,b\n1,2,3\n")), Error);
}

/// NCBI's taxonomy

constexpr std::string_view names =
    "1\t|\troot\t|\t\t|\tscientific name\t|\n2\t|\tBacteria\t|\tBacteria <bacteria>\t|\tscientific name\t|\n"
    "9606\t|\thuman\t|\t\t|\tgenbank common name\t|\n9606\t|\tman\t|\t\t|\tcommon name\t|\n"
    "9606\t|\tHomo sapiens\t|\t\t|\tscientific name\t|\n9606\t|\tLinnaeus, 1758\t|\t\t|\tauthority\t|\n";
constexpr std::string_view nodes = "1\t|\t1\t|\tno rank\t|\n2\t|\t1\t|\tsuperkingdom\t|\n9606\t|\t1\t|\tspecies\t|\n";

TEST_F(TermTableTest, TheTaxonomyOfNcbi) {
  file("dump/names.dmp", names);
  file("dump/nodes.dmp", nodes);
  EXPECT_TRUE(is_taxonomy(folder_ / "dump"));
  std::vector<std::string> taxa;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> parents;
  read_taxonomy(
      folder_ / "dump",
      [&](const Taxon& taxon) {
        taxa.push_back(std::to_string(taxon.id) + " " + taxon.scientific_name + "/" + taxon.common_name + "/" +
                       taxon.synonyms);
      },
      [&](std::uint32_t child, std::uint32_t parent) { parents.emplace_back(child, parent); });
  EXPECT_THAT(taxa, ElementsAre("1 root//", "2 Bacteria <bacteria>//", "9606 Homo sapiens/human/man"));
  EXPECT_THAT(parents, ElementsAre(Pair(2, 1), Pair(9606, 1)));
  file("dump/nodes.dmp", "x\t|\t1\t|\n");
  try {
    read_taxonomy(folder_ / "dump", [](const Taxon&) {}, [](std::uint32_t, std::uint32_t) {});
    FAIL();
  } catch (const Error& error) { EXPECT_THAT(error.what(), HasSubstr("nodes.dmp, line 1: 'x' is no number")); }
  fs::remove(folder_ / "dump/nodes.dmp");
  EXPECT_FALSE(is_taxonomy(folder_ / "dump"));
}

}  // namespace
}  // namespace lamin::format
