//! Dates, times and durations: RFC 3339 §5.6, §5.7 and appendix A.

/// `date-time`
pub(super) fn is_date_time(text: &str) -> bool {
    match text.as_bytes() {
        [date @ .., b'T' | b't'] if date.len() == 10 => false,
        bytes => {
            bytes.len() > 11
                && matches!(bytes[10], b'T' | b't')
                && date(&bytes[..10])
                && time(&bytes[11..])
        }
    }
}

/// `full-date`
pub(super) fn is_date(text: &str) -> bool {
    date(text.as_bytes())
}

/// `full-time`
pub(super) fn is_time(text: &str) -> bool {
    time(text.as_bytes())
}

fn date(bytes: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return false };
    let (Some(century), Some(year), Some(month), Some(day)) =
        (two(*y1, *y2), two(*y3, *y4), two(*m1, *m2), two(*d1, *d2))
    else {
        return false;
    };
    let year = century * 100 + year;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn time(bytes: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = bytes else { return false };
    let (Some(hour), Some(minute), Some(second)) = (two(*h1, *h2), two(*m1, *m2), two(*s1, *s2))
    else {
        return false;
    };
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            &fraction[digits..]
        }
        rest => rest,
    };
    let Some(offset) = offset(rest) else { return false };
    // A leap second is the last of a day in UTC (§5.7).
    let day = 24 * 60;
    let utc = (day + hour * 60 + minute - offset) % day;
    hour < 24 && minute < 60 && (second < 60 || second == 60 && utc == day - 1)
}

/// `time-offset`, in minutes east.
fn offset(bytes: &[u8]) -> Option<i32> {
    match bytes {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hour, minute) = (two(*h1, *h2)?, two(*m1, *m2)?);
            let minutes = hour * 60 + minute;
            (hour < 24 && minute < 60).then_some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => None,
    }
}

fn two(tens: u8, ones: u8) -> Option<i32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
}

/// `duration` of appendix A: `P3D`, `PT4H30M`, `P1Y2M3DT4H`, `P6W`.
///
/// Units come in order and none is left out in the middle: `P1Y1D` is none, `P1Y0M1D` is.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    if time.is_none() && units(date, "W") {
        return true;
    }
    match time {
        None => units(date, "YMD"),
        Some(time) => (date.is_empty() || units(date, "YMD")) && units(time, "HMS"),
    }
}

/// Whether `text` is one or more numbers, each with its unit, the units being neighbours in
/// `order`.
fn units(text: &str, order: &str) -> bool {
    let mut rest = text;
    let mut expected: Option<&str> = None;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let Some(unit) = rest[digits..].chars().next() else { return false };
        let Some(at) = order.find(unit) else { return false };
        let in_order = expected.is_none_or(|expected| expected.starts_with(unit));
        if digits == 0 || !in_order {
            return false;
        }
        expected = Some(&order[at + 1..]);
        rest = &rest[digits + 1..];
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::{Format, check};

    #[test]
    fn dates_and_times_exist() {
        check(
            Format::DATE_TIME,
            &[
                "2024-02-29T23:59:59.123456789Z",
                "1990-12-31t15:59:60-08:00",
                "0000-01-01T00:00:00+23:59",
            ],
            &[
                "",
                "2024-02-29T",
                "2024-02-29",
                "2023-02-29T00:00:00Z",
                "2024-01-01 00:00:00Z",
                "2024-01-01T00:00:00",
                "2024-01-01T00:00:00.Z",
                "1990-12-31T15:59:60Z",
            ],
        );
        check(
            Format::DATE,
            &["2000-02-29"],
            &["1900-02-29", "2024-13-01", "2024-00-01", "2024-04-31", "2024-1-1", "२०२४-01-01"],
        );
        check(Format::TIME, &["00:00:00z", "23:59:60Z"], &["24:00:00Z", "12:00:00", "12:00Z"]);
    }

    #[test]
    fn durations_name_their_units_in_order() {
        check(
            Format::DURATION,
            &[
                "P1Y",
                "P1Y2M3D",
                "P2M",
                "P3D",
                "PT1H",
                "PT36H",
                "PT1M1S",
                "P1DT12H",
                "P4W",
                "PT0S",
                "P1Y2M3DT4H5M6S",
            ],
            &[
                "", "P", "PT", "1Y", "P1", "PD", "P1YT", "P1D1M", "P1Y1D", "PT1H1S", "P1H", "PT1D",
                "P1W1D", "P1Y2W", "P1S", "-P1D", "P1.5D", "P1é", "P١D",
            ],
        );
    }
}
