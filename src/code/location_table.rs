//! Positions and handlers in the compact forms that CPython documents for `co_linetable` (Objects/locations.md) and
//! `co_exceptiontable`, for programs that parse them.

use super::object::{CodeData, Handler, Position};

/// Words that one entry of the location table can cover.
const RUN: usize = 8;

/// Kinds of entries.
const NO_COLUMN: u8 = 13;
const LONG: u8 = 14;
const NONE: u8 = 15;

/// Six bits a byte, the least significant first; bit 6 says that more follow.
fn varint(out: &mut Vec<u8>, mut n: u32) {
    while n >= 64 {
        out.push(n as u8 & 63 | 64);
        n >>= 6;
    }
    out.push(n as u8);
}

/// The sign is the lowest bit.
fn signed(out: &mut Vec<u8>, n: i32) {
    varint(out, if n < 0 { n.unsigned_abs() << 1 | 1 } else { (n as u32) << 1 });
}

/// The positions of all words as `co_linetable` has them.
pub fn line_table(code: &CodeData) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = code.first_line;
    for run in code.positions.chunk_by(|a, b| a == b) {
        for part in run.chunks(RUN) {
            entry(&mut out, part[0], part.len(), &mut line);
        }
    }
    out
}

fn entry(out: &mut Vec<u8>, at: Position, words: usize, line: &mut i32) {
    let head = |kind: u8| 0x80 | kind << 3 | (words - 1) as u8;
    if at.line < 0 {
        out.push(head(NONE));
        return;
    }
    let known = at.column >= 0 && at.end_column >= 0 && at.end_line >= at.line;
    out.push(head(if known { LONG } else { NO_COLUMN }));
    signed(out, at.line - *line);
    *line = at.line;
    if known {
        varint(out, (at.end_line - at.line) as u32);
        varint(out, at.column as u32 + 1);
        varint(out, at.end_column as u32 + 1);
    }
}

/// Six bits a byte, the most significant first; bit 6 says that more follow, bit 7 begins an entry.
fn begin_varint(out: &mut Vec<u8>, n: u32, first: u8) {
    let groups = (1..6).find(|g| n >> (6 * g) == 0).unwrap_or(6);
    for g in (0..groups).rev() {
        let begin = if g + 1 == groups { first } else { 0 };
        let more = if g > 0 { 64 } else { 0 };
        out.push((n >> (6 * g)) as u8 & 63 | more | begin);
    }
}

/// The handlers as `co_exceptiontable` has them: start, length, target in words, and depth with the flag for the index.
pub fn exception_table(code: &CodeData) -> Vec<u8> {
    let mut out = Vec::new();
    for h in innermost(code) {
        begin_varint(&mut out, h.start, 0x80);
        begin_varint(&mut out, h.end - h.start, 0);
        begin_varint(&mut out, h.target, 0);
        let depth = u32::from(h.base.saturating_sub(code.first_temp));
        begin_varint(&mut out, depth << 1 | u32::from(h.with_index), 0);
    }
    out
}

/// The handlers cut to the words for which they are the innermost, in the order of words: CPython's rows do not overlap.
fn innermost(code: &CodeData) -> Vec<Handler> {
    let mut rows: Vec<Handler> = Vec::new();
    for i in 0..code.words.len() as u32 {
        let Some(h) = code.handler(i) else { continue };
        match rows.last_mut() {
            Some(last) if last.end == i && (last.target, last.base) == (h.target, h.base) => last.end = i + 1,
            _ => rows.push(Handler { start: i, end: i + 1, ..*h }),
        }
    }
    rows
}

/// `co_lnotab`: pairs of offset and line increments.
pub fn lnotab(code: &CodeData, offset_per_word: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut line, mut offset) = (code.first_line, 0);
    for (i, p) in code.positions.iter().enumerate() {
        if p.line < 0 || p.line == line {
            continue;
        }
        let at = i as u32 * offset_per_word;
        let (mut forward, mut lines) = (at - offset, p.line - line);
        while forward > 255 {
            out.extend([255, 0]);
            forward -= 255;
        }
        while !(-128..=127).contains(&lines) {
            let step = lines.clamp(-128, 127);
            out.extend([forward as u8, step as i8 as u8]);
            (forward, lines) = (0, lines - step);
        }
        out.extend([forward as u8, lines as i8 as u8]);
        (line, offset) = (p.line, at);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_cut_into_groups_of_six_bits() {
        let mut out = Vec::new();
        varint(&mut out, 200);
        signed(&mut out, -3);
        assert_eq!(out, [200 & 63 | 64, 3, 7]);
        let mut out = Vec::new();
        begin_varint(&mut out, 200, 0x80);
        begin_varint(&mut out, 5, 0);
        assert_eq!(out, [0x80 | 64 | 3, 200 & 63, 5]);
    }
}
