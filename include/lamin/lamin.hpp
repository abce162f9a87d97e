// lamin.hpp -- the whole public API in one include; it declares nothing itself.
//
// docs/cpp.md introduces the headers in the order a newcomer needs them and shows how to build against liblamin. The
// following holds everywhere: a failure is an Error with a code; an Instance and everything that belongs to it is used
// by one thread at a time; a Record, Table or Column must not outlive the Instance it comes from; text is UTF-8, sizes
// are in bytes, times are UTC, ids are the database's.
//
// Example: examples/main_job.cpp, from an empty folder to a dataset found by "any T cell".
#pragma once
#include "lamin/artifact.hpp"
#include "lamin/branch.hpp"
#include "lamin/catalog.hpp"
#include "lamin/collection.hpp"
#include "lamin/curate.hpp"
#include "lamin/database.hpp"
#include "lamin/describe.hpp"
#include "lamin/dtype.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"
#include "lamin/find.hpp"
#include "lamin/frame.hpp"
#include "lamin/fsck.hpp"
#include "lamin/instance.hpp"
#include "lamin/label.hpp"
#include "lamin/lineage.hpp"
#include "lamin/message.hpp"
#include "lamin/note.hpp"
#include "lamin/ontology.hpp"
#include "lamin/pages.hpp"
#include "lamin/plugin.hpp"
#include "lamin/pool.hpp"
#include "lamin/public_terms.hpp"
#include "lamin/query.hpp"
#include "lamin/record.hpp"
#include "lamin/remove.hpp"
#include "lamin/report.hpp"
#include "lamin/save.hpp"
#include "lamin/schema.hpp"
#include "lamin/search.hpp"
#include "lamin/session.hpp"
#include "lamin/settings.hpp"
#include "lamin/sheet.hpp"
#include "lamin/source.hpp"
#include "lamin/term.hpp"
#include "lamin/text.hpp"
#include "lamin/upgrade.hpp"
#include "lamin/user.hpp"
#include "lamin/value.hpp"
#include "lamin/values.hpp"
