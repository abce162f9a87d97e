// db_suite.hpp -- what every database must do, expressed through its Connection alone. Each backend instantiates
// DbSuite with a Backend; a test that passes on one and fails on another is a defect of the connection, not of the
// test.
#pragma once
#include "tests/conformance/db_inserting.hpp"
#include "tests/conformance/db_transactions.hpp"
#include "tests/conformance/db_values.hpp"
