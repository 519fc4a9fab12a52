//! `format: date`

use super::text_of_format;
use crate::check::Format;

/// A day as RFC 3339 writes it (`format: date`): `2024-05-01`.
///
/// ```
/// use asyncapi_ws::scalar::Date;
///
/// let expiry: Date = "2024-05-01".parse()?;
/// assert_eq!(expiry.year_month_day(), Some((2024, 5, 1)));
/// assert_eq!(expiry.unix_days(), Some(19_844));
/// assert_eq!(Date::from_unix_days(19_844).as_ref(), Some(&expiry));
/// # Ok::<(), asyncapi_ws::scalar::FormatError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(String);

text_of_format!(Date, "date", Format::DATE);

impl Date {
    /// Year, month and day, as they are counted. `None` if the text came over the wire and is no date.
    pub fn year_month_day(&self) -> Option<(u16, u8, u8)> {
        parts(&self.0)
    }

    /// Days since the Unix epoch. `None` if the text came over the wire and is no date.
    pub fn unix_days(&self) -> Option<i64> {
        days_of(&self.0)
    }

    /// A day by its distance from the Unix epoch. `None` beyond the years 0 to 9999.
    pub fn from_unix_days(days: i64) -> Option<Self> {
        date_of(days).map(Self)
    }
}

fn parts(text: &str) -> Option<(u16, u8, u8)> {
    let well_formed = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !well_formed {
        return None;
    }
    Some((text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?))
}

/// Days since the Unix epoch of a date; by eras of 400 years that begin in March, so that the leap day
/// is a year's last.
pub(super) fn days_of(text: &str) -> Option<i64> {
    let (year, month, day) = parts(text)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * DAYS_OF_ERA + day_of_era - EPOCH)
}

/// The date at a distance from the Unix epoch.
pub(super) fn date_of(days: i64) -> Option<String> {
    let days = days.checked_add(EPOCH)?;
    let era = days.div_euclid(DAYS_OF_ERA);
    let day_of_era = days.rem_euclid(DAYS_OF_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era.checked_mul(400)?.checked_add(year_of_era)? + i64::from(month <= 2);
    (0..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

const DAYS_OF_ERA: i64 = 146_097;

/// Days from the first of March of the year 0 to the Unix epoch.
const EPOCH: i64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        for days in
            (-719_528..2_932_897).step_by(97).chain([-719_528, 2_932_896, -1, 0, 1, 58, 59, 60])
        {
            let date = Date::from_unix_days(days).unwrap();
            assert_eq!(date.unix_days(), Some(days), "{date}");
            assert!(date.as_str().parse::<Date>().is_ok(), "{date}");
        }
        assert_eq!(Date::from_unix_days(-719_529), None);
        assert_eq!(Date::from_unix_days(2_932_897), None);
        assert_eq!(Date::from_unix_days(i64::MAX), None);
    }

    #[test]
    fn a_text_that_is_none_says_no_day() {
        for text in ["", "2024-5-1", "2024-13-01", "+024-01-01", "2024-01-0x"] {
            let date: Date = serde_json::from_str(&format!("{text:?}")).unwrap();
            assert_eq!(date.unix_days(), None, "{text}");
        }
    }
}
