//! Places in the thread and in the conversation list, for reading on from them.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use crate::{bases::error::AppError, entities::position::Position};

/// The second in which a message stands, as its index has it. Those of one second stand by their
/// positions: Twilio's times are whole seconds, ours are not.
pub(super) const SECOND_OF_MESSAGE: &str = "date_trunc('second', m.created_at AT TIME ZONE 'UTC')";
/// The same of a conversation, by its last message.
pub(super) const SECOND_OF_CONVERSATION: &str =
    "date_trunc('second', c.last_message_at AT TIME ZONE 'UTC')";
/// 9999-12-31T23:59:59Z
const LATEST_SECOND: i64 = 253_402_300_799;

/// The last row of a page: the next page begins below it. Written `second_position_uuid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListPlace {
    second: NaiveDateTime,
    position: Position,
    id: Uuid,
}

impl ListPlace {
    pub(super) fn new(at: DateTime<Utc>, position: Position, id: impl Into<Uuid>) -> Self {
        Self {
            second: second_of(at.timestamp()).unwrap_or_default(),
            position,
            id: id.into(),
        }
    }

    /// For the comparison of a row with it.
    pub(super) fn values(self) -> [Value; 3] {
        [self.second.into(), self.position.into(), self.id.into()]
    }
}

fn second_of(seconds: i64) -> Option<NaiveDateTime> {
    let known = (0..=LATEST_SECOND).contains(&seconds);
    let time = DateTime::from_timestamp(seconds, 0).filter(|_| known)?;
    Some(time.naive_utc())
}

impl fmt::Display for ListPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.second.and_utc().timestamp();
        write!(f, "{second}_{}_{}", self.position.0, self.id)
    }
}

impl FromStr for ListPlace {
    type Err = AppError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let mut parts = raw.split('_');
            let (first, second, id) = (parts.next()?, parts.next()?, parts.next());
            if parts.next().is_some() {
                return None;
            }
            Some(match id {
                Some(id) => Self {
                    second: second_of(first.parse().ok()?)?,
                    position: Position(second.parse().ok()?),
                    id: id.parse().ok()?,
                },
                // From a page of the version before: microseconds and an id. Its second is read
                // again rather than left out.
                None => Self {
                    second: second_of(first.parse::<i64>().ok()?.div_euclid(1_000_000))?,
                    position: Position(i64::MAX),
                    id: second.parse().ok()?,
                },
            })
        };
        parse().ok_or_else(|| AppError::bad_request("`before` must be the `next_before` of a page"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let at = DateTime::from_timestamp_micros(1_700_000_000_999_999).expect("a time");
        let place = ListPlace::new(at, Position(-7), Uuid::from_u128(9));
        assert_eq!(place.to_string().parse::<ListPlace>().ok(), Some(place));
        let before = format!("1700000000999999_{}", Uuid::from_u128(9));
        let before: ListPlace = before.parse().expect("that of the version before");
        assert_eq!(before.second, place.second);
        for wrong in [
            "",
            "1_2",
            "x_1_y",
            "-1_0_0",
            "99999999999999_0_0",
            "1_2_3_4",
        ] {
            assert!(wrong.parse::<ListPlace>().is_err(), "{wrong}");
        }
    }
}
