//! A text message that arrives in parts, checked as it comes (RFC 6455 §8.1).

/// Text under assembly. A part may end inside a character; a byte that can no longer become one
/// is refused at once, before the rest of the message is there.
#[derive(Debug, Default)]
pub struct TextBuffer {
    text: String,
    /// The bytes of a character whose end has not come: at most 3.
    tail: [u8; 4],
    tail_length: u8,
}

/// The bytes cannot be UTF-8, whatever follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

impl TextBuffer {
    /// Adds the next bytes.
    ///
    /// # Errors
    ///
    /// [`NotText`] at the first byte that no character can contain at its place.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), NotText> {
        while self.tail_length > 0 {
            let Some((&next, rest)) = bytes.split_first() else { return Ok(()) };
            bytes = rest;
            self.tail[usize::from(self.tail_length)] = next;
            self.tail_length += 1;
            let character = &self.tail[..usize::from(self.tail_length)];
            match std::str::from_utf8(character) {
                Ok(character) => {
                    self.text.push_str(character);
                    self.tail_length = 0;
                }
                // `error_len` is `None` while more bytes could still complete the character, so
                // the tail never outgrows its four bytes.
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(NotText),
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(error) => {
                if error.error_len().is_some() {
                    return Err(NotText);
                }
                let (whole, tail) = bytes.split_at(error.valid_up_to());
                self.text.push_str(std::str::from_utf8(whole).map_err(|_| NotText)?);
                self.tail[..tail.len()].copy_from_slice(tail);
                self.tail_length = tail.len() as u8;
            }
        }
        Ok(())
    }

    /// Bytes so far, an unfinished character included.
    pub fn len(&self) -> usize {
        self.text.len() + usize::from(self.tail_length)
    }

    /// Whether nothing came yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text, now that the message is whole.
    ///
    /// # Errors
    ///
    /// [`NotText`] when it ends inside a character.
    pub fn finish(self) -> Result<String, NotText> {
        if self.tail_length == 0 { Ok(self.text) } else { Err(NotText) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_and_whole_agree(
            bytes in prop_oneof![any::<Vec<u8>>(), any::<String>().prop_map(String::into_bytes)],
            size in 1usize..7,
        ) {
            let mut buffer = TextBuffer::default();
            let pushed = bytes.chunks(size).try_for_each(|part| buffer.push(part));
            let text = pushed.and_then(|()| buffer.finish());
            prop_assert_eq!(text.ok(), String::from_utf8(bytes).ok());
        }
    }

    #[test]
    fn a_hopeless_byte_is_refused_before_the_character_ends() {
        let mut buffer = TextBuffer::default();
        assert_eq!(buffer.push(&[0xf4]), Ok(()));
        assert_eq!(buffer.push(&[0x90]), Err(NotText), "above U+10FFFF");
        let mut buffer = TextBuffer::default();
        assert_eq!(buffer.push(&[0xed]), Ok(()));
        assert_eq!(buffer.push(&[0xa0]), Err(NotText), "a surrogate");
    }
}
