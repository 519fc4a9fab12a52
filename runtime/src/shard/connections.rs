//! A shard's connections, by index.

use super::{Token, connection::Connection};

/// Places for connections. A place that was left is used again under a new generation.
#[derive(Default)]
pub(crate) struct Connections {
    places: Vec<Place>,
    free: Vec<u32>,
}

#[derive(Default)]
struct Place {
    generation: u32,
    // Boxed, so that growing moves pointers and an empty place costs little.
    connection: Option<Box<Connection>>,
}

impl Connections {
    /// A token for the next connection; `insert` follows.
    pub(crate) fn reserve(&mut self) -> Token {
        let index = match self.free.pop() {
            Some(index) => index,
            None => {
                self.places.push(Place::default());
                (self.places.len() - 1) as u32
            }
        };
        Token { index, generation: self.places[index as usize].generation }
    }

    pub(crate) fn insert(&mut self, connection: Connection) -> &mut Connection {
        let index = connection.token().index as usize;
        self.places[index].connection.insert(Box::new(connection))
    }

    /// Gives a token back that was reserved or whose connection was removed.
    pub(crate) fn release(&mut self, token: Token) {
        let place = &mut self.places[token.index as usize];
        place.generation = place.generation.wrapping_add(1);
        self.free.push(token.index);
    }

    /// Takes a connection out. Its place is free after [`Connections::release`], which waits until
    /// no event of this turn can mean it any more.
    pub(crate) fn remove(&mut self, token: Token) -> Option<Box<Connection>> {
        let place = self.places.get_mut(token.index as usize)?;
        if place.generation == token.generation { place.connection.take() } else { None }
    }

    pub(crate) fn get(&mut self, token: Token) -> Option<&mut Connection> {
        let place = self.places.get_mut(token.index as usize)?;
        if place.generation != token.generation {
            return None;
        }
        place.connection.as_deref_mut()
    }

    /// Whoever has this place.
    #[inline]
    pub(crate) fn at(&mut self, index: u32) -> Option<&mut Connection> {
        self.places.get_mut(index as usize)?.connection.as_deref_mut()
    }

    pub(crate) fn tokens(&self) -> Vec<Token> {
        self.places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.connection.is_some())
            .map(|(index, place)| Token { index: index as u32, generation: place.generation })
            .collect()
    }
}
