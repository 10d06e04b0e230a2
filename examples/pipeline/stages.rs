//! The work on a block of the log.

use std::io;

use serde::{Serialize, Serializer};

use crate::costs::Costs;
use crate::gzip;
use crate::supply::{Lent, Supplies, Supply};

/// A parsed line of the log.
#[derive(Serialize)]
struct Record<'a> {
    time: &'a str,
    level: &'a str,
    host: &'a str,
    message: &'a str,
    /// The message with `#` in place of each number, the same for all lines of a kind. It is not a
    /// substring of the log, so it needs its own `String`.
    #[serde(serialize_with = "as_text")]
    template: Lent<'a, String>,
}

fn as_text<S: Serializer>(template: &Lent<'_, String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(template)
}

impl<'a> Record<'a> {
    /// A line that does not match the format becomes the message.
    fn parse(line: &'a str, strings: &'a Supply<String>) -> Self {
        let mut parts = line.splitn(4, ' ');
        let (time, level, host, message) = match [(); 4].map(|()| parts.next()) {
            [Some(time), Some(level), Some(host), Some(message)] => (time, level, host, message),
            _ => ("", "", "", line),
        };
        let mut template = strings.get();
        // A new string allocates only once, so that the comparison with the pool is fair.
        template.reserve(message.len());
        for (index, part) in message.split(|letter: char| letter.is_ascii_digit()).enumerate() {
            if index > 0 && !template.ends_with('#') {
                template.push('#');
            }
            template.push_str(part);
        }
        Self { time, level, host, message, template }
    }
}

/// Turns a block of lines into a block of JSON, one object per line.
pub(crate) fn parse_and_encode<'a>(
    block: Lent<'a, Vec<u8>>,
    supplies: &'a Supplies,
    costs: &mut Costs,
) -> io::Result<(Lent<'a, Vec<u8>>, u64)> {
    let text = String::from_utf8_lossy(&block);
    let records: Vec<Record<'_>> =
        costs.parse.of(|| text.lines().map(|line| Record::parse(line, &supplies.strings)).collect());
    let json = costs.encode.of(|| {
        let mut json = supplies.json.get();
        for record in &records {
            serde_json::to_writer(&mut *json, record)?;
            json.push(b'\n');
        }
        io::Result::Ok(json)
    })?;
    let lines = records.len() as u64;
    costs.parse.of(|| drop(records));
    drop(text);
    costs.read.of(|| drop(block));
    Ok((json, lines))
}

/// Compresses a block of JSON.
pub(crate) fn compress<'a>(
    json: Lent<'a, Vec<u8>>,
    supplies: &'a Supplies,
    costs: &mut Costs,
) -> io::Result<Lent<'a, Vec<u8>>> {
    let packed = costs.gzip.of(|| {
        let mut compressor = supplies.compressors.get();
        let mut packed = supplies.packed.get();
        gzip::append(&mut compressor, &json, &mut packed)?;
        io::Result::Ok(packed)
    })?;
    costs.encode.of(|| drop(json));
    Ok(packed)
}
