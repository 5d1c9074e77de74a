/// Merges sources that are each in order, greatest first or smallest first.
pub(crate) fn merge_newest_or_oldest<T: Ord + Copy>(
    sources: Vec<Box<dyn Iterator<Item = T> + '_>>,
    newest_first: bool,
) -> impl Iterator<Item = T> {
    let mut sources: Vec<_> = sources.into_iter().map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let heads = sources
            .iter_mut()
            .enumerate()
            .filter_map(|(index, source)| source.peek().map(|item| (*item, index)));
        let chosen = if newest_first {
            heads.max()
        } else {
            heads.min()
        };
        chosen.and_then(|(_, index)| sources[index].next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_in_order_become_one_in_order() {
        let merged = |newest_first| -> Vec<u32> {
            let mut lists: [Vec<u32>; 3] = [vec![1, 4, 9], vec![], vec![2, 3, 10]];
            if newest_first {
                lists.iter_mut().for_each(|list| list.reverse());
            }
            let sources = lists
                .into_iter()
                .map(|list| Box::new(list.into_iter()) as Box<dyn Iterator<Item = u32>>)
                .collect();
            merge_newest_or_oldest(sources, newest_first).collect()
        };
        assert_eq!(merged(false), [1, 2, 3, 4, 9, 10]);
        assert_eq!(merged(true), [10, 9, 4, 3, 2, 1]);
    }
}
