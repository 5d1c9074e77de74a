use crate::history::ListOrder;

/// Merges sources that are each in this order; the greatest is the newest.
pub(crate) fn merge_sorted<T: Ord + Copy>(
    sources: Vec<Box<dyn Iterator<Item = T> + '_>>,
    order: ListOrder,
) -> impl Iterator<Item = T> {
    let mut sources: Vec<_> = sources.into_iter().map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let heads = sources
            .iter_mut()
            .enumerate()
            .filter_map(|(index, source)| source.peek().map(|item| (*item, index)));
        let chosen = match order {
            ListOrder::NewestFirst => heads.max(),
            ListOrder::OldestFirst => heads.min(),
        };
        chosen.and_then(|(_, index)| sources[index].next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_in_order_become_one_in_order() {
        let merged = |order| -> Vec<u32> {
            let mut lists: [Vec<u32>; 3] = [vec![1, 4, 9], vec![], vec![2, 3, 10]];
            if order == ListOrder::NewestFirst {
                lists.iter_mut().for_each(|list| list.reverse());
            }
            let sources = lists
                .into_iter()
                .map(|list| Box::new(list.into_iter()) as Box<dyn Iterator<Item = u32>>)
                .collect();
            merge_sorted(sources, order).collect()
        };
        assert_eq!(merged(ListOrder::OldestFirst), [1, 2, 3, 4, 9, 10]);
        assert_eq!(merged(ListOrder::NewestFirst), [10, 9, 4, 3, 2, 1]);
    }
}
