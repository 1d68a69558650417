//! The merge sort of lists, comparison by comparison CPython's: which pairs are compared, and in which order, is what a
//! program sees whose `__lt__` is written in Python.
//!
//! Natural runs (falling ones are turned round), short runs made longer by binary insertion, merges in the order of
//! Powersort, galloping while one side keeps winning.

use crate::vm::R;

/// Wins in a row from which galloping pays.
const MIN_GALLOP: usize = 7;
/// Below this length a list is one run.
const MAX_MIN_RUN: usize = 64;

/// Sorts positions so that `less` holds from left to right.  Whatever `less` answers, and where an error ends it, the
/// positions are all still there.
pub fn sort(order: &mut [usize], less: &mut dyn FnMut(usize, usize) -> R<bool>) -> R<()> {
    let n = order.len();
    if n < 2 {
        return Ok(());
    }
    let mut s = Sorter { a: order, less, runs: Vec::new(), min_gallop: MIN_GALLOP, spare: Vec::new() };
    let min_run = min_run(n);
    let mut low = 0;
    while low < n {
        let mut len = s.count_run(low)?;
        if len < min_run {
            let forced = min_run.min(n - low);
            s.insert_binary(low, low + len, low + forced)?;
            len = forced;
        }
        s.add_run(low, len)?;
        low += len;
    }
    while s.runs.len() > 1 {
        let mut i = s.runs.len() - 2;
        if i > 0 && s.runs[i - 1].len < s.runs[i + 1].len {
            i -= 1;
        }
        s.merge_at(i)?;
    }
    Ok(())
}

/// A length from 32 to 64 of which `n` is nearly a power of two times.
fn min_run(mut n: usize) -> usize {
    let mut odd = 0;
    while n >= MAX_MIN_RUN {
        odd |= n & 1;
        n >>= 1;
    }
    n + odd
}

struct Run {
    start: usize,
    len: usize,
    /// Depth of the border to the next run in Powersort's tree.
    power: u32,
}

struct Sorter<'a> {
    a: &'a mut [usize],
    less: &'a mut dyn FnMut(usize, usize) -> R<bool>,
    runs: Vec<Run>,
    min_gallop: usize,
    /// The shorter side of a merge.
    spare: Vec<usize>,
}

