//! What the operand stack holds at the places of a code object from which and to which a debugger may make a frame jump
//! (`frame.f_lineno = line`).
//!
//! Invariant: a place that is not listed has no operands.  Listed are all line starts, and besides them every place with
//! operands at which an event may set the line: where LINE, JUMP, PY_YIELD and PY_RESUME fire.  The instruction of a LINE
//! event may have taken operands before its own event fires: then it is listed for each.
//!
//! The rules and the words of the refusals are those of CPython 3.13.

/// What an operand is, by what a jump must know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The iterator of a loop that is under way.
    Iterator = 1,
    /// The exception that is handled, or the one before it.
    Except = 2,
    Object = 3,
    Null = 4,
    /// The place of a raise that a handler may do again.
    Lasti = 5,
}

const BITS: u32 = 3;
const MASK: i64 = (1 << BITS) - 1;
/// No more operands than these are followed.
const MOST: u32 = 63 / BITS;

/// The kinds of all operands, the top one in the lowest bits.  Of two stacks that begin alike the deeper one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kinds(i64);

impl Kinds {
    pub const EMPTY: Kinds = Kinds(0);
    /// More operands than are followed.
    pub const OVERFLOWED: Kinds = Kinds(-1);
    /// Nothing leads there, as far as the analysis sees.
    pub const UNREACHABLE: Kinds = Kinds(-2);

    pub fn push(self, kind: Kind) -> Kinds {
        match self.0 {
            0.. if self.depth() < MOST as usize => Kinds(self.0 << BITS | kind as i64),
            0.. => Kinds::OVERFLOWED,
            _ => self,
        }
    }

    pub fn pop(self) -> Kinds {
        // The shift keeps OVERFLOWED as it is.
        Kinds(self.0 >> BITS)
    }

    pub fn depth(self) -> usize {
        if self.0 <= 0 { 0 } else { (64 - self.0.leading_zeros()).div_ceil(BITS) as usize }
    }

    /// The `n`-th operand from the top (1 is the top).
    pub fn peek(self, n: u32) -> Option<Kind> {
        if self.0 < 0 || n == 0 || n > MOST {
            return None;
        }
        Some(match self.0 >> ((n - 1) * BITS) & MASK {
            1 => Kind::Iterator,
            2 => Kind::Except,
            3 => Kind::Object,
            4 => Kind::Null,
            5 => Kind::Lasti,
            _ => return None,
        })
    }

    /// With the top and the `n`-th from the top exchanged.
    pub fn swap(self, n: u32) -> Kinds {
        let (Some(top), Some(other)) = (self.peek(1), self.peek(n)) else { return self };
        let shift = (n - 1) * BITS;
        let bare = self.0 & !MASK & !(MASK << shift);
        Kinds(bare | other as i64 | (top as i64) << shift)
    }

    /// With only the `depth` lowest operands.
    pub fn cut(self, depth: usize) -> Kinds {
        let mut kinds = self;
        while kinds.depth() > depth {
            kinds = kinds.pop();
        }
        kinds
    }

    /// Whether a stack of these kinds, cut to the depth of `to`, can stand for it.
    fn leads_to(self, to: Kinds) -> bool {
        if self.0 < 0 || to.0 < 0 {
            return false;
        }
        // As CPython compares: by number, not by depth.
        let (mut from, mut to) = (self, to);
        while from > to {
            from = from.pop();
        }
        while from != Kinds::EMPTY {
            let compatible = match to.peek(1) {
                None => false,
                Some(Kind::Null) => true,
                Some(Kind::Object) => from.peek(1) != Some(Kind::Null),
                Some(kind) => from.peek(1) == Some(kind),
            };
            if !compatible {
                return false;
            }
            (from, to) = (from.pop(), to.pop());
        }
        to == Kinds::EMPTY
    }

    /// Why no stack leads to this one.
    fn refusal(self) -> &'static str {
        match self.peek(1) {
            _ if self == Kinds::OVERFLOWED => "stack is too deep to analyze",
            _ if self == Kinds::UNREACHABLE => "can't jump into an exception handler, or code may be unreachable",
            Some(Kind::Except) => "can't jump into an 'except' block as there's no exception",
            Some(Kind::Lasti) => "can't jump into a re-raising block as there's no location",
            Some(Kind::Iterator) => "can't jump into the body of a for loop",
            _ => "incompatible stacks",
        }
    }
}

