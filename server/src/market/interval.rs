//! When bars begin and end: minutes, hours and days of UTC, weeks from Monday, calendar months.
//!
//! All times are milliseconds since the Unix epoch; a bar covers its start and not its end. Total: a
//! time beyond the years −9999 to 9999 is taken as the nearest that is not.

use time::OffsetDateTime;

use crate::api::Resolution;

/// One minute, in milliseconds.
pub const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// 1970-01-01 was a Thursday, three days after a Monday.
const EPOCH_AFTER_MONDAY: i64 = 3 * DAY;

/// −9999-01-01T00:00:00Z and 9999-12-01T00:00:00Z: every month between them has an end in range.
const EARLIEST: i64 = -377_705_116_800_000;
const LATEST: i64 = 253_399_622_400_000;

/// The start of the bar that `time` falls into.
pub fn start(resolution: Resolution, time: i64) -> i64 {
    let time = time.clamp(EARLIEST, LATEST);
    match length(resolution) {
        Some(length) => time - (time - origin(resolution)).rem_euclid(length),
        None => month_start(time),
    }
}

/// The end of the bar that starts at `start`, which is the start of the next one.
pub fn end(resolution: Resolution, start: i64) -> i64 {
    let start = start.clamp(EARLIEST, LATEST);
    match length(resolution) {
        Some(length) => start + length,
        // No month has 32 days, and the one after it has more than three.
        None => month_start(start + 32 * DAY),
    }
}

/// `None`: a month, which has no fixed length.
fn length(resolution: Resolution) -> Option<i64> {
    match resolution {
        Resolution::Minutes1 => Some(MINUTE),
        Resolution::Minutes5 => Some(5 * MINUTE),
        Resolution::Minutes15 => Some(15 * MINUTE),
        Resolution::Minutes30 => Some(30 * MINUTE),
        Resolution::Minutes60 => Some(60 * MINUTE),
        Resolution::Day => Some(DAY),
        Resolution::Week => Some(7 * DAY),
        Resolution::Month => None,
    }
}

fn origin(resolution: Resolution) -> i64 {
    if resolution == Resolution::Week { -EPOCH_AFTER_MONDAY } else { 0 }
}

fn month_start(time: i64) -> i64 {
    let day = time.div_euclid(DAY);
    // In range, by the clamp of whoever calls; the fallback is the day itself.
    let day_of_month = OffsetDateTime::from_unix_timestamp(time.div_euclid(1000))
        .map_or(1, |date| i64::from(date.day()));
    (day - (day_of_month - 1)) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::{Date, Month, Weekday};

    fn at(year: i32, month: u8, day: u8, hour: u8, minute: u8) -> i64 {
        let date = Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap();
        let time = date.with_hms(hour, minute, 0).unwrap().assume_utc();
        time.unix_timestamp() * 1000
    }

    #[test]
    fn minutes_are_cut_at_round_minutes() {
        let time = at(2025, 10, 12, 8, 47) + 59_999;
        for (resolution, minute) in [
            (Resolution::Minutes1, 47),
            (Resolution::Minutes5, 45),
            (Resolution::Minutes15, 45),
            (Resolution::Minutes30, 30),
            (Resolution::Minutes60, 0),
        ] {
            assert_eq!(start(resolution, time), at(2025, 10, 12, 8, minute), "{resolution}");
        }
        assert_eq!(start(Resolution::Minutes1, time + 1), at(2025, 10, 12, 8, 48));
    }

    #[test]
    fn a_week_begins_on_monday() {
        // October 12, 2025 was a Sunday.
        assert_eq!(start(Resolution::Week, at(2025, 10, 12, 23, 59)), at(2025, 10, 6, 0, 0));
        assert_eq!(start(Resolution::Week, at(2025, 10, 13, 0, 0)), at(2025, 10, 13, 0, 0));
        assert_eq!(start(Resolution::Week, at(2026, 1, 1, 12, 0)), at(2025, 12, 29, 0, 0));
        assert_eq!(start(Resolution::Week, 0), at(1969, 12, 29, 0, 0));
    }

    #[test]
    fn a_month_is_as_long_as_its_calendar_says() {
        for (year, month, days) in [
            (2023, 2, 28),
            (2024, 2, 29),
            (1900, 2, 28),
            (2000, 2, 29),
            (2025, 4, 30),
            (2025, 12, 31),
        ] {
            let first = at(year, month, 1, 0, 0);
            assert_eq!(start(Resolution::Month, first + days * DAY - 1), first);
            assert_eq!(end(Resolution::Month, first), first + days * DAY, "{year}-{month}");
        }
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        for resolution in Resolution::ALL {
            for time in [i64::MIN, EARLIEST, LATEST, i64::MAX] {
                let start = start(resolution, time);
                assert!(end(resolution, start) > start, "{resolution} at {time}");
            }
        }
    }

    proptest! {
        #[test]
        fn bars_of_one_resolution_tile_time(time in at(1890, 1, 1, 0, 0)..at(2110, 1, 1, 0, 0)) {
            for resolution in Resolution::ALL {
                let (start, end) = (start(resolution, time), end(resolution, start(resolution, time)));
                prop_assert!(start <= time && time < end);
                prop_assert_eq!(super::start(resolution, start), start);
                prop_assert_eq!(super::start(resolution, end - 1), start);
                prop_assert_eq!(super::start(resolution, end), end);
            }
        }

        #[test]
        fn days_weeks_and_months_begin_where_the_calendar_says(
            time in at(1890, 1, 1, 0, 0)..at(2110, 1, 1, 0, 0),
        ) {
            let date = |resolution| {
                OffsetDateTime::from_unix_timestamp(start(resolution, time) / 1000).unwrap()
            };
            prop_assert_eq!(date(Resolution::Week).weekday(), Weekday::Monday);
            prop_assert_eq!(date(Resolution::Month).day(), 1);
            for resolution in [Resolution::Day, Resolution::Week, Resolution::Month] {
                prop_assert_eq!(date(resolution).to_hms(), (0, 0, 0));
            }
        }

        #[test]
        fn a_longer_bar_begins_with_a_shorter_one(time in at(1890, 1, 1, 0, 0)..at(2110, 1, 1, 0, 0)) {
            // A month need not begin with a week; all else nests.
            let nested = [
                (Resolution::Minutes5, Resolution::Minutes1),
                (Resolution::Minutes15, Resolution::Minutes5),
                (Resolution::Minutes30, Resolution::Minutes15),
                (Resolution::Minutes60, Resolution::Minutes30),
                (Resolution::Day, Resolution::Minutes60),
                (Resolution::Week, Resolution::Day),
                (Resolution::Month, Resolution::Day),
            ];
            for (long, short) in nested {
                let start = start(long, time);
                prop_assert_eq!(super::start(short, start), start);
            }
        }
    }
}