impl Sorter<'_> {
    /// Whether the item at index `i` is less than the one at `j`.
    fn at(&mut self, i: usize, j: usize) -> R<bool> {
        (self.less)(self.a[i], self.a[j])
    }

    /// Turns the last `equal + 1` items before `end` round.
    fn reverse_equal(&mut self, end: usize, equal: &mut usize) {
        if *equal > 0 {
            self.a[end - *equal - 1..end].reverse();
            *equal = 0;
        }
    }

    /// The length of the run from `low`, which ascends in the end.
    fn count_run(&mut self, low: usize) -> R<usize> {
        let end = self.a.len();
        let mut i = low + 1;
        while i < end && !self.at(i, i - 1)? {
            i += 1;
        }
        if i >= end {
            return Ok(i - low);
        }
        if i > low + 1 {
            if self.at(low, i - 1)? {
                return Ok(i - low);
            }
            // All equal so far: may be the head of a descending run.
            self.a[low..i].reverse();
        }
        i += 1;
        let mut equal = 0;
        while i < end {
            if self.at(i, i - 1)? {
                self.reverse_equal(i, &mut equal);
            } else if self.at(i - 1, i)? {
                break;
            } else {
                equal += 1;
            }
            i += 1;
        }
        self.reverse_equal(i, &mut equal);
        self.a[low..i].reverse();
        while i < end && !self.at(i, i - 1)? {
            i += 1;
        }
        Ok(i - low)
    }

    /// Sorts `low..end`, of which `low..sorted` is sorted.
    fn insert_binary(&mut self, low: usize, sorted: usize, end: usize) -> R<()> {
        for next in sorted..end {
            let (mut left, mut right) = (low, next);
            while left < right {
                let middle = (left + right) / 2;
                if self.at(next, middle)? { right = middle } else { left = middle + 1 }
            }
            self.a[left..=next].rotate_right(1);
        }
        Ok(())
    }

    fn add_run(&mut self, start: usize, len: usize) -> R<()> {
        if let Some(last) = self.runs.last() {
            let power = power(last.start, last.len, len, self.a.len());
            while let [.., before, _] = &self.runs[..]
                && before.power > power
            {
                self.merge_at(self.runs.len() - 2)?;
            }
            if let Some(last) = self.runs.last_mut() {
                last.power = power;
            }
        }
        self.runs.push(Run { start, len, power: 0 });
        Ok(())
    }

    /// Merges run `i` with the one behind it.
    fn merge_at(&mut self, i: usize) -> R<()> {
        let (mut start, mut na) = (self.runs[i].start, self.runs[i].len);
        let (middle, mut nb) = (self.runs[i + 1].start, self.runs[i + 1].len);
        self.runs[i].len = na + nb;
        self.runs.remove(i + 1);
        let key = self.a[middle];
        let k = gallop_right(self.less, key, &self.a[start..start + na], 0)?;
        start += k;
        na -= k;
        if na == 0 {
            return Ok(());
        }
        let key = self.a[middle - 1];
        nb = gallop_left(self.less, key, &self.a[middle..middle + nb], nb - 1)?;
        if nb == 0 {
            return Ok(());
        }
        if na <= nb { self.merge_low(start, na, nb) } else { self.merge_high(start, na, nb) }
    }

    /// Merges from the left; the left side, of `na` items from `start`, is the shorter one.
    fn merge_low(&mut self, start: usize, na: usize, nb: usize) -> R<()> {
        let mut left = std::mem::take(&mut self.spare);
        left.clear();
        left.extend_from_slice(&self.a[start..start + na]);
        let mut m = Low { to: start, from: start + na, end: start + na + nb, at: 0 };
        let result = self.merge_low_items(&left, &mut m);
        // What is left of the left side, which also is where an error leaves it.
        let rest = &left[m.at..];
        if m.from < m.end && result.is_ok() {
            // One item, greater than all that is left of the right side.
            self.a.copy_within(m.from..m.end, m.to);
            m.to += m.end - m.from;
        }
        self.a[m.to..m.to + rest.len()].copy_from_slice(rest);
        self.spare = left;
        result
    }

    fn merge_low_items(&mut self, left: &[usize], m: &mut Low) -> R<()> {
        let n = left.len();
        self.take_right(m);
        if m.from == m.end || n == 1 {
            return Ok(());
        }
        loop {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins < self.min_gallop && right_wins < self.min_gallop {
                if (self.less)(self.a[m.from], left[m.at])? {
                    self.take_right(m);
                    right_wins += 1;
                    left_wins = 0;
                    if m.from == m.end {
                        return Ok(());
                    }
                } else {
                    self.take_left(left, m, 1);
                    left_wins += 1;
                    right_wins = 0;
                    if m.at + 1 == n {
                        return Ok(());
                    }
                }
            }
            self.min_gallop += 1;
            loop {
                self.min_gallop -= (self.min_gallop > 1) as usize;
                let key = self.a[m.from];
                let won = gallop_right(self.less, key, &left[m.at..], 0)?;
                self.take_left(left, m, won);
                if won > 0 && m.at + 1 >= n {
                    return Ok(());
                }
                self.take_right(m);
                if m.from == m.end {
                    return Ok(());
                }
                let lost = gallop_left(self.less, left[m.at], &self.a[m.from..m.end], 0)?;
                self.a.copy_within(m.from..m.from + lost, m.to);
                m.from += lost;
                m.to += lost;
                if m.from == m.end {
                    return Ok(());
                }
                self.take_left(left, m, 1);
                if m.at + 1 == n {
                    return Ok(());
                }
                if won < MIN_GALLOP && lost < MIN_GALLOP {
                    break;
                }
            }
            self.min_gallop += 1;
        }
    }

    fn take_right(&mut self, m: &mut Low) {
        self.a[m.to] = self.a[m.from];
        m.to += 1;
        m.from += 1;
    }

    fn take_left(&mut self, left: &[usize], m: &mut Low, n: usize) {
        self.a[m.to..m.to + n].copy_from_slice(&left[m.at..m.at + n]);
        m.to += n;
        m.at += n;
    }

    /// Merges from the right; the right side is the shorter one.
    fn merge_high(&mut self, start: usize, na: usize, nb: usize) -> R<()> {
        let mut right = std::mem::take(&mut self.spare);
        right.clear();
        right.extend_from_slice(&self.a[start + na..start + na + nb]);
        let mut m = High { start, na, nb };
        let result = self.merge_high_items(&right, &mut m);
        if m.na > 0 && result.is_ok() {
            // One item, less than all that is left of the left side.
            self.a.copy_within(start..start + m.na, start + m.nb);
            m.na = 0;
        }
        let to = start + m.na;
        self.a[to..to + m.nb].copy_from_slice(&right[..m.nb]);
        self.spare = right;
        result
    }

    fn merge_high_items(&mut self, right: &[usize], m: &mut High) -> R<()> {
        self.take_from_left(m, 1);
        if m.na == 0 || m.nb == 1 {
            return Ok(());
        }
        loop {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins < self.min_gallop && right_wins < self.min_gallop {
                if (self.less)(right[m.nb - 1], self.a[m.start + m.na - 1])? {
                    self.take_from_left(m, 1);
                    left_wins += 1;
                    right_wins = 0;
                    if m.na == 0 {
                        return Ok(());
                    }
                } else {
                    self.take_from_right(right, m, 1);
                    right_wins += 1;
                    left_wins = 0;
                    if m.nb == 1 {
                        return Ok(());
                    }
                }
            }
            self.min_gallop += 1;
            loop {
                self.min_gallop -= (self.min_gallop > 1) as usize;
                let left = &self.a[m.start..m.start + m.na];
                let won = m.na - gallop_right(self.less, right[m.nb - 1], left, m.na - 1)?;
                self.take_from_left(m, won);
                if m.na == 0 {
                    return Ok(());
                }
                self.take_from_right(right, m, 1);
                if m.nb == 1 {
                    return Ok(());
                }
                let key = self.a[m.start + m.na - 1];
                let lost = m.nb - gallop_left(self.less, key, &right[..m.nb], m.nb - 1)?;
                self.take_from_right(right, m, lost);
                if lost > 0 && m.nb <= 1 {
                    return Ok(());
                }
                self.take_from_left(m, 1);
                if m.na == 0 {
                    return Ok(());
                }
                if won < MIN_GALLOP && lost < MIN_GALLOP {
                    break;
                }
            }
            self.min_gallop += 1;
        }
    }

    fn take_from_left(&mut self, m: &mut High, n: usize) {
        let end = m.start + m.na;
        self.a.copy_within(end - n..end, end + m.nb - n);
        m.na -= n;
    }

    fn take_from_right(&mut self, right: &[usize], m: &mut High, n: usize) {
        let end = m.start + m.na + m.nb;
        self.a[end - n..end].copy_from_slice(&right[m.nb - n..m.nb]);
        m.nb -= n;
    }
}