/// Where an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a register: a temporary has it for itself; a local is read when the operand is used.
    Register(u16),
    /// It is this constant.
    Const(u32),
    /// Nowhere: it is NULL.
    Nowhere,
}

/// No line begins there, but a LINE event fires.
pub const NO_LINE: i32 = -1;
/// The state is that of the instruction's own event.
pub const OWN_EVENT: i32 = -2;

/// The operand stack at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackState {
    /// The word that runs next.
    pub word: u32,
    /// The line that begins there, [`NO_LINE`], or [`OWN_EVENT`].
    pub line: i32,
    pub kinds: Kinds,
}

/// The stack states of a code object, in the order of their words.
#[derive(Clone, Debug, Default)]
pub struct StackStates {
    states: Vec<StackState>,
    /// By index of the state: where its operands are, if not each in the temporary of its depth.
    places: Vec<(u32, Box<[Place]>)>,
}

impl StackStates {
    /// Adds the state at a word that is not before those that were added.
    pub fn add(&mut self, state: StackState, places: Option<Box<[Place]>>) {
        match self.states.last_mut().filter(|last| last.word == state.word) {
            Some(last) if last.kinds == state.kinds && (last.line < 0 || state.line < 0) => {
                last.line = last.line.max(state.line);
                return;
            }
            None if state.kinds == Kinds::EMPTY && state.line < 0 => return,
            _ => {}
        }
        if let Some(places) = places {
            self.places.push((self.states.len() as u32, places));
        }
        self.states.push(state);
    }

    /// Where the operands of a state are, bottom first: of those that a jump may keep.
    fn places(&self, index: usize, first_temp: u16) -> Vec<Place> {
        match self.places.binary_search_by_key(&(index as u32), |(of, _)| *of) {
            Ok(at) => self.places[at].1.to_vec(),
            Err(_) => (first_temp..).map(Place::Register).take(self.states[index].kinds.depth()).collect(),
        }
    }

    /// The first line not before `line` that begins in the code.
    pub fn line_not_before(&self, line: i32) -> Option<i32> {
        self.states.iter().map(|s| s.line).filter(|&l| l >= line && l >= 0).min()
    }

    /// How a frame that stands at `word` gets to the beginning of `line`, which begins in the code; `is_line` says that
    /// it is the LINE event of the word that fires, and not its own.
    ///
    /// # Errors
    /// Why it cannot, in CPython's words.
    pub fn jump(&self, word: u32, is_line: bool, line: i32, first_temp: u16) -> Result<Jump, &'static str> {
        let start = self.states.partition_point(|s| s.word < word);
        let end = self.states.partition_point(|s| s.word <= word);
        let here = (start..end).rev().find(|&i| !is_line || self.states[i].line != OWN_EVENT);
        let from = here.map_or(Kinds::EMPTY, |i| self.states[i].kinds);
        let from_places = here.map_or_else(Vec::new, |i| self.places(i, first_temp));
        let mut best: Option<(Kinds, Jump)> = None;
        let mut refusal = None;
        for (i, to) in self.states.iter().enumerate().filter(|(_, s)| s.line == line) {
            let kept = from.leads_to(to.kinds).then(|| self.places(i, first_temp));
            // What is read where it stands cannot be put there.
            let movable = |(from, to): (&Place, &Place)| {
                from == to || matches!(to, Place::Register(r) if *r >= first_temp) || *to == Place::Nowhere
            };
            match kept {
                Some(kept) if kept.len() <= from_places.len() && from_places.iter().zip(&kept).all(movable) => {
                    if best.as_ref().is_none_or(|(kinds, _)| to.kinds > *kinds) {
                        let is_exception = |&i: &usize| from.cut(i + 1).peek(1) == Some(Kind::Except);
                        let lowest = (kept.len()..from_places.len()).find(is_exception);
                        let restored = lowest.map(|i| from_places[i]);
                        let jump = Jump { word: to.word, from: from_places.clone(), to: kept, restored };
                        best = Some((to.kinds, jump));
                    }
                }
                Some(_) => _ = refusal.get_or_insert("incompatible stacks"),
                None => {
                    refusal.get_or_insert(match from {
                        Kinds::OVERFLOWED => "stack to deep to analyze",
                        Kinds::UNREACHABLE => "can't jump from unreachable code",
                        _ => to.kinds.refusal(),
                    });
                }
            }
        }
        match best {
            Some((_, jump)) => Ok(jump),
            None => Err(refusal.unwrap_or("cannot find bytecode for specified line")),
        }
    }
}

