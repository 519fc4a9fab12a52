//! Bounds on what one check may cost, and whether anybody wants to read its violations.
//!
//! A check is a plain function of a value, so what it needs to know about its callers stands beside
//! it, per thread: how deep it is, how many checks ran since the outermost began, and whether a
//! caller only asks "does it pass". All of it goes back to where it was when a call ends, also when
//! the call panics.

use std::cell::Cell;

use super::violation::fail_at_limit;
use super::{Check, Checked, Violation};
use crate::Json;

/// How deep checks may be nested, the steps from one schema to the next included.
///
/// Four for each of the 128 levels that a value may have. In an unoptimised build the deepest takes
/// well under a megabyte of stack, half of what a thread has.
pub const MAX_NESTING: u16 = 512;

/// How many checks of values inside it one value may cost.
///
/// The value itself has at most as many parts as its text has bytes, so this is out of reach for
/// anything but branches inside of branches, where the number doubles with each level.
pub const MAX_STEPS: u32 = 1 << 22;

struct Scope {
    /// Checks that have begun and not ended.
    nesting: Cell<u16>,
    /// Checks that have begun since the outermost did.
    steps: Cell<u32>,
    /// How far below the outermost value the current one is.
    level: Cell<u16>,
    /// How many callers only ask whether a value passes.
    probing: Cell<u16>,
    /// The level of the outermost `const` that matched since somebody last asked.
    matched: Cell<u16>,
}

thread_local! {
    static SCOPE: Scope = const {
        Scope {
            nesting: Cell::new(0),
            steps: Cell::new(0),
            level: Cell::new(0),
            probing: Cell::new(0),
            matched: Cell::new(u16::MAX),
        }
    };
}

/// Runs `check` on a value at the same place as the caller's.
pub(super) fn enter(check: Check, value: &Json<'_>) -> Checked {
    run(check, value, 0)
}

/// Runs `check` on a value inside the caller's.
pub(super) fn descend(check: Check, value: &Json<'_>) -> Checked {
    run(check, value, 1)
}

fn run(check: Check, value: &Json<'_>, down: u16) -> Checked {
    SCOPE.with(|scope| {
        let (nesting, level) = (scope.nesting.get(), scope.level.get());
        let steps = if nesting == 0 { 1 } else { scope.steps.get() + 1 };
        if nesting >= MAX_NESTING {
            return fail_at_limit(
                "depth",
                format_args!("checks nested more than {MAX_NESTING} deep"),
            );
        }
        if steps > MAX_STEPS {
            return fail_at_limit(
                "effort",
                format_args!("more than {MAX_STEPS} checks for one value"),
            );
        }
        scope.steps.set(steps);
        let _nesting = Restore::to(&scope.nesting, nesting + 1);
        let _level = Restore::to(&scope.level, level + down);
        check(value)
    })
}

/// Whether the value passes; none of the violations is written out. A limit that was met comes back
/// as the error that it is.
pub(super) fn passes(check: Check, value: &Json<'_>) -> Result<bool, Violation> {
    let outcome = SCOPE.with(|scope| {
        let _probing = Restore::to(&scope.probing, scope.probing.get() + 1);
        enter(check, value)
    });
    match outcome {
        Ok(()) => Ok(true),
        Err(violation) if violation.is_fatal() => Err(violation),
        Err(_) => Ok(false),
    }
}

/// Whether a violation will be thrown away unread.
pub(super) fn probing() -> bool {
    SCOPE.with(|scope| scope.probing.get() > 0)
}

/// Notes that a `const` matched the current value.
pub(super) fn note_match() {
    SCOPE.with(|scope| scope.matched.set(scope.matched.get().min(scope.level.get())));
}

/// Runs a check that is known to fail, and says whether a `const` of the value or of one of its
/// members matched before it did.
pub(super) fn with_match(check: Check, value: &Json<'_>) -> (Checked, bool) {
    SCOPE.with(|scope| {
        let before = scope.matched.replace(u16::MAX);
        let outcome = enter(check, value);
        let matched = scope.matched.get();
        scope.matched.set(matched.min(before));
        (outcome, matched <= scope.level.get() + 1)
    })
}

/// Puts a value back when it goes out of scope.
struct Restore<'c, T: Copy> {
    cell: &'c Cell<T>,
    before: T,
}

impl<'c, T: Copy> Restore<'c, T> {
    fn to(cell: &'c Cell<T>, value: T) -> Self {
        Self { before: cell.replace(value), cell }
    }
}

impl<T: Copy> Drop for Restore<'_, T> {
    fn drop(&mut self) {
        self.cell.set(self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::super::anything;
    use super::*;

    /// A schema that refers to itself and to nothing else.
    fn endless(value: &Json<'_>) -> Checked {
        value.check(endless)
    }

    /// Each level is checked once by each branch, so a value of n levels costs 2ⁿ.
    fn doubling(value: &Json<'_>) -> Checked {
        value.any_of(&[
            |value| value.items(doubling).and_then(|()| value.max_items(0)),
            |value| value.items(doubling).and_then(|()| value.min_items(9)),
        ])
    }

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends_in_an_error() {
        let violation = endless(&Json::Null).unwrap_err();
        assert_eq!(violation.to_string(), "depth: checks nested more than 512 deep");
        // And is no reason for `not` to pass.
        assert!(Json::Null.not(endless).is_err());
        assert!(Json::Null.if_then_else(endless, anything, anything).is_err());
        assert!(Json::Null.any_of(&[endless, anything]).is_err());
        assert_eq!(Json::Null.check(anything), Ok(()), "nothing is left over");
    }

    #[test]
    fn branches_inside_of_branches_end_in_an_error_before_they_take_forever() {
        let text = nested(100);
        let violation = doubling(&Json::parse(&text).unwrap()).unwrap_err();
        assert!(violation.to_string().contains("effort: more than 4194304 checks"), "{violation}");
    }

    #[test]
    fn the_deepest_value_and_the_deepest_checks_fit_into_half_an_ordinary_stack() {
        fn list(value: &Json<'_>) -> Checked {
            value.check(|value| {
                value.is(super::super::Type::ARRAY)?;
                value.all_of(&[|value| value.items(list)])
            })
        }
        let deepest = || {
            let text = nested(128);
            assert_eq!(Json::parse(&text).unwrap().check(list), Ok(()));
            assert!(endless(&Json::Null).is_err());
        };
        let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(deepest).unwrap();
        thread.join().unwrap();
    }

    #[test]
    fn a_check_that_panics_leaves_nothing_behind() {
        fn panics(_: &Json<'_>) -> Checked {
            panic!("as a handler's own check might")
        }
        let caught = std::panic::catch_unwind(|| Json::Null.not(|value| value.check(panics)));
        assert!(caught.is_err());
        assert!(!probing());
        SCOPE.with(|scope| assert_eq!(scope.nesting.get(), 0));
    }
}
