// tidy.hpp -- a lineage graph in the form that is promised, whatever the order in which a database gave it.
#pragma once
#include "lamin/lineage_graph.hpp"

namespace lamin::lake {

/// After what was asked for, nodes by kind and id; each edge once. What a run both read and wrote counts as its output.
void tidy(LineageGraph& graph);
/// Sets how far each node is from what was asked for, along the edges or against them.
void measure(LineageGraph& graph, bool through_recreated);
/// Leaves out what is further away than so many edges; negative: any number. Other results of runs that go, go too.
void leave_out_far(LineageGraph& graph, int up, int down);
/// Leaves out what has no distance.
void leave_out_siblings(LineageGraph& graph);

}  // namespace lamin::lake
