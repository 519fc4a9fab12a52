//! A shard's connections, by index.

use super::{Token, connection::Connection};

/// Places for connections. A place that was left is used again under a new generation.
///
/// Connections lie in chunks, side by side: a fan-out walks them by index, mostly upwards, and the
/// processor fetches the next one while the kernel is busy with the last. Growing moves nothing.
#[derive(Default)]
pub(crate) struct Connections {
    chunks: Vec<Box<[Place]>>,
    free: Vec<u32>,
}

/// Aligned so that what a fan-out looks at lies in one line of the cache: a line more is a hundredth of what
/// a delivery costs.
#[derive(Default)]
#[repr(C, align(64))]
struct Place {
    generation: u32,
    connection: Option<Connection>,
}

/// Places of a chunk; a power of two.
const CHUNK: usize = 64;

impl Connections {
    /// A token for the next connection; `insert` follows.
    pub(crate) fn reserve(&mut self) -> Token {
        if self.free.is_empty() {
            let first = (self.chunks.len() * CHUNK) as u32;
            self.chunks.push((0..CHUNK).map(|_| Place::default()).collect());
            self.free.extend((first..first + CHUNK as u32).rev());
        }
        let index = self.free.pop().unwrap_or_default();
        let generation = self.place(index).map_or(0, |place| place.generation);
        Token { index, generation }
    }

    /// Puts a connection into the place that was reserved for it.
    pub(crate) fn insert(&mut self, connection: Connection) {
        if let Some(place) = self.place(connection.token().index) {
            place.connection = Some(connection);
        }
    }

    /// Gives a token back that was reserved or whose connection was removed.
    pub(crate) fn release(&mut self, token: Token) {
        if let Some(place) = self.place(token.index) {
            place.generation = place.generation.wrapping_add(1);
            self.free.push(token.index);
        }
    }

    /// Takes a connection out. Its place is free after [`Connections::release`], which waits until
    /// no event of this turn can mean it any more.
    pub(crate) fn remove(&mut self, token: Token) -> Option<Connection> {
        let place = self.place(token.index)?;
        if place.generation == token.generation { place.connection.take() } else { None }
    }

    pub(crate) fn get(&mut self, token: Token) -> Option<&mut Connection> {
        let place = self.place(token.index)?;
        if place.generation == token.generation { place.connection.as_mut() } else { None }
    }

    /// Whoever has this place.
    #[inline]
    pub(crate) fn at(&mut self, index: u32) -> Option<&mut Connection> {
        self.place(index)?.connection.as_mut()
    }

    #[inline]
    fn place(&mut self, index: u32) -> Option<&mut Place> {
        self.chunks.get_mut(index as usize / CHUNK)?.get_mut(index as usize % CHUNK)
    }

    pub(crate) fn tokens(&self) -> Vec<Token> {
        self.chunks
            .iter()
            .flatten()
            .enumerate()
            .filter(|(_, place)| place.connection.is_some())
            .map(|(index, place)| Token { index: index as u32, generation: place.generation })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::{offset_of, size_of};

    #[test]
    fn what_a_fan_out_looks_at_lies_in_one_line_of_the_cache() {
        // The connection has a place for "none" in itself, so that it begins where the option does.
        assert_eq!(size_of::<Option<Connection>>(), size_of::<Connection>());
        let line = |byte: usize| (offset_of!(Place, connection) + byte) / 64;
        let (first, last) = Connection::LOOKED_AT;
        assert_eq!(line(first), line(last), "{first} to {last}");
        assert!(size_of::<Place>() <= 320, "{}", size_of::<Place>());
    }
}
