use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::history::draw::Draw;
use crate::history::generated_text::generated_text;
use crate::history::history_sid::SidCode;
use crate::history::message_outline::MessageOutline;
use crate::history::{GeneratedFile, GeneratedMessage, HistoryPlan, ShownDates, customer_phone};
use crate::media::MediaFile;
use crate::model::{MessageDirection, Sid, SidPrefix};
use crate::wire::{count_segments, hex, rfc2822_date};

/// More files than a message has; numbers the files of all messages.
const FILE_PLACES: u64 = 16;
/// Twilio's price of a segment in the US, in hundred-thousandths of a dollar.
const SENT_PRICE: u32 = 790;
const RECEIVED_PRICE: u32 = 750;

/// A history that is computed from its seed: any message of it, at any time, always the same.
#[derive(Debug)]
pub struct GeneratedHistory {
    plan: HistoryPlan,
    messages: SidCode,
    files: SidCode,
    service: Sid,
}

impl GeneratedHistory {
    pub(crate) fn new(plan: HistoryPlan) -> Self {
        let source = plan.sid_source();
        Self {
            messages: SidCode::new(source.fork(1)),
            files: SidCode::new(source.fork(2)),
            service: SidCode::new(source.fork(3)).encode(SidPrefix::MessagingService, 0),
            plan,
        }
    }

    pub(crate) fn plan(&self) -> &HistoryPlan {
        &self.plan
    }

    /// The account whose history it is.
    #[must_use]
    pub fn account_sid(&self) -> &Sid {
        &self.plan.account_sid
    }

