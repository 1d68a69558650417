//! The text of a traceback, as CPython 3.13 prints it for an uncaught exception (without colour).
//!
//! Plain data in, text out: frames come from position tables, source lines and the parse of a segment through traits.

use super::display_width::display_width;

/// One frame of a traceback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pub file: String,
    /// The name of the code object.
    pub name: String,
    /// 1-based.
    pub line: u32,
    /// 1-based; `line` when not known.
    pub end_line: u32,
    /// 0-based, in UTF-8 bytes, as `co_positions()` has it; `None` shows the line without carets.
    pub column: Option<u32>,
    /// 0-based, in UTF-8 bytes, just past the end.
    pub end_column: Option<u32>,
}

/// How an exception came after the one printed before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It was raised `from` it.
    Cause,
    /// It was raised while that was handled.
    Context,
}

/// One exception of a chain.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// How it follows from the section before; `None` for the first.
    pub link: Option<Link>,
    /// Outermost call first.  `None` for an exception that was never raised.
    pub frames: Option<Vec<Frame>>,
    /// The class, qualified unless it is of `builtins` or `__main__`.
    pub type_name: String,
    /// `str()` of the exception; may have several lines.
    pub message: String,
    /// For a SyntaxError that has a place: its whole display, instead of class and message.
    pub display: Option<String>,
    /// `__notes__`.
    pub notes: Vec<String>,
    /// The members of an exception group, each a chain of its own.
    pub group: Option<Vec<Vec<Section>>>,
}

/// Where source lines come from.
pub trait Lines {
    /// The 1-based line of a file, with or without its newline; `None` when it cannot be had.
    fn line(&self, file: &str, line: u32) -> Option<String>;
}

/// The part of a segment that carries `^` where the rest carries `~`.  Lines are 0-based from the segment's first,
/// columns are 0-based code points in the segment's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchors {
    pub left_line: usize,
    pub left_column: usize,
    pub right_line: usize,
    pub right_column: usize,
}

/// What the carets need to know of the syntax.
pub trait Syntax {
    /// The operator, subscript or call parentheses of the expression that `segment` is.
    fn anchors(&self, segment: &str) -> Option<Anchors>;

    /// Whether `text` is a statement whose value is a call covering columns `start..end` (code points, on the first
    /// and last line): carets under all of it say nothing.
    fn is_whole_call(&self, text: &str, start: usize, end: usize) -> bool;
}

/// Frames alike are shown this often before they are counted.
const RECURSIVE_CUTOFF: usize = 3;
/// Members of a group that are shown.
const MAX_GROUP_WIDTH: usize = 15;
/// Groups in groups that are shown; what lies deeper need not be in a [`Section`].
pub const MAX_GROUP_DEPTH: usize = 10;

/// The text of a chain of exceptions, oldest first, as printed on standard error.
pub fn format_chain(chain: &[Section], lines: &dyn Lines, syntax: &dyn Syntax) -> String {
    let mut writer = Writer { lines, syntax, text: String::new(), group_depth: 0, need_close: false };
    writer.chain(chain);
    writer.text
}

/// The lines of one frame: file, line and name, then source and carets.
pub fn format_frame(frame: &Frame, lines: &dyn Lines, syntax: &dyn Syntax) -> String {
    let mut text = format!("  File \"{}\", line {}, in {}\n", frame.file, frame.line, frame.name);
    let end_line = frame.end_line.max(frame.line);
    // A file that has changed since may be shorter.
    let original: Vec<String> = (frame.line..=end_line)
        .map_while(|line| lines.line(&frame.file, line))
        .map(|line| line.trim_end().to_owned())
        .collect();
    if original.iter().all(String::is_empty) {
        return text;
    }
    let dedented = dedent(&original);
    let (Some(column), Some(end_column)) = (frame.column, frame.end_column) else {
        text += &format!("    {}\n", original[0].trim());
        return text;
    };
    let body = Segment::new(&original, dedented, column as usize, end_column as usize);
    for line in dedent(&body.render(syntax)) {
        text += &format!("    {line}\n");
    }
    text
}

