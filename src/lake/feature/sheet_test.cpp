#include "lake/feature/sheet_cases_testing.hpp"
#include "lake/label/label_testing.hpp"

namespace lamin {
namespace {

class SheetTest : public testing::LabelTest {};

TEST_F(SheetTest, RowsHaveWhatTheSheetRequires) { testing::SheetCases(*instance).rows_have_what_the_sheet_requires(); }
TEST_F(SheetTest, TheIndexIsTheName) { testing::SheetCases(*instance).the_index_is_the_name(); }
TEST_F(SheetTest, ManyRowsAreSavedAndUpdated) { testing::SheetCases(*instance).many_rows_are_saved_and_updated(); }
TEST_F(SheetTest, NamesMoveWithTheIndex) { testing::SheetCases(*instance).names_move_with_the_index(); }

}  // namespace
}  // namespace lamin
