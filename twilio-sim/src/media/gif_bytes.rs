use crate::history::Draw;
use crate::media::media_file::{palette, picture_size, tile_colour};

/// With 128 colours each code has 8 bits until the decoder has learnt 126 more.
const CODE_BITS: u8 = 7;
const CLEAR: u8 = 128;
const END: u8 = 129;
/// Pixels after which the decoder is told to forget, before its codes grow.
const BETWEEN_CLEARS: usize = 120;
/// Longest block of data.
const BLOCK: usize = 255;

/// A GIF picture, not compressed: every code is one pixel and one byte.
pub(crate) fn gif_bytes(mut source: Draw) -> Vec<u8> {
    let (width, height) = picture_size(&mut source);
    let mut gif = b"GIF89a".to_vec();
    gif.extend(width.to_le_bytes());
    gif.extend(height.to_le_bytes());
    // A table of 128 colours, of which 8 are used.
    gif.extend([0xf6, 0, 0]);
    gif.extend(palette(source).as_flattened());
    gif.extend([0; 120 * 3]);
    gif.extend([b',', 0, 0, 0, 0]);
    gif.extend(width.to_le_bytes());
    gif.extend(height.to_le_bytes());
    gif.extend([0, CODE_BITS]);
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| tile_colour(source, x, y)))
        .collect();
    let mut codes = Vec::with_capacity(pixels.len() + pixels.len() / BETWEEN_CLEARS + 2);
    for part in pixels.chunks(BETWEEN_CLEARS) {
        codes.push(CLEAR);
        codes.extend(part);
    }
    codes.push(END);
    for block in codes.chunks(BLOCK) {
        gif.push(u8::try_from(block.len()).unwrap_or(u8::MAX));
        gif.extend(block);
    }
    gif.extend([0, b';']);
    gif
}