    /// The seed; it tells the histories of an account apart.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.plan.seed
    }

    /// Number of messages.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.plan.messages
    }

    /// True if it has no message. There is always one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plan.messages == 0
    }

    /// Every message, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = GeneratedMessage> {
        (0..self.plan.messages).map(|index| self.generate(index))
    }

    /// A message by its number.
    #[must_use]
    pub fn message(&self, index: u64) -> Option<GeneratedMessage> {
        (index < self.plan.messages).then(|| self.generate(index))
    }

    /// The message with this SID.
    #[must_use]
    pub fn message_by_sid(&self, sid: &str) -> Option<GeneratedMessage> {
        self.index_of(sid).map(|index| self.generate(index))
    }

    /// The bytes of a file of a message, and their MIME type.
    #[must_use]
    pub fn file_bytes(&self, message_sid: &str, file_sid: &str) -> Option<(Vec<u8>, &'static str)> {
        let file = self.media_file(message_sid, file_sid)?;
        Some((file.bytes(), file.content_type()))
    }

    /// Writes size and SHA-256 of the files of a message into it.
    pub fn add_digests(&self, message: &mut GeneratedMessage) {
        for (place, file) in message.media.iter_mut().enumerate() {
            let bytes = self.file_at(message.index, place as u64).bytes();
            file.size = Some(bytes.len());
            file.sha256 = Some(hex(&Sha256::digest(&bytes)));
        }
    }

    /// The number of the message with this SID.
    pub(crate) fn index_of(&self, sid: &str) -> Option<u64> {
        let prefix = if sid.starts_with("MM") {
            SidPrefix::Mms
        } else {
            SidPrefix::Sms
        };
        let index = self.messages.decode(prefix, sid)?;
        (index < self.plan.messages && self.prefix(index) == prefix).then_some(index)
    }

    /// The SID of a message.
    pub(crate) fn sid(&self, index: u64) -> Sid {
        self.messages.encode(self.prefix(index), index)
    }

    pub(crate) fn media_file(&self, message_sid: &str, file_sid: &str) -> Option<MediaFile> {
        let index = self.index_of(message_sid)?;
        let number = self.files.decode(SidPrefix::Media, file_sid)?;
        let place = number % FILE_PLACES;
        let exists = number / FILE_PLACES == index && place < u64::from(self.plan.files(index));
        exists.then(|| self.file_at(index, place))
    }

    fn file_at(&self, index: u64, place: u64) -> MediaFile {
        MediaFile::generated(self.plan.source(index).fork(5).fork(place))
    }

    fn prefix(&self, index: u64) -> SidPrefix {
        if self.plan.files(index) == 0 {
            SidPrefix::Sms
        } else {
            SidPrefix::Mms
        }
    }

    /// The message with a number below [`len`](Self::len).
    pub(crate) fn generate(&self, index: u64) -> GeneratedMessage {
        let source = self.plan.source(index);
        let outline = self.plan.outline(index);
        let number = self.plan.numbers[outline.number].clone();
        let customer = customer_phone(outline.customer);
        let (from, to) = if outline.inbound {
            (customer.clone(), number.clone())
        } else {
            (number.clone(), customer.clone())
        };
        let body = self.body(source.fork(6), &outline);
        let num_segments = count_segments(body.as_deref().unwrap_or_default());
        let mut dates = source.fork(7);
        let updated = outline
            .sent
            .unwrap_or(outline.created)
            .saturating_add_unsigned(dates.below(20));
        let direction = direction(&mut dates, outline.inbound);
        let by_service = !outline.inbound && dates.below(10) == 0;
        // One in twenty is not billed yet.
        let billed = outline.sent.is_some() && dates.below(20) != 0;
        let price = if outline.inbound {
            RECEIVED_PRICE
        } else {
            SENT_PRICE
        };
        GeneratedMessage {
            index,
            sid: self.sid(index),
            account_sid: self.plan.account_sid.clone(),
            direction,
            number,
            customer,
            from,
            to,
            body,
            status: outline.fate.status,
            error_code: outline.fate.error.map(|(code, _)| code),
            error_message: outline.fate.error.map(|(_, text)| text),
            num_media: outline.files,
            num_segments,
            price: billed.then(|| dollars(price * num_segments)),
            messaging_service_sid: by_service.then(|| self.service.clone()),
            date_created: HistoryPlan::date(outline.created),
            date_sent: outline.sent.map(HistoryPlan::date),
            date_updated: HistoryPlan::date(updated),
            shown_dates: self.shown_dates(source.fork(8), &outline, updated),
            media: self.file_list(index, 0..u64::from(outline.files)),
        }
    }

    fn file_list(&self, index: u64, places: Range<u64>) -> Vec<GeneratedFile> {
        places
            .map(|place| GeneratedFile {
                sid: self
                    .files
                    .encode(SidPrefix::Media, index * FILE_PLACES + place),
                content_type: self.file_at(index, place).content_type(),
                size: None,
                sha256: None,
            })
            .collect()
    }

    fn body(&self, mut source: Draw, outline: &MessageOutline) -> Option<String> {
        if source.share() < self.plan.shares.null_body {
            return None;
        }
        // Two of five pictures come without a word.
        if outline.files > 0 && source.below(5) < 2 {
            return Some(String::new());
        }
        Some(generated_text(source, outline.inbound))
    }

    fn shown_dates(
        &self,
        mut source: Draw,
        outline: &MessageOutline,
        updated: i64,
    ) -> Option<ShownDates> {
        if source.share() >= self.plan.shares.bad_dates {
            return None;
        }
        let shown = |second| Some(rfc2822_date(HistoryPlan::date(second)));
        Some(match source.below(3) {
            0 => ShownDates {
                date_created: shown(outline.created),
                date_sent: Some("Thu, 32 Jan 2024 25:61:00 +0000".to_owned()),
                date_updated: shown(updated),
            },
            1 => ShownDates {
                date_created: Some(String::new()),
                date_sent: outline.sent.and_then(shown),
                date_updated: None,
            },
            _ => ShownDates {
                date_created: None,
                date_sent: None,
                date_updated: Some("0000-00-00".to_owned()),
            },
        })
    }
}

fn direction(source: &mut Draw, inbound: bool) -> MessageDirection {
    if inbound {
        return MessageDirection::Inbound;
    }
    match source.below(50) {
        0 => MessageDirection::OutboundCall,
        1..=3 => MessageDirection::OutboundReply,
        _ => MessageDirection::OutboundApi,
    }
}

fn dollars(hundred_thousandths: u32) -> String {
    format!(
        "-{}.{:05}",
        hundred_thousandths / 100_000,
        hundred_thousandths % 100_000
    )
}
