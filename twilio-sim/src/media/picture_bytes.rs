use crate::history::Draw;

/// Photos, one wide and one high.
pub(crate) const JPEG: &[&[u8]] = &[
    include_bytes!("../../assets/samples/wide.jpg"),
    include_bytes!("../../assets/samples/high.jpg"),
];
pub(crate) const PNG: &[&[u8]] = &[include_bytes!("../../assets/samples/plan.png")];
pub(crate) const GIF: &[&[u8]] = &[include_bytes!("../../assets/samples/square.gif")];

/// One of the samples. What differs stands behind the picture's end, where nobody looks.
pub(crate) fn picture_bytes(samples: &[&[u8]], mut source: Draw) -> Vec<u8> {
    let mut bytes = source.pick(samples).to_vec();
    bytes.extend(source.next().to_be_bytes());
    bytes
}