/// A jump that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jump {
    /// The word at which the frame goes on.
    pub word: u32,
    /// Where the operands are before it, bottom first.
    pub from: Vec<Place>,
    /// Where those that are kept are after it, bottom first.
    pub to: Vec<Place>,
    /// Where the exception is that was handled before those that the dropped operands are of: the lowest of them.
    pub restored: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(all: &[Kind]) -> Kinds {
        all.iter().fold(Kinds::EMPTY, |kinds, &kind| kinds.push(kind))
    }

    fn states(all: &[(u32, i32, &[Kind])]) -> StackStates {
        let mut states = StackStates::default();
        for &(word, line, of) in all {
            states.add(StackState { word, line, kinds: kinds(of) }, None);
        }
        states
    }

    #[test]
    fn operands_are_pushed_popped_and_exchanged() {
        let stack = kinds(&[Kind::Iterator, Kind::Object, Kind::Lasti]);
        assert_eq!((stack.depth(), stack.peek(1), stack.peek(3)), (3, Some(Kind::Lasti), Some(Kind::Iterator)));
        assert_eq!((stack.peek(0), stack.peek(4)), (None, None));
        assert_eq!(stack.swap(3), kinds(&[Kind::Lasti, Kind::Object, Kind::Iterator]));
        assert_eq!(stack.pop(), stack.cut(2));
        assert_eq!(kinds(&[]).pop(), Kinds::EMPTY);
    }

    #[test]
    fn too_many_operands_overflow_for_good() {
        let most = kinds(&[Kind::Lasti; MOST as usize]);
        assert_eq!((most.depth(), most.peek(MOST)), (MOST as usize, Some(Kind::Lasti)));
        let more = most.push(Kind::Object);
        assert_eq!((more, more.pop(), more.push(Kind::Object)), (Kinds::OVERFLOWED, Kinds::OVERFLOWED, more));
        assert_eq!((more.depth(), more.peek(1)), (0, None));
    }

    #[test]
    fn a_jump_goes_to_the_deepest_stack_that_is_compatible() {
        use Kind::{Except, Iterator, Object};
        let all = states(&[
            (1, 10, &[]),
            (4, 11, &[Iterator]),
            (6, 12, &[Iterator, Except]),
            (8, 10, &[Iterator, Object]),
            (9, 13, &[]),
        ]);
        let jump = all.jump(4, true, 10, 100).expect("it leaves the loop");
        assert_eq!((jump.word, jump.from, jump.to.len()), (1, vec![Place::Register(100)], 0));
        // The exception can stand for the object.
        let jump = all.jump(6, true, 10, 100).expect("it goes to the end of the loop");
        assert_eq!((jump.word, jump.to.len(), jump.restored), (8, 2, None));
        let jump = all.jump(6, true, 13, 100).expect("it leaves the handler");
        assert_eq!(jump.restored, Some(Place::Register(101)));
        assert_eq!(all.jump(1, true, 11, 100), Err("can't jump into the body of a for loop"));
        assert_eq!(all.jump(4, true, 12, 100), Err("can't jump into an 'except' block as there's no exception"));
        assert_eq!((all.line_not_before(9), all.line_not_before(14)), (Some(10), None));
    }

    #[test]
    fn an_instruction_has_one_state_for_its_line_and_one_for_its_own_event() {
        use Kind::{Iterator, Object};
        let all = states(&[(1, 10, &[]), (2, 11, &[Iterator]), (2, OWN_EVENT, &[Iterator, Object])]);
        assert_eq!(all.jump(2, true, 10, 0).map(|jump| jump.from.len()), Ok(1));
        assert_eq!(all.jump(2, false, 10, 0).map(|jump| jump.from.len()), Ok(2));
        // What is not listed has no operands.
        assert_eq!(all.jump(7, false, 10, 0).map(|jump| jump.from.len()), Ok(0));
    }

    #[test]
    fn what_is_read_where_it_stands_is_not_replaced() {
        let mut all = StackStates::default();
        let mut add = |word, line, place| {
            all.add(StackState { word, line, kinds: kinds(&[Kind::Object]) }, Some(Box::new([place])));
        };
        add(1, 10, Place::Const(0));
        add(2, 11, Place::Register(9));
        add(3, 12, Place::Const(0));
        assert!(all.jump(3, true, 10, 5).is_ok());
        assert!(all.jump(1, true, 11, 5).is_ok());
        assert_eq!(all.jump(2, true, 10, 5), Err("incompatible stacks"));
    }
}