struct Writer<'a> {
    lines: &'a dyn Lines,
    syntax: &'a dyn Syntax,
    text: String,
    group_depth: usize,
    need_close: bool,
}

impl Writer<'_> {
    fn emit(&mut self, text: &str) {
        self.emit_with(text, '|');
    }

    /// Adds `text`, inside a group with the group's margin before each line.
    fn emit_with(&mut self, text: &str, margin: char) {
        if self.group_depth == 0 {
            self.text += text;
            return;
        }
        for line in text.split_inclusive('\n') {
            self.text += &format!("{}{margin} {line}", self.indent());
        }
    }

    fn indent(&self) -> String {
        " ".repeat(2 * self.group_depth)
    }

    fn chain(&mut self, chain: &[Section]) {
        for section in chain {
            match section.link {
                Some(Link::Cause) => {
                    self.emit("\nThe above exception was the direct cause of the following exception:\n\n")
                }
                Some(Link::Context) => {
                    self.emit("\nDuring handling of the above exception, another exception occurred:\n\n")
                }
                None => {}
            }
            match &section.group {
                Some(_) if self.group_depth > MAX_GROUP_DEPTH => {
                    self.emit(&format!("... (max_group_depth is {MAX_GROUP_DEPTH})\n"));
                }
                Some(members) => self.group(section, members),
                None => {
                    if let Some(frames) = &section.frames {
                        self.emit("Traceback (most recent call last):\n");
                        self.frames(frames);
                    }
                    self.exception(section);
                }
            }
        }
    }

    fn group(&mut self, section: &Section, members: &[Vec<Section>]) {
        let outermost = self.group_depth == 0;
        if outermost {
            self.group_depth = 1;
        }
        if let Some(frames) = &section.frames {
            let head = "Exception Group Traceback (most recent call last):\n";
            self.emit_with(head, if outermost { '+' } else { '|' });
            self.frames(frames);
        }
        self.exception(section);
        let shown = members.len().min(MAX_GROUP_WIDTH + 1);
        self.need_close = false;
        for (i, member) in members.iter().take(shown).enumerate() {
            let last = i + 1 == shown;
            if last {
                self.need_close = true;
            }
            let truncated = i >= MAX_GROUP_WIDTH;
            let title = match truncated {
                true => "...".to_owned(),
                false => (i + 1).to_string(),
            };
            let corner = if i == 0 { "+-" } else { "  " };
            self.text += &format!("{}{corner}+---------------- {title} ----------------\n", self.indent());
            self.group_depth += 1;
            if truncated {
                let more = members.len() - MAX_GROUP_WIDTH;
                let plural = if more > 1 { "s" } else { "" };
                self.emit(&format!("and {more} more exception{plural}\n"));
            } else {
                self.chain(member);
            }
            if last && self.need_close {
                self.text += &format!("{}+------------------------------------\n", self.indent());
                self.need_close = false;
            }
            self.group_depth -= 1;
        }
        if outermost {
            self.group_depth = 0;
        }
    }

    fn frames(&mut self, frames: &[Frame]) {
        let mut last: Option<&Frame> = None;
        let mut count = 0;
        for frame in frames {
            let same =
                last.is_some_and(|last| last.file == frame.file && last.line == frame.line && last.name == frame.name);
            if !same {
                self.repeated(count);
                count = 0;
            }
            last = Some(frame);
            count += 1;
            if count <= RECURSIVE_CUTOFF {
                let text = format_frame(frame, self.lines, self.syntax);
                self.emit(&text);
            }
        }
        self.repeated(count);
    }

    fn repeated(&mut self, count: usize) {
        if count > RECURSIVE_CUTOFF {
            let more = count - RECURSIVE_CUTOFF;
            let plural = if more > 1 { "s" } else { "" };
            self.emit(&format!("  [Previous line repeated {more} more time{plural}]\n"));
        }
    }

    fn exception(&mut self, section: &Section) {
        let text = match (&section.display, section.message.is_empty()) {
            (Some(display), _) => format!("{}\n", display.trim_end_matches('\n')),
            (None, true) => format!("{}\n", section.type_name),
            (None, false) => format!("{}: {}\n", section.type_name, section.message),
        };
        self.emit(&text);
        for line in section.notes.iter().flat_map(|note| note.split('\n')) {
            self.emit(&format!("{line}\n"));
        }
    }
}

