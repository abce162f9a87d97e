// lamin.hpp -- everything. Start with instance.hpp, then artifact.hpp; examples/main_job.cpp uses most of it.
#pragma once
#include "lamin/artifact.hpp"
#include "lamin/branch.hpp"
#include "lamin/curate.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"
#include "lamin/frame.hpp"
#include "lamin/instance.hpp"
#include "lamin/label.hpp"
#include "lamin/lineage.hpp"
#include "lamin/ontology.hpp"
