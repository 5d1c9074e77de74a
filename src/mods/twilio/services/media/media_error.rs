//! Why a file was not fetched, and when it is tried again.

use std::time::Duration;

use sea_orm::DbErr;

use crate::{
    bases::{
        error::AppError,
        media_store::MediaStoreError,
        retry::{BackOff, EXACT},
    },
    twilio::TwilioError,
};

/// Twilio takes files of 5 MB and delivers received ones of a little more.
pub(super) const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Fresh files may be missing for some seconds at Twilio; after these tries, a minute and a half,
/// a person decides.
const FILE_PATIENCE: Patience = Patience::of(7, Duration::from_secs(27));
/// An outage of Twilio, of the network or of the store says nothing of the file: a day.
const OUTAGE_PATIENCE: Patience = Patience::of(300, Duration::from_secs(300));

/// Why a file was not fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum MediaError {
    #[error(transparent)]
    Twilio(#[from] TwilioError),
    #[error(transparent)]
    Setup(#[from] AppError),
    #[error("the file could not be kept: {0}")]
    Store(#[from] MediaStoreError),
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error("Twilio has no such file")]
    NotListed,
    #[error("the file is larger than {MAX_BYTES} bytes")]
    TooLarge,
    #[error("the file is {got}, not {listed} as Twilio said")]
    WrongType { got: String, listed: String },
    #[error("the file did not come in time")]
    TimedOut,
}

/// How often a file is tried, and how far apart.
struct Patience {
    tries: i32,
    back_off: BackOff,
}

impl Patience {
    const fn of(tries: i32, longest: Duration) -> Self {
        let back_off = BackOff {
            first: Duration::from_secs(1),
            factor: 3,
            longest,
            jitter: EXACT,
        };
        Self { tries, back_off }
    }
}

impl MediaError {
    /// How long trying again may help; `None` if it cannot.
    fn patience(&self) -> Option<Patience> {
        match self {
            Self::TooLarge
            | Self::Twilio(TwilioError::ForeignLink(_) | TwilioError::NotConfirmed(_)) => None,
            Self::Twilio(TwilioError::Refused { .. })
            | Self::NotListed
            | Self::WrongType { .. } => Some(FILE_PATIENCE),
            Self::Twilio(
                TwilioError::RateLimited { .. }
                | TwilioError::NotReached(_)
                | TwilioError::OutcomeUnknown(_),
            )
            | Self::Setup(_)
            | Self::Store(_)
            | Self::Database(_)
            | Self::TimedOut => Some(OUTAGE_PATIENCE),
        }
    }

    /// How long to wait after this many tries: 1 s, 3 s, 9 s …, or what Twilio asks for. `None`
    /// after the last one.
    pub(super) fn pause(&self, tries: i32) -> Option<Duration> {
        let patience = self.patience().filter(|patience| tries < patience.tries)?;
        if let Self::Twilio(TwilioError::RateLimited {
            retry_after: Some(wait),
            ..
        }) = self
        {
            return Some(*wait);
        }
        let earlier = u32::try_from(tries - 1).unwrap_or(0);
        Some(patience.back_off.pause(earlier))
    }
}
