use std::fmt::Write;

use crate::history::{Draw, MAX_CUSTOMERS, customer_phone};

/// Sizes of a video, in bytes.
const VIDEO: std::ops::Range<u64> = 60_000..400_000;

/// A PDF of one page with a line of text.
pub(crate) fn pdf_bytes(mut source: Draw) -> Vec<u8> {
    let line = format!(
        "BT /F1 24 Tf 72 700 Td (Estimate {}) Tj ET",
        source.below(99_999)
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{line}\nendstream", line.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        // Writing to a string cannot fail.
        let _written = writeln!(table, "{:010} 00000 n ", pdf.len());
        let _written = writeln!(pdf, "{} 0 obj\n{object}\nendobj", index + 1);
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    let _written = write!(
        pdf,
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    pdf.into_bytes()
}

/// A visiting card.
pub(crate) fn vcard_bytes(mut source: Draw) -> Vec<u8> {
    let given = source.pick(&["Ana", "Chloé", "Grace", "Łukasz"]);
    let family = source.pick(&["Alder", "Birch", "Cedar", "Rowan"]);
    let phone = customer_phone(source.below(MAX_CUSTOMERS));
    format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:{family};{given};;;\r\nFN:{given} {family}\r\nTEL;TYPE=CELL:{phone}\r\nEND:VCARD\r\n"
    )
    .into_bytes()
}

/// A file with the boxes of a video and noise instead of pictures, of the wanted number of bytes.
pub(crate) fn mp4_bytes(mut source: Draw, size: Option<u64>) -> Vec<u8> {
    let drawn = VIDEO.start + source.below(VIDEO.end - VIDEO.start);
    let mut mp4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    let whole = usize::try_from(size.unwrap_or(drawn))
        .unwrap_or(usize::MAX)
        .max(mp4.len() + 8);
    let box_length = u32::try_from(whole - mp4.len()).unwrap_or(u32::MAX);
    mp4.extend(box_length.to_be_bytes());
    mp4.extend(b"mdat");
    while mp4.len() < whole {
        mp4.extend(source.next().to_be_bytes());
    }
    mp4.truncate(whole);
    mp4
}