/// Where a merge from the left stands: it fills `to`, from the copy at `at` and from the array at `from..end`.
struct Low {
    to: usize,
    from: usize,
    end: usize,
    at: usize,
}

/// Where a merge from the right stands: `na` items from `start` and `nb` of the copy are left.
struct High {
    start: usize,
    na: usize,
    nb: usize,
}

/// Depth of the border between two runs of `n1` items from `start` and `n2` items behind them, in a list of `n`.
fn power(start: usize, n1: usize, n2: usize, n: usize) -> u32 {
    let mut a = 2 * start + n1;
    let mut b = a + n1 + n2;
    let mut depth = 1;
    loop {
        if a >= n {
            a -= n;
            b -= n;
        } else if b >= n {
            return depth;
        }
        a *= 2;
        b *= 2;
        depth += 1;
    }
}

/// How far `wins(step)` holds for the steps 1, 3, 7, ... below `max`: the last that held (or 0) and the first that did not.
fn gallop(max: usize, wins: &mut dyn FnMut(usize) -> R<bool>) -> R<(usize, usize)> {
    let (mut last, mut step) = (0, 1);
    while step < max && wins(step)? {
        last = step;
        step = 2 * step + 1;
    }
    Ok((last, step.min(max)))
}

/// Where `key` goes in the sorted `a`, before those equal to it; the search begins at `hint`.
fn gallop_left(less: &mut dyn FnMut(usize, usize) -> R<bool>, key: usize, a: &[usize], hint: usize) -> R<usize> {
    let (mut low, mut high) = if less(a[hint], key)? {
        let (last, step) = gallop(a.len() - hint, &mut |k| less(a[hint + k], key))?;
        (hint + last + 1, hint + step)
    } else {
        let (last, step) = gallop(hint + 1, &mut |k| Ok(!less(a[hint - k], key)?))?;
        (hint + 1 - step, hint - last)
    };
    while low < high {
        let middle = low + (high - low) / 2;
        if less(a[middle], key)? { low = middle + 1 } else { high = middle }
    }
    Ok(high)
}

/// As `gallop_left`, behind those equal to it.
fn gallop_right(less: &mut dyn FnMut(usize, usize) -> R<bool>, key: usize, a: &[usize], hint: usize) -> R<usize> {
    let (mut low, mut high) = if less(key, a[hint])? {
        let (last, step) = gallop(hint + 1, &mut |k| less(key, a[hint - k]))?;
        (hint + 1 - step, hint - last)
    } else {
        let (last, step) = gallop(a.len() - hint, &mut |k| Ok(!less(key, a[hint + k])?))?;
        (hint + last + 1, hint + step)
    };
    while low < high {
        let middle = low + (high - low) / 2;
        if less(key, a[middle])? { high = middle } else { low = middle + 1 }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_order() {
        let keys: Vec<u64> = (0..5000u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58).collect();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        sort(&mut order, &mut |i, j| Ok(keys[i] < keys[j])).unwrap();
        assert!(order.windows(2).all(|w| (keys[w[0]], w[0]) < (keys[w[1]], w[1])));
    }

    #[test]
    fn a_comparison_that_lies_loses_nothing() {
        let mut n = 0u64;
        let mut order: Vec<usize> = (0..1000).collect();
        sort(&mut order, &mut |_, _| {
            n = n.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            Ok(n >> 63 == 0)
        })
        .unwrap();
        order.sort_unstable();
        assert!(order.into_iter().eq(0..1000));
    }

    #[test]
    fn sorted_input_takes_one_pass() {
        let mut count = 0;
        let mut order: Vec<usize> = (0..1000).collect();
        sort(&mut order, &mut |i, j| {
            count += 1;
            Ok(i < j)
        })
        .unwrap();
        assert_eq!(count, 999);
    }
}
