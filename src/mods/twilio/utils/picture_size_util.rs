use imagesize::{ImageType, image_type};

/// Width and height of a picture as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    pub width: i32,
    pub height: i32,
}

/// Bytes from the start of a file that hold what is asked of it: a JPEG may have a preview before it.
pub const HEAD_BYTES: usize = 256 * 1024;

/// EXIF's tag for how the camera was held, and its values from which on the sides are swapped.
/// https://www.cipa.jp/std/documents/download_e.html?CIPA_DC-008-2024-E, 4.6.5.1.6
const ORIENTATION: u16 = 0x0112;
const SIDEWAYS: std::ops::RangeInclusive<u16> = 5..=8;

/// The size of a JPEG, PNG, GIF or WebP of which the first bytes are given.
pub fn picture_size_util(head: &[u8]) -> Option<PictureSize> {
    let kind = image_type(head).ok()?;
    let size = imagesize::blob_size(head).ok()?;
    let side = |n: usize| i32::try_from(n).ok().filter(|n| *n > 0);
    let (width, height) = (side(size.width)?, side(size.height)?);
    // Browsers turn a photo as its camera says.
    let is_turned = kind == ImageType::Jpeg
        && jpeg_orientation(head).is_some_and(|value| SIDEWAYS.contains(&value));
    Some(if is_turned {
        PictureSize {
            width: height,
            height: width,
        }
    } else {
        PictureSize { width, height }
    })
}

/// The segments of a JPEG before its picture: a marker, the length that counts itself, the rest.
fn jpeg_orientation(head: &[u8]) -> Option<u16> {
    let mut rest = head.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, marker, high, low, after @ ..] = rest else {
            return None;
        };
        let length = usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?;
        let (segment, next) = after.split_at_checked(length)?;
        match (*marker, segment.strip_prefix(b"Exif\0\0")) {
            (0xe1, Some(tiff)) => return tiff_orientation(tiff),
            // The picture itself begins.
            (0xda, _) => return None,
            _ => rest = next,
        }
    }
}

fn tiff_orientation(tiff: &[u8]) -> Option<u16> {
    let is_little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let long = |at: usize| -> Option<usize> {
        let (first, second) = (short(at)?, short(at.checked_add(2)?)?);
        let (high, low) = if is_little {
            (second, first)
        } else {
            (first, second)
        };
        usize::try_from((u32::from(high) << 16) | u32::from(low)).ok()
    };
    let directory = long(4)?;
    let entries = usize::from(short(directory)?);
    // An entry is tag, type, count and value: 12 bytes.
    (0..entries)
        .map(|entry| directory + 2 + entry * 12)
        .find(|at| short(*at) == Some(ORIENTATION))
        .and_then(|at| short(at + 8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A JPEG of 640 × 480 without its picture, with EXIF's orientation in either byte order.
    fn jpeg(orientation: Option<(u16, bool)>) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        if let Some((value, is_little)) = orientation {
            let short = |n: u16| {
                if is_little {
                    n.to_le_bytes()
                } else {
                    n.to_be_bytes()
                }
            };
            let long = |n: u32| {
                if is_little {
                    n.to_le_bytes()
                } else {
                    n.to_be_bytes()
                }
            };
            let mut tiff: Vec<u8> = if is_little {
                b"II".to_vec()
            } else {
                b"MM".to_vec()
            };
            tiff.extend(short(42));
            tiff.extend(long(8));
            tiff.extend(short(1));
            tiff.extend(short(ORIENTATION));
            tiff.extend(short(3));
            tiff.extend(long(1));
            tiff.extend(short(value));
            tiff.extend(short(0));
            tiff.extend(long(0));
            let length = u16::try_from(2 + 6 + tiff.len()).expect("short");
            bytes.extend([0xff, 0xe1]);
            bytes.extend(length.to_be_bytes());
            bytes.extend(b"Exif\0\0");
            bytes.extend(tiff);
        }
        bytes.extend([0xff, 0xc0, 0, 11, 8]);
        bytes.extend(480_u16.to_be_bytes());
        bytes.extend(640_u16.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0, 0xff, 0xda]);
        bytes
    }

    fn sides(bytes: &[u8]) -> Option<(i32, i32)> {
        picture_size_util(bytes).map(|size| (size.width, size.height))
    }

    #[test]
    fn a_photo_has_the_size_in_which_it_is_shown() {
        assert_eq!(sides(&jpeg(None)), Some((640, 480)));
        for is_little in [true, false] {
            assert_eq!(sides(&jpeg(Some((1, is_little)))), Some((640, 480)));
            assert_eq!(sides(&jpeg(Some((3, is_little)))), Some((640, 480)));
            assert_eq!(sides(&jpeg(Some((6, is_little)))), Some((480, 640)));
            assert_eq!(sides(&jpeg(Some((8, is_little)))), Some((480, 640)));
        }
    }

    #[test]
    fn other_pictures_tell_their_size_and_other_files_have_none() {
        let gif = b"GIF89a\x20\x03\x58\x02\x00\x00\x00";
        assert_eq!(sides(gif), Some((800, 600)));
        assert_eq!(sides(b"%PDF-1.7 and so on"), None);
        assert_eq!(sides(b""), None);
        assert_eq!(sides(&jpeg(None)[..6]), None, "it is cut off");
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(rest in proptest::collection::vec(any::<u8>(), 0..200)) {
            picture_size_util(&rest);
            picture_size_util(&[&[0xff, 0xd8, 0xff, 0xe1, 0, 150][..], b"Exif\0\0II", &rest].concat());
        }
    }
}
