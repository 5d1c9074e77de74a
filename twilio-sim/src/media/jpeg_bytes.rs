use crate::history::Draw;
use crate::media::media_file::{palette, picture_size};

/// Lengths and values of the Huffman codes for the first coefficient: annex K.3 of the standard.
const DC_LENGTHS: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_VALUES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/// The only code for the other coefficients: none follow.
const AC_LENGTHS: [u8; 16] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// With this step the first coefficient of a block of one colour is that colour minus 128.
const QUANTIZER: u8 = 8;

/// A baseline JPEG picture whose blocks of 8 by 8 pixels have one colour each.
pub(crate) fn jpeg_bytes(mut source: Draw) -> Vec<u8> {
    let (width, height) = picture_size(&mut source);
    let colours = palette(source).map(to_ycbcr);
    let mut jpeg = vec![0xff, 0xd8];
    push_segment(&mut jpeg, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let mut quantization = vec![0];
    quantization.extend([QUANTIZER; 64]);
    push_segment(&mut jpeg, 0xdb, &quantization);
    let mut frame = vec![8];
    frame.extend(height.to_be_bytes());
    frame.extend(width.to_be_bytes());
    // Three components, none of them subsampled, all with the same table.
    frame.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    push_segment(&mut jpeg, 0xc0, &frame);
    push_segment(
        &mut jpeg,
        0xc4,
        &huffman_table(0x00, &DC_LENGTHS, &DC_VALUES),
    );
    push_segment(&mut jpeg, 0xc4, &huffman_table(0x10, &AC_LENGTHS, &[0]));
    push_segment(&mut jpeg, 0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);

    let mut bits = EntropyBits::default();
    let mut before = [0_i16; 3];
    for _ in 0..u32::from(width.div_ceil(8)) * u32::from(height.div_ceil(8)) {
        let colour = source.pick(&colours);
        for (value, before) in colour.into_iter().zip(&mut before) {
            bits.push_dc(value - *before);
            bits.push(0, 1);
            *before = value;
        }
    }
    jpeg.extend(bits.finish());
    jpeg.extend([0xff, 0xd9]);
    jpeg
}

fn push_segment(jpeg: &mut Vec<u8>, marker: u8, data: &[u8]) {
    let length = u16::try_from(data.len() + 2).unwrap_or(u16::MAX);
    jpeg.extend([0xff, marker]);
    jpeg.extend(length.to_be_bytes());
    jpeg.extend(data);
}

fn huffman_table(class: u8, lengths: &[u8; 16], values: &[u8]) -> Vec<u8> {
    [&[class][..], lengths, values].concat()
}

/// Luminance and chrominance, each minus 128.
fn to_ycbcr([red, green, blue]: [u8; 3]) -> [i16; 3] {
    let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
    let parts = [
        (299 * red + 587 * green + 114 * blue) / 1_000 - 128,
        (-169 * red - 331 * green + 500 * blue) / 1_000,
        (500 * red - 419 * green - 81 * blue) / 1_000,
    ];
    parts.map(|part| i16::try_from(part.clamp(-128, 127)).unwrap_or(0))
}

/// Bits of the picture, with a zero byte after each byte of ones.
#[derive(Debug, Default)]
struct EntropyBits {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl EntropyBits {
    fn push(&mut self, value: u32, length: u32) {
        self.pending = (self.pending << length) | value;
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = u8::try_from((self.pending >> self.count) & 0xff).unwrap_or(0);
            self.bytes.push(byte);
            if byte == 0xff {
                self.bytes.push(0);
            }
        }
        self.pending &= (1 << self.count) - 1;
    }

    /// A difference of the first coefficient: the number of its bits as a code, then the bits.
    fn push_dc(&mut self, difference: i16) {
        let size = i16::BITS - difference.unsigned_abs().leading_zeros();
        let (code, length) = match size {
            0 => (0b00, 2),
            1..=5 => (size + 0b001, 3),
            // 1110, 11110, and so on.
            _ => ((1 << (size - 2)) - 2, size - 2),
        };
        self.push(code, length);
        let bits = if difference < 0 {
            difference - 1
        } else {
            difference
        };
        self.push(u32::from(bits.cast_unsigned()) & ((1 << size) - 1), size);
    }

    fn finish(mut self) -> Vec<u8> {
        // The last byte is filled with ones.
        let rest = (8 - self.count) % 8;
        self.push((1 << rest) - 1, rest);
        self.bytes
    }
}