/// The source lines of an instruction, dedented, with its columns in code points.
struct Segment {
    lines: Vec<Vec<char>>,
    start: usize,
    end: usize,
}

impl Segment {
    fn new(original: &[String], dedented: Vec<String>, column: usize, end_column: usize) -> Self {
        let characters = |line: &str, bytes: usize| line.char_indices().take_while(|(at, _)| *at < bytes).count();
        let last = original.len() - 1;
        let lines: Vec<Vec<char>> = dedented.iter().map(|line| line.chars().collect()).collect();
        let removed = original[0].chars().count() - lines[0].len();
        let start = characters(&original[0], column).saturating_sub(removed);
        let end = characters(&original[last], end_column).saturating_sub(removed);
        Segment { start: start.min(lines[0].len()), end: end.min(lines[last].len()), lines }
    }

    fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| line.iter().collect()).collect();
        lines.join("\n")
    }

    /// Exactly the code of the instruction.
    fn code(&self) -> String {
        let all: Vec<char> = self.text().chars().collect();
        let last = self.lines.last().map_or(0, Vec::len);
        let end = all.len() - (last - self.end);
        all.get(self.start..end).unwrap_or(&[]).iter().collect()
    }

    /// Whether carets say more than the line itself.
    fn shows_carets(&self, anchors: Option<Anchors>, syntax: &dyn Syntax) -> bool {
        if syntax.is_whole_call(&self.text(), self.start, self.end) {
            return false;
        }
        let last = &self.lines[self.lines.len() - 1];
        anchors.is_some()
            || self.lines[0][..self.start].iter().any(|c| !c.is_whitespace())
            || last[self.end..].iter().any(|c| !c.is_whitespace())
    }

    /// The lines to show, each followed by its carets.
    fn render(&self, syntax: &dyn Syntax) -> Vec<String> {
        let count = self.lines.len();
        let in_lines = |a: &Anchors| a.left_line < count && a.right_line < count;
        let anchors = syntax.anchors(&self.code()).filter(in_lines);
        let show_carets = self.shows_carets(anchors, syntax);
        let mut shown = vec![0, count - 1];
        if let Some(a) = anchors {
            for line in [a.left_line, a.right_line] {
                shown.extend(line.saturating_sub(1)..(line + 2).min(count));
            }
        }
        shown.sort_unstable();
        shown.dedup();
        let marks = Marks::new(self, anchors);
        let output = |result: &mut Vec<String>, line: usize| {
            result.push(self.lines[line].iter().collect());
            if show_carets {
                result.push(marks.line(self, line));
            }
        };
        let mut result = Vec::new();
        let mut previous = None;
        for line in shown {
            match previous.map_or(1, |previous| line - previous) {
                2 => output(&mut result, line - 1),
                gap @ 3.. => result.push(format!("...<{} lines>...", gap - 1)),
                _ => {}
            }
            output(&mut result, line);
            previous = Some(line);
        }
        result
    }
}

/// The display columns of a segment's carets.
struct Marks {
    start: usize,
    end: usize,
    /// Anchors with columns in display cells of the dedented lines.
    anchors: Option<Anchors>,
}

impl Marks {
    fn new(segment: &Segment, anchors: Option<Anchors>) -> Marks {
        let lines = &segment.lines;
        let anchors = anchors.map(|mut a| {
            if a.left_line == 0 {
                a.left_column += segment.start;
            }
            if a.right_line == 0 {
                a.right_column += segment.start;
            }
            a.left_column = display_width(&lines[a.left_line], a.left_column);
            a.right_column = display_width(&lines[a.right_line], a.right_column);
            a
        });
        Marks {
            start: display_width(&lines[0], segment.start),
            end: display_width(&lines[lines.len() - 1], segment.end),
            anchors,
        }
    }

