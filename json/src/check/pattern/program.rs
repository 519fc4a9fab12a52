//! A pattern's tree → instructions that [`linear`](super::linear) runs.

use std::collections::HashMap;

use super::syntax::{Class, Node};

/// A longer program is left to `regress`: `(a{1,200}){1,200}` would be one.
pub(super) const MAX_INSTRUCTIONS: usize = 32_768;

/// Instructions; the first is where a match begins.
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    pub(super) classes: Vec<CharSet>,
    /// Whether a match can only begin where the text does.
    pub(super) anchored: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Instruction {
    /// One character of this class, then the next instruction.
    Class(u16),
    /// Go on at both, without a character.
    Split(u16, u16),
    /// Go on there.
    Jump(u16),
    /// Go on only at the start of the text.
    Start,
    /// Go on only at its end.
    End,
    /// Go on only between a word character and another; or, inverted, not there.
    Boundary { inverted: bool },
    /// The pattern matches.
    Match,
}

/// A set of characters, quick to ask.
pub(super) struct CharSet {
    inverted: bool,
    ascii: [u64; 2],
    /// Sorted, above ASCII.
    ranges: Vec<(char, char)>,
    properties: Vec<regress::Regex>,
}

impl CharSet {
    fn new(class: &Class) -> Self {
        let mut ascii = [0; 2];
        let mut ranges = Vec::new();
        for &(low, high) in &class.ranges {
            for code in u32::from(low)..=u32::from(high).min(0x7f) {
                ascii[code as usize / 64] |= 1 << (code % 64);
            }
            if high > '\u{7f}' {
                ranges.push((low.max('\u{80}'), high));
            }
        }
        ranges.sort_unstable();
        let mut set = Self { inverted: false, ascii, ranges, properties: class.properties.clone() };
        // What the properties say of ASCII is asked once.
        for code in 0..0x80_u8 {
            if set.has_property(char::from(code)) {
                set.ascii[usize::from(code) / 64] |= 1 << (code % 64);
            }
        }
        set.inverted = class.inverted;
        set
    }

    #[inline]
    pub(super) fn contains(&self, character: char) -> bool {
        let code = u32::from(character);
        let found = if code < 0x80 {
            self.ascii[code as usize / 64] >> (code % 64) & 1 == 1
        } else {
            self.ranges.iter().any(|&(low, high)| low <= character && character <= high)
                || self.has_property(character)
        };
        found != self.inverted
    }

    fn has_property(&self, character: char) -> bool {
        let mut buffer = [0; 4];
        let text = character.encode_utf8(&mut buffer);
        self.properties.iter().any(|property| property.find(text).is_some())
    }
}

impl Program {
    /// The program for `node`, unless it would be too long.
    pub(super) fn new(node: &Node) -> Option<Self> {
        let mut writer = Writer::default();
        writer.emit(node)?;
        writer.push(Instruction::Match)?;
        let Writer { instructions, classes, .. } = writer;
        Some(Self { instructions, classes, anchored: is_anchored(node) })
    }
}

/// A program being written.
#[derive(Default)]
struct Writer {
    instructions: Vec<Instruction>,
    classes: Vec<CharSet>,
    /// Where each class of the tree is; one that is repeated is there once.
    known: HashMap<*const Class, u16>,
}

impl Writer {
    /// Adds an instruction and says where.
    fn push(&mut self, instruction: Instruction) -> Option<u16> {
        if self.instructions.len() >= MAX_INSTRUCTIONS {
            return None;
        }
        self.instructions.push(instruction);
        Some(self.here() - 1)
    }

    /// Where the next instruction will be.
    fn here(&self) -> u16 {
        self.instructions.len() as u16
    }

    fn emit(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Class(class) => {
                let at = *self.known.entry(class).or_insert_with(|| {
                    self.classes.push(CharSet::new(class));
                    self.classes.len() as u16 - 1
                });
                self.push(Instruction::Class(at))?;
            }
            Node::Start => {
                self.push(Instruction::Start)?;
            }
            Node::End => {
                self.push(Instruction::End)?;
            }
            Node::Boundary { inverted } => {
                self.push(Instruction::Boundary { inverted: *inverted })?;
            }
            Node::Sequence(terms) => {
                for term in terms {
                    self.emit(term)?;
                }
            }
            Node::Choice(branches) => self.emit_choice(branches)?,
            Node::Repeat(inner, least, most) => {
                for _ in 0..*least {
                    let before = self.here();
                    self.emit(inner)?;
                    if self.here() == before {
                        // Nothing, however often; nested, it would take forever to write out.
                        break;
                    }
                }
                match most {
                    Some(most) => self.emit_optional(inner, most - least)?,
                    None => self.emit_loop(inner)?,
                }
            }
        }
        Some(())
    }

    fn emit_choice(&mut self, branches: &[Node]) -> Option<()> {
        let Some((last, others)) = branches.split_last() else { return Some(()) };
        let mut jumps = Vec::new();
        for branch in others {
            let split = self.push(Instruction::Match)?;
            self.emit(branch)?;
            jumps.push(self.push(Instruction::Match)?);
            self.instructions[usize::from(split)] = Instruction::Split(split + 1, self.here());
        }
        self.emit(last)?;
        for jump in jumps {
            self.instructions[usize::from(jump)] = Instruction::Jump(self.here());
        }
        Some(())
    }

    fn emit_optional(&mut self, inner: &Node, times: u32) -> Option<()> {
        let mut splits = Vec::new();
        for _ in 0..times {
            splits.push(self.push(Instruction::Match)?);
            self.emit(inner)?;
        }
        for split in splits {
            self.instructions[usize::from(split)] = Instruction::Split(split + 1, self.here());
        }
        Some(())
    }

    fn emit_loop(&mut self, inner: &Node) -> Option<()> {
        let split = self.push(Instruction::Match)?;
        self.emit(inner)?;
        self.push(Instruction::Jump(split))?;
        self.instructions[usize::from(split)] = Instruction::Split(split + 1, self.here());
        Some(())
    }
}

/// Whether every way into the pattern begins with `^`.
fn is_anchored(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Sequence(terms) => terms.first().is_some_and(is_anchored),
        Node::Choice(branches) => branches.iter().all(is_anchored),
        Node::Repeat(inner, least, _) => *least > 0 && is_anchored(inner),
        Node::Class(_) | Node::End | Node::Boundary { .. } => false,
    }
}
