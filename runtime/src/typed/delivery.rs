//! What becomes of a topic's messages between publisher and subscriber: what the contract declares, and
//! what a subscriber asks for.

use std::fmt;
use std::time::Duration;

use super::answer::Refusal;
use crate::hub::{Overflow, Position, Recovery, Replay};
use crate::session::{Subscribe, Subscribed};

/// What a contract declares of a topic family's messages (`overflow`, `keep`, `last` of `x-topics`).
///
/// ```
/// use asyncapi_ws::hub::Overflow;
/// use asyncapi_ws::{Delivery, Topic};
///
/// const QUOTES: Delivery = Delivery::EACH.overflow(Overflow::Conflate).keep(1).last();
/// assert_ne!(QUOTES, Delivery::EACH);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub(super) overflow: Overflow,
    pub(super) keep: u32,
    last: bool,
}

impl Delivery {
    /// Every message counts and none is remembered.
    pub const EACH: Self = Self { overflow: Overflow::Close, keep: 0, last: false };

    /// What happens to messages for a client that does not read.
    #[must_use]
    pub const fn overflow(self, overflow: Overflow) -> Self {
        Self { overflow, ..self }
    }

    /// How many messages the topic remembers.
    #[must_use]
    pub const fn keep(self, keep: u32) -> Self {
        Self { keep, ..self }
    }

    /// A new subscriber gets the last value at once: of values that replace each other, the last of each
    /// key.
    #[must_use]
    pub const fn last(self) -> Self {
        Self { last: true, ..self }
    }

    /// How the engine subscribes somebody who asks for this.
    pub(super) fn subscribe(self, wish: &Wish) -> Subscribe {
        let replay = match (wish.since, self.last, self.overflow) {
            (Some(position), _, _) => Replay::Since(position),
            (None, true, Overflow::Conflate) => Replay::Last(u32::MAX),
            (None, true, _) => Replay::Last(1),
            (None, false, _) => Replay::None,
        };
        Subscribe { replay, position: self.keep > 0, interval: wish.interval }
    }
}

/// What a subscriber asks for beyond the topic's next messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    since: Option<Position>,
    interval: Option<Duration>,
}

impl Wish {
    /// Everything after this position, as an earlier reply said it; nothing where the text is missing or
    /// empty.
    ///
    /// # Errors
    /// The text is no position.
    pub fn since(self, position: Option<&str>) -> Result<Self, Refusal> {
        let Some(text) = position.filter(|text| !text.is_empty()) else { return Ok(self) };
        match text.parse() {
            Ok(position) => Ok(Self { since: Some(position), ..self }),
            Err(error) => Err(Refusal::new(format!("`{text}` is no position: {error}"))),
        }
    }

    /// The newest value at most once in so many milliseconds, but not more often than `minimum`; `default`
    /// where the subscriber says nothing, and 0 is every message.
    #[must_use]
    pub fn interval(
        self,
        milliseconds: Option<impl TryInto<u32>>,
        minimum: u32,
        default: u32,
    ) -> Self {
        // What does not fit is no interval that anybody can mean.
        let asked = milliseconds.map_or(default, |value| value.try_into().unwrap_or(minimum));
        let granted = asked.max(minimum);
        let interval = (granted > 0).then(|| Duration::from_millis(u64::from(granted)));
        Self { interval, ..self }
    }
}

impl Subscribed {
    /// The topic's position as a text for the reply; empty for a topic that remembers nothing.
    pub fn position_text(&self) -> String {
        self.position.map(|position| position.to_string()).unwrap_or_default()
    }
}

impl fmt::Display for Recovery {
    /// `none`, `complete` or `gap`: the words of a contract's `{$recovery}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Complete(_) => "complete",
            Self::Gap => "gap",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_granted_within_what_the_contract_allows() {
        let granted = |asked: Option<i64>, minimum, default| {
            Wish::default().interval(asked, minimum, default).interval
        };
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(granted(None, 0, 0), None, "every message");
        assert_eq!(granted(Some(0), 0, 500), None, "every message, asked for");
        assert_eq!(granted(None, 0, 500), ms(500));
        assert_eq!(granted(Some(250), 100, 0), ms(250));
        assert_eq!(granted(Some(20), 100, 0), ms(100));
        assert_eq!(granted(Some(0), 100, 0), ms(100));
        assert_eq!(granted(Some(-1), 100, 0), ms(100));
    }

    #[test]
    fn a_position_is_a_text_of_an_earlier_reply_or_none() {
        let position = Position { epoch: 0xab, offset: 7 };
        assert_eq!(Wish::default().since(None).unwrap(), Wish::default());
        assert_eq!(Wish::default().since(Some("")).unwrap(), Wish::default());
        let wish = Wish::default().since(Some("ab-7")).unwrap();
        assert_eq!(Delivery::EACH.subscribe(&wish).replay, Replay::Since(position));
        let refusal = Wish::default().since(Some("seven")).unwrap_err();
        assert_eq!(refusal.message(), "`seven` is no position: expected a position as `1f2e-7`");
    }

    #[test]
    fn the_last_value_of_each_key_comes_where_values_replace_each_other() {
        let delivery = Delivery::EACH.keep(9).last();
        assert_eq!(delivery.subscribe(&Wish::default()).replay, Replay::Last(1));
        let conflated = delivery.overflow(Overflow::Conflate);
        assert_eq!(conflated.subscribe(&Wish::default()).replay, Replay::Last(u32::MAX));
    }
}