    fn line(&self, segment: &Segment, line: usize) -> String {
        let text = &segment.lines[line];
        let spaces = text.iter().take_while(|c| c.is_whitespace()).count();
        let count = match line + 1 == segment.lines.len() {
            true => self.end,
            false => display_width(text, text.len()),
        };
        let mark = |column: usize| {
            if column < spaces || (line == 0 && column < self.start) {
                return ' ';
            }
            let Some(a) = self.anchors else {
                return '^';
            };
            let inside =
                (line, column) >= (a.left_line, a.left_column) && (line, column) < (a.right_line, a.right_column);
            if inside { '^' } else { '~' }
        };
        (0..count).map(mark).collect()
    }
}

/// Python's `textwrap.dedent`: removes the whitespace that all lines which are not blank start with.
fn dedent(lines: &[String]) -> Vec<String> {
    let blank = |line: &str| line.chars().all(|c| c == ' ' || c == '\t');
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|line| !blank(line)) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        margin = Some(match margin {
            None => indent,
            Some(margin) => {
                let same = margin.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b);
                &margin[..same.count()]
            }
        });
    }
    let margin = margin.unwrap_or("");
    let strip = |line: &String| match blank(line) {
        true => String::new(),
        false => line.strip_prefix(margin).unwrap_or(line).to_owned(),
    };
    lines.iter().map(strip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Text(&'static str);

    impl Lines for Text {
        fn line(&self, _: &str, line: u32) -> Option<String> {
            self.0.split('\n').nth((line as usize).checked_sub(1)?).map(str::to_owned)
        }
    }

    struct NoSyntax;

    impl Syntax for NoSyntax {
        fn anchors(&self, _: &str) -> Option<Anchors> {
            None
        }

        fn is_whole_call(&self, _: &str, _: usize, _: usize) -> bool {
            false
        }
    }

    /// Anchors from another world.
    struct WildSyntax(Anchors);

    impl Syntax for WildSyntax {
        fn anchors(&self, _: &str) -> Option<Anchors> {
            Some(self.0)
        }

        fn is_whole_call(&self, _: &str, _: usize, _: usize) -> bool {
            false
        }
    }

    fn frame(line: u32, end_line: u32, column: Option<u32>, end_column: Option<u32>) -> Frame {
        Frame { file: "a.py".to_owned(), name: "f".to_owned(), line, end_line, column, end_column }
    }

    #[test]
    fn carets_under_a_part() {
        let text = format_frame(&frame(1, 1, Some(4), Some(5)), &Text("x = y"), &NoSyntax);
        assert_eq!(text, "  File \"a.py\", line 1, in f\n    x = y\n        ^\n");
    }

    #[test]
    fn no_source() {
        let text = format_frame(&frame(9, 9, Some(0), Some(1)), &Text("x"), &NoSyntax);
        assert_eq!(text, "  File \"a.py\", line 9, in f\n");
    }

    #[test]
    fn positions_that_do_not_fit_the_source() {
        let source = Text("if x:\n    \u{e9}\u{65e5} = (1 +\n\n  2)");
        let numbers = [0, 1, 2, 4, 7, 1000, u32::MAX];
        for line in [0, 1, 2, 3, 4, 5, u32::MAX] {
            for end_line in [0, line, 4, u32::MAX] {
                for column in numbers {
                    for end_column in numbers {
                        let frame = frame(line, end_line, Some(column), Some(end_column));
                        assert!(format_frame(&frame, &source, &NoSyntax).ends_with('\n'));
                        let [a, b] = [column as usize, end_column as usize];
                        let wild = Anchors { left_line: a % 5, left_column: b, right_line: b % 5, right_column: a };
                        assert!(format_frame(&frame, &source, &WildSyntax(wild)).ends_with('\n'));
                    }
                }
            }
        }
    }

    #[test]
    fn notes_and_links() {
        let first = Section { type_name: "KeyError".to_owned(), message: "1".to_owned(), ..Section::default() };
        let second = Section {
            link: Some(Link::Cause),
            frames: Some(Vec::new()),
            type_name: "m.E".to_owned(),
            notes: vec!["a\nb".to_owned()],
            ..Section::default()
        };
        assert_eq!(
            format_chain(&[first, second], &Text(""), &NoSyntax),
            "KeyError: 1\n\nThe above exception was the direct cause of the following exception:\n\n\
             Traceback (most recent call last):\nm.E\na\nb\n"
        );
    }
}
