//! What `return`, `break` and `continue` have to undo on their way out.

use super::*;

/// A construct that control is inside of.
#[derive(Clone)]
pub(super) enum Frame<'a> {
    While {
        start: BlockId,
        exit: BlockId,
    },
    For {
        start: BlockId,
        exit: BlockId,
    },
    TryExcept,
    /// The body of a `try` with a `finally`, whose statements are given.
    FinallyTry(&'a [Stmt]),
    FinallyEnd,
    With {
        loc: Loc,
        is_async: bool,
    },
    /// An `except` clause, with the name it binds.
    HandlerCleanup(Option<String>),
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehension,
    StopIteration,
    PopValue,
}

/// A loop that `break` and `continue` go to.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    pub is_for: bool,
    pub start: BlockId,
    pub exit: BlockId,
}

impl<'a> Codegen<'a> {
    pub(super) fn push_frame(&mut self, frame: Frame<'a>, range: TextRange) -> Done {
        if self.current().frames.len() >= MAX_FRAMES {
            return self.error(range, "too many statically nested blocks");
        }
        self.unit().frames.push(frame);
        Ok(())
    }

    pub(super) fn pop_frame(&mut self) {
        self.unit().frames.pop();
    }

    /// Emits the exits of the frames from the innermost one outwards, up to the innermost loop if `to_loop`, which is
    /// returned.  `loc` is that of the statement, until a `finally` or `with` has run: then there is none.
    pub(super) fn unwind(
        &mut self,
        loc: &mut Loc,
        keep_top: bool,
        to_loop: bool,
        range: TextRange,
    ) -> Result<Option<Loop>, SyntaxError> {
        let Some(frame) = self.unit().frames.pop() else { return Ok(None) };
        let found = match frame {
            Frame::ExceptionGroupHandler => {
                let message = "'break', 'continue' and 'return' cannot appear in an except* block";
                return self.error(range, message);
            }
            Frame::While { start, exit } if to_loop => Some(Loop { is_for: false, start, exit }),
            Frame::For { start, exit } if to_loop => Some(Loop { is_for: true, start, exit }),
            _ => {
                self.unwind_one(&frame, loc, keep_top)?;
                self.nest(|codegen| codegen.unwind(loc, keep_top, to_loop, range))?
            }
        };
        self.unit().frames.push(frame);
        Ok(found)
    }

    fn unwind_one(&mut self, frame: &Frame<'a>, loc: &mut Loc, keep_top: bool) -> Done {
        match frame {
            Frame::While { .. }
            | Frame::ExceptionHandler
            | Frame::ExceptionGroupHandler
            | Frame::AsyncComprehension
            | Frame::StopIteration => {}
            Frame::For { .. } | Frame::PopValue => self.pop_below(keep_top, *loc),
            Frame::TryExcept => self.emit(Op::POP_BLOCK, 0, *loc),
            Frame::FinallyTry(body) => {
                self.emit(Op::POP_BLOCK, 0, *loc);
                if keep_top {
                    self.push_frame(Frame::PopValue, TextRange::default())?;
                }
                self.stmts(body)?;
                if keep_top {
                    self.pop_frame();
                }
                *loc = Loc::NONE;
            }
            Frame::FinallyEnd => {
                self.pop_below(keep_top, *loc);
                if keep_top {
                    self.emit(Op::SWAP, 2, *loc);
                }
                self.emit(Op::POP_BLOCK, 0, *loc);
                self.emit(Op::POP_EXCEPT, 0, *loc);
            }
            Frame::With { loc: with, is_async } => {
                *loc = *with;
                self.emit(Op::POP_BLOCK, 0, *loc);
                if keep_top {
                    self.emit(Op::SWAP, 2, *loc);
                }
                self.call_exit_with_nones(*loc, *is_async);
                self.emit(Op::POP_TOP, 0, *loc);
                *loc = Loc::NONE;
            }
            Frame::HandlerCleanup(name) => {
                if name.is_some() {
                    self.emit(Op::POP_BLOCK, 0, *loc);
                }
                if keep_top {
                    self.emit(Op::SWAP, 2, *loc);
                }
                self.emit(Op::POP_BLOCK, 0, *loc);
                self.emit(Op::POP_EXCEPT, 0, *loc);
                if let Some(name) = name {
                    self.unbind(name, *loc);
                }
            }
        }
        Ok(())
    }

    fn pop_below(&mut self, keep_top: bool, loc: Loc) {
        if keep_top {
            self.emit(Op::SWAP, 2, loc);
        }
        self.emit(Op::POP_TOP, 0, loc);
    }

    /// `name = None; del name`, at the end of an `except ... as name`.
    pub(super) fn unbind(&mut self, name: &str, loc: Loc) {
        self.load_none(loc);
        self.name(name, Access::Store, loc);
        self.name(name, Access::Delete, loc);
    }

    pub(super) fn break_or_continue(&mut self, is_break: bool, range: TextRange) -> Done {
        let mut loc = self.loc(range);
        self.emit(Op::NOP, 0, loc);
        let Some(found) = self.unwind(&mut loc, false, true, range)? else {
            let message = if is_break { "'break' outside loop" } else { "'continue' not properly in loop" };
            return self.error(range, message);
        };
        if is_break {
            if found.is_for {
                self.emit(Op::POP_TOP, 0, loc);
            }
            self.emit_to(Op::JUMP, found.exit, loc);
        } else {
            self.emit_to(Op::JUMP, found.start, loc);
        }
        Ok(())
    }
}

/// CPython's limit on nested blocks.
const MAX_FRAMES: usize = 40;
