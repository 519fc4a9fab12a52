//! `format: date-time`

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::date::{date_of, days_of};
use super::text_of_format;
use crate::check::Format;

/// A point in time as RFC 3339 writes it (`format: date-time`): `2024-05-01T09:30:00.000Z`.
///
/// Two are equal if their texts are; compare [`unix_nanos`](Self::unix_nanos) to compare times.
///
/// ```
/// use asyncapi_ws::scalar::DateTime;
///
/// let opened: DateTime = "2024-05-01T09:30:00.000+02:00".parse()?;
/// assert_eq!(opened.unix_millis(), Some(1_714_548_600_000));
/// assert_eq!(opened.as_str(), "2024-05-01T09:30:00.000+02:00");
/// assert_eq!(DateTime::from_unix_millis(0).unwrap().as_str(), "1970-01-01T00:00:00Z");
/// assert!("yesterday".parse::<DateTime>().is_err());
/// # Ok::<(), asyncapi_ws::scalar::FormatError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DateTime(String);

text_of_format!(DateTime, "date-time", Format::DATE_TIME);

const DAY: i128 = 86_400_000_000_000;

impl DateTime {
    /// Nanoseconds since the Unix epoch, what is finer left out. `None` if the text came over the wire
    /// and is no time.
    pub fn unix_nanos(&self) -> Option<i128> {
        let text = self.0.as_str();
        let (date, time) = (text.get(..10)?, text.get(11..)?);
        let days = days_of(date)?;
        let number = |from: usize, to: usize| time.get(from..to)?.parse::<i128>().ok();
        let (hour, minute, second) = (number(0, 2)?, number(3, 5)?, number(6, 8)?);
        let zone_at = time.rfind(['Z', 'z', '+', '-'])?;
        let fraction = time.get(8..zone_at)?.strip_prefix('.').unwrap_or_default();
        let nanos =
            format!("{:0<9}", fraction.get(..9).unwrap_or(fraction)).parse::<i128>().ok()?;
        let zone = &time[zone_at..];
        let offset = match zone.strip_prefix(['+', '-']) {
            Some(offset) => {
                let part = |from: usize| offset.get(from..from + 2)?.parse::<i128>().ok();
                let minutes = part(0)? * 60 + part(3)?;
                if zone.starts_with('-') { -minutes } else { minutes }
            }
            None => 0,
        };
        let seconds = (hour * 60 + minute - offset) * 60 + second;
        Some(i128::from(days) * DAY + seconds * 1_000_000_000 + nanos)
    }

    /// Milliseconds since the Unix epoch, rounded down. `None` if the text came over the wire and is no
    /// time.
    pub fn unix_millis(&self) -> Option<i64> {
        i64::try_from(self.unix_nanos()?.div_euclid(1_000_000)).ok()
    }

    /// A time in UTC, with no more digits than it needs. `None` beyond the years 0 to 9999, which RFC 3339
    /// cannot write.
    pub fn from_unix_nanos(nanos: i128) -> Option<Self> {
        let days = i64::try_from(nanos.div_euclid(DAY)).ok()?;
        let date = date_of(days)?;
        let in_day = nanos.rem_euclid(DAY);
        let (seconds, nanos) = (in_day / 1_000_000_000, in_day % 1_000_000_000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let fraction = match nanos {
            0 => String::new(),
            nanos => format!(".{nanos:09}").trim_end_matches('0').to_owned(),
        };
        Some(Self(format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}Z")))
    }

    /// A time in UTC. `None` beyond the years 0 to 9999.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        Self::from_unix_nanos(i128::from(millis) * 1_000_000)
    }

    /// The time for the clocks of the standard library. `None` if there is none that it can hold.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let nanos = self.unix_nanos()?;
        let distance = u64::try_from(nanos.unsigned_abs() / 1_000_000_000).ok()?;
        let rest = u32::try_from(nanos.unsigned_abs() % 1_000_000_000).ok()?;
        let distance = Duration::new(distance, rest);
        if nanos < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }

    /// A time of the clocks of the standard library, in UTC. `None` beyond the years 0 to 9999.
    pub fn from_system_time(time: SystemTime) -> Option<Self> {
        let nanos = |distance: Duration| i128::try_from(distance.as_nanos()).ok();
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self::from_unix_nanos(nanos(after)?),
            Err(before) => Self::from_unix_nanos(-nanos(before.duration())?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_fraction_and_zone() {
        for (text, nanos) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.000000001Z", 1),
            ("1970-01-01T00:00:00.1234567899Z", 123_456_789),
            ("1969-12-31T23:59:59.5Z", -500_000_000),
            ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31T22:30:00-01:30", 0),
            ("2000-02-29T12:00:00z", 951_825_600_000_000_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
        ] {
            assert_eq!(text.parse::<DateTime>().unwrap().unix_nanos(), Some(nanos), "{text}");
        }
    }

    #[test]
    fn what_is_made_from_a_time_reads_as_that_time() {
        for nanos in [
            0,
            1,
            -1,
            1_697_097_600_000_000_000,
            253_402_300_799_999_999_999,
            -62_167_219_200_000_000_000,
        ] {
            let time = DateTime::from_unix_nanos(nanos).unwrap();
            assert_eq!(time.as_str().parse::<DateTime>().as_ref(), Ok(&time));
            assert_eq!(time.unix_nanos(), Some(nanos), "{time}");
        }
        assert_eq!(DateTime::from_unix_nanos(253_402_300_800_000_000_000), None);
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_500);
        assert_eq!(DateTime::from_system_time(now).unwrap().as_str(), "1970-01-01T00:00:01.5Z");
        assert_eq!(DateTime::from_system_time(now).unwrap().to_system_time(), Some(now));
    }

    #[test]
    fn a_text_that_is_none_is_held_and_says_no_time() {
        let wrong: DateTime = serde_json::from_str("\"soon\"").unwrap();
        assert_eq!((wrong.as_str(), wrong.unix_nanos()), ("soon", None));
        assert_eq!(serde_json::to_string(&wrong).unwrap(), "\"soon\"");
        let error = "soon".parse::<DateTime>().unwrap_err();
        assert_eq!(error.to_string(), "\"soon\" is no date-time");
    }
}
