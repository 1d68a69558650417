//! SWAP sequences: fewer of them, or none where the stores that follow can change places.

use super::{Instr, Op};

/// Replaces the run of SWAPs (and NOPs) that starts at `at` by the fewest SWAPs that do the same.  Returns the index of
/// the last instruction of the run.
pub fn minimize(instrs: &mut [Instr], at: usize) -> usize {
    let mut depth = instrs[at].arg as usize;
    let mut len = 1;
    let mut more = false;
    while let Some(instr) = instrs.get(at + len) {
        match instr.op {
            Op::SWAP => {
                depth = depth.max(instr.arg as usize);
                more = true;
            }
            Op::NOP => {}
            _ => break,
        }
        len += 1;
    }
    if !more {
        return at;
    }
    // what is at each depth after the run; done ones are marked
    let mut stack: Vec<Option<usize>> = (0..depth).map(Some).collect();
    for instr in &instrs[at..at + len] {
        if instr.op == Op::SWAP {
            stack.swap(0, instr.arg as usize - 1);
        }
    }
    // the cycles of the permutation, written from the end of the run
    let mut current = len as isize - 1;
    for i in 0..depth {
        if stack[i].is_none_or(|from| from == i) {
            continue;
        }
        let mut j = i;
        loop {
            if j != 0 && current >= 0 {
                let swap = &mut instrs[at + current as usize];
                swap.op = Op::SWAP;
                swap.arg = j as u32 + 1;
                current -= 1;
            }
            match stack[j].take() {
                None => break,
                Some(from) => j = from,
            }
        }
    }
    for instr in &mut instrs[at..(at as isize + current + 1) as usize] {
        instr.op = Op::NOP;
        instr.arg = 0;
    }
    at + len - 1
}

fn is_swappable(op: Op) -> bool {
    matches!(op, Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL | Op::POP_TOP)
}

fn stored(instr: &Instr) -> Option<u32> {
    matches!(instr.op, Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL).then_some(instr.arg)
}

/// The next store or pop after `at`.  With `line` given, another line ends the search.
fn next_swappable(instrs: &[Instr], at: usize, line: Option<i32>) -> Option<usize> {
    for (i, instr) in instrs.iter().enumerate().skip(at + 1) {
        if line.is_some_and(|line| line >= 0 && instr.loc.line != line) {
            return None;
        }
        if instr.op == Op::NOP {
            continue;
        }
        return is_swappable(instr.op).then_some(i);
    }
    None
}

/// Does SWAPs before stores and pops by exchanging those, going back from `at`.
pub fn apply_statically(instrs: &mut [Instr], at: usize) {
    for i in (0..=at).rev() {
        let swap = instrs[i];
        match swap.op {
            Op::SWAP => {}
            Op::NOP | Op::POP_TOP | Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL => continue,
            _ => return,
        }
        let Some(j) = next_swappable(instrs, i, None) else { return };
        let mut k = j;
        let line = instrs[j].loc.line;
        for _ in 1..swap.arg {
            match next_swappable(instrs, k, Some(line)) {
                Some(next) => k = next,
                None => return,
            }
        }
        // the order of stores to one variable must stay
        let (store_j, store_k) = (stored(&instrs[j]), stored(&instrs[k]));
        if store_j.is_some() || store_k.is_some() {
            if store_j == store_k {
                return;
            }
            for between in &instrs[j + 1..k] {
                let store = stored(between);
                if store.is_some() && (store == store_j || store == store_k) {
                    return;
                }
            }
        }
        instrs[i].op = Op::NOP;
        instrs[i].arg = 0;
        let (a, b) = (instrs[j], instrs[k]);
        instrs[j] = b;
        instrs[k] = a;
    }
}
