//! Places in a list that is ordered by time, newest first.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{dates::is_storable, error::AppError};

/// The last row of a page: the next page begins below it. Written `microseconds_uuid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyset {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

impl fmt::Display for Keyset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.at.timestamp_micros(), self.id)
    }
}

impl FromStr for Keyset {
    type Err = AppError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (at, id) = raw.split_once('_')?;
            let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
            let at = Some(at).filter(|at| is_storable(at.date_naive()))?;
            Some(Self {
                at,
                id: id.parse().ok()?,
            })
        };
        parse().ok_or_else(|| AppError::bad_request("`before` must be the `next_before` of a page"))
    }
}
