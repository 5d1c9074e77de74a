use std::collections::{BTreeMap, BTreeSet};

/// The sets of nodes that can all be reached from each other (the strongly connected components of
/// more than one node).
pub fn circles<N: Ord + Clone>(graph: &BTreeMap<N, BTreeSet<N>>) -> Vec<Vec<N>> {
    let left = without_ends(graph);
    let reached: BTreeMap<&N, BTreeSet<&N>> = left
        .keys()
        .map(|node| (node, reachable(&left, node)))
        .collect();
    let leads = |from: &N, to: &N| reached.get(from).is_some_and(|nodes| nodes.contains(to));
    let mut found: Vec<Vec<N>> = Vec::new();
    for node in left.keys() {
        if found.iter().flatten().any(|known| known == node) {
            continue;
        }
        let with = left
            .keys()
            .filter(|other| leads(node, other) && leads(other, node));
        let circle: Vec<N> = with.cloned().collect();
        if circle.len() > 1 {
            found.push(circle);
        }
    }
    found
}

/// Most nodes lead to no circle: those from which every way ends are taken out first.
fn without_ends<N: Ord + Clone>(graph: &BTreeMap<N, BTreeSet<N>>) -> BTreeMap<N, BTreeSet<N>> {
    let mut left = graph.clone();
    loop {
        let goes_on = |nodes: &BTreeSet<N>| nodes.iter().any(|node| left.contains_key(node));
        let ends = left.iter().filter(|(_, nodes)| !goes_on(nodes));
        let ends: Vec<N> = ends.map(|(node, _)| node.clone()).collect();
        if ends.is_empty() {
            return left;
        }
        left.retain(|node, _| !ends.contains(node));
    }
}

fn reachable<'a, N: Ord>(graph: &'a BTreeMap<N, BTreeSet<N>>, start: &N) -> BTreeSet<&'a N> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&N> = graph.get(start).into_iter().flatten().collect();
    while let Some(node) = waiting.pop() {
        if seen.insert(node) {
            waiting.extend(graph.get(node).into_iter().flatten());
        }
    }
    seen
}

#[test]
fn a_circle_is_found_once_and_a_chain_is_none() {
    let graph = BTreeMap::from([
        ("a", BTreeSet::from(["b"])),
        ("b", BTreeSet::from(["c", "d"])),
        ("c", BTreeSet::from(["a"])),
        ("d", BTreeSet::new()),
    ]);
    assert_eq!(circles(&graph), [["a", "b", "c"]]);
}
