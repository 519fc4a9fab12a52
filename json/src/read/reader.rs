//! Where in the text the reading is, and the steps of JSON's grammar (RFC 8259) from there.

use std::borrow::Cow;

use super::super::scan;
use super::Unread;

/// A text that is being read.
pub(super) struct Reader<'de> {
    text: &'de str,
    /// The position of the next byte; always beside an ASCII byte, or at an end.
    at: usize,
    /// How many more levels may be opened.
    room: u8,
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str, depth: u8) -> Self {
        Self { text, at: 0, room: depth }
    }

    /// The first byte of what comes next, white space stepped over.
    #[inline]
    pub(super) fn next(&mut self) -> Result<u8, Unread> {
        let bytes = self.text.as_bytes();
        self.at = scan::skip_space(bytes, self.at);
        bytes.get(self.at).copied().ok_or(Unread)
    }

    /// Steps over one byte, which must come next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Result<(), Unread> {
        if self.next()? != byte {
            return Err(Unread);
        }
        self.at += 1;
        Ok(())
    }

    /// Steps over `null`, `true` or `false`.
    #[inline]
    pub(super) fn word(&mut self, word: &'static str) -> Result<(), Unread> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(Unread);
        }
        self.at += word.len();
        Ok(())
    }

    /// Nothing may come but white space.
    pub(super) fn end(&mut self) -> Result<(), Unread> {
        if self.next().is_ok() { Err(Unread) } else { Ok(()) }
    }

    /// Whether a further piece of an array or an object comes, and its first byte; a comma stands before
    /// each but the first.
    #[inline]
    pub(super) fn piece(&mut self, first: &mut bool, close: u8) -> Result<Option<u8>, Unread> {
        let next = self.next()?;
        if next == close {
            return Ok(None);
        }
        if std::mem::take(first) {
            return Ok(Some(next));
        }
        self.take(b',')?;
        // A comma before the end is an error.
        self.next().and_then(|next| if next == close { Err(Unread) } else { Ok(Some(next)) })
    }

    /// What stands between two brackets, the first of which comes next.
    #[inline]
    pub(super) fn level<T>(
        &mut self,
        close: u8,
        inside: impl FnOnce(&mut Self) -> Result<T, Unread>,
    ) -> Result<T, Unread> {
        self.at += 1;
        self.room = self.room.checked_sub(1).ok_or(Unread)?;
        let value = inside(self)?;
        self.room += 1;
        self.take(close)?;
        Ok(value)
    }

    /// The string that comes next, escapes resolved.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>, Unread> {
        if self.next()? != b'"' {
            return Err(Unread);
        }
        let (bytes, start) = (self.text.as_bytes(), self.at + 1);
        let end = scan::plain_end(bytes, start);
        if bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(&self.text[start..end]));
        }
        self.escaped(start, end)
    }

    /// The same with escapes, the first of which is at `escape`.
    #[cold]
    fn escaped(&mut self, start: usize, escape: usize) -> Result<Cow<'de, str>, Unread> {
        let (end, _) = scan::skip_string(self.text.as_bytes(), escape).ok_or(Unread)?;
        let text = scan::unescape(&self.text[start..end - 1], start).map_err(|_| Unread)?;
        self.at = end;
        Ok(Cow::Owned(text))
    }

    /// What follows, and moves on by as much as `read` says it has read of it.
    #[inline]
    pub(super) fn scan<T>(
        &mut self,
        read: impl FnOnce(&'de str) -> Result<(T, usize), Unread>,
    ) -> Result<T, Unread> {
        let (value, length) = read(&self.text[self.at..])?;
        self.at += length;
        Ok(value)
    }

    /// The text of the value that comes next, which is JSON.
    pub(super) fn raw(&mut self) -> Result<&'de str, Unread> {
        self.next()?;
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// Steps over the value that comes next, which is JSON.
    pub(super) fn skip(&mut self) -> Result<(), Unread> {
        match self.next()? {
            b'"' => self.skip_string(),
            b'{' => self.level(b'}', |reader| {
                let mut first = true;
                while let Some(next) = reader.piece(&mut first, b'}')? {
                    if next != b'"' {
                        return Err(Unread);
                    }
                    reader.skip_string()?;
                    reader.take(b':')?;
                    reader.skip()?;
                }
                Ok(())
            }),
            b'[' => self.level(b']', |reader| {
                let mut first = true;
                while reader.piece(&mut first, b']')?.is_some() {
                    reader.skip()?;
                }
                Ok(())
            }),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => {
                self.at = scan::number_end(self.text.as_bytes(), self.at).map_err(|_| Unread)?;
                Ok(())
            }
        }
    }

    /// Steps over a string whose opening quote comes next; its escapes must mean something.
    fn skip_string(&mut self) -> Result<(), Unread> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        loop {
            at = scan::plain_end(bytes, at);
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => (_, at) = scan::escape(bytes, at).map_err(|_| Unread)?,
                _ => return Err(Unread),
            }
        }
        self.at = at + 1;
        Ok(())
    }
}
