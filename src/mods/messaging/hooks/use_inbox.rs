use dioxus::{core::spawn_forever, prelude::*};

use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, PhoneNumberId},
        realtime::{use_load_start, use_missed_events_since, use_realtime_events_since},
    },
    mods::{
        auth::hooks::{Session, use_session},
        messaging::{
            api::{list_conversations_api, mark_conversation_read_api},
            types::{Conversation, ConversationFilter, ConversationPage},
            utils::merge_conversations_util,
        },
        phone::{api::list_phone_numbers_api, types::PhoneNumber},
    },
};

/// What the inbox starts with.
pub type InboxData = Result<(ConversationPage, Vec<PhoneNumber>), AppError>;

/// Whether the list shows what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListState {
    Ready,
    /// The first stretch is on its way.
    Loading,
    /// The next stretch is on its way.
    LoadingMore,
    Failed(AppError),
}

/// The conversation list as this browser knows it; events keep it live.
#[derive(Clone, Copy, PartialEq)]
pub struct Inbox {
    session: Session,
    pub(super) rows: Signal<Vec<Conversation>>,
    state: Signal<ListState>,
    pub(super) filter: Signal<ConversationFilter>,
    next_before: Signal<Option<String>>,
    total: Signal<i64>,
    pub(super) unread: Signal<i64>,
    numbers: Signal<Vec<PhoneNumber>>,
    pub(super) recount_pending: Signal<bool>,
}

/// Loads what the inbox starts with.
pub async fn load_inbox() -> InboxData {
    let (page, numbers) =
        futures::future::join(list_conversations_api(None, None), list_phone_numbers_api()).await;
    Ok((page?, numbers?))
}

/// Provides the [`Inbox`] to all that is below.
pub fn use_inbox_provider(data: InboxData) -> Inbox {
    let session = use_session();
    let inbox = use_context_provider(|| Inbox::new(session, data));
    let start = use_load_start();
    use_realtime_events_since(start, move |event| inbox.take(event));
    use_missed_events_since(start, move || inbox.refresh());
    inbox
}

/// The conversation list.
pub fn use_inbox() -> Inbox {
    use_context()
}

impl Inbox {
    fn new(session: Session, data: InboxData) -> Self {
        let (state, (page, numbers)) = match data {
            Ok(data) => (ListState::Ready, data),
            Err(error) => (ListState::Failed(error), Default::default()),
        };
        Self {
            session,
            rows: Signal::new(page.conversations),
            state: Signal::new(state),
            filter: Signal::new(ConversationFilter::All),
            next_before: Signal::new(page.next_before),
            total: Signal::new(page.total.unwrap_or_default()),
            unread: Signal::new(page.unread.unwrap_or_default()),
            numbers: Signal::new(numbers),
            recount_pending: Signal::new(false),
        }
    }

    /// The conversations that are loaded, last message first.
    pub fn rows(self) -> Signal<Vec<Conversation>> {
        self.rows
    }

    /// Whether the list shows what it should.
    pub fn state(self) -> ListState {
        (self.state)()
    }

    /// Which conversations the list holds.
    pub fn filter(self) -> ConversationFilter {
        (self.filter)()
    }

    /// Conversations of the organization.
    pub fn total(self) -> i64 {
        (self.total)()
    }

    /// Conversations with unread messages.
    pub fn unread(self) -> i64 {
        (self.unread)()
    }

    /// The organization's numbers.
    pub fn numbers(self) -> Signal<Vec<PhoneNumber>> {
        self.numbers
    }

    /// One of the organization's numbers, if it still has it.
    pub fn number(self, id: Option<PhoneNumberId>) -> Option<PhoneNumber> {
        self.numbers
            .read()
            .iter()
            .find(|number| Some(number.id) == id)
            .cloned()
    }

    /// Shows other conversations.
    pub fn select(mut self, filter: ConversationFilter) {
        if *self.filter.peek() != filter {
            self.filter.set(filter);
            self.reload();
        }
    }

    /// Loads the list from the beginning, showing that it does.
    pub fn reload(mut self) {
        self.state.set(ListState::Loading);
        self.rows.set(Vec::new());
        self.next_before.set(None);
        self.refresh();
    }

    /// Gets the beginning of the list again and merges it into what is shown.
    pub fn refresh(self) {
        spawn_forever(async move {
            let filter = *self.filter.peek();
            let (page, numbers) = futures::future::join(
                list_conversations_api(Some(filter), None),
                list_phone_numbers_api(),
            )
            .await;
            self.take_beginning(filter, page, numbers);
        });
    }

    /// Gets the beginning of the list again, and then its stretches once more as they are scrolled
    /// to: imported conversations lie anywhere between those that are loaded.
    pub(super) fn page_again(mut self) {
        spawn_forever(async move {
            let filter = *self.filter.peek();
            match list_conversations_api(Some(filter), None).await {
                Ok(page) if *self.filter.peek() == filter => {
                    let next_before = page.next_before.clone();
                    self.take_page(page);
                    self.next_before.set(next_before);
                }
                Ok(_) => {}
                Err(error) => self.fail(error),
            }
        });
    }

    /// Loads the next stretch, unless one is on its way or there is none.
    pub fn load_more(mut self) {
        let Some(before) = self.next_before.peek().clone() else {
            return;
        };
        if *self.state.peek() != ListState::Ready {
            return;
        }
        self.state.set(ListState::LoadingMore);
        spawn_forever(async move {
            let filter = *self.filter.peek();
            let page = list_conversations_api(Some(filter), Some(before)).await;
            if *self.filter.peek() != filter {
                return;
            }
            match page {
                Ok(page) => {
                    merge_conversations_util(&mut self.rows.write(), page.conversations);
                    self.next_before.set(page.next_before);
                    self.state.set(ListState::Ready);
                }
                Err(error) => self.fail(error),
            }
        });
    }

    /// Tells everybody that a conversation has been read.
    pub fn mark_read(self, contact_id: ContactId) {
        self.clear_unread(contact_id);
        spawn_forever(async move {
            if let Err(error) = mark_conversation_read_api(contact_id).await {
                // The count comes back with the next event or refetch, and is tried again then.
                self.session.ended_by(&error);
            }
        });
    }

    fn take_beginning(
        mut self,
        filter: ConversationFilter,
        page: Result<ConversationPage, AppError>,
        numbers: Result<Vec<PhoneNumber>, AppError>,
    ) {
        if *self.filter.peek() != filter {
            return;
        }
        let (page, numbers) = match (page, numbers) {
            (Ok(page), Ok(numbers)) => (page, numbers),
            (Err(error), _) | (_, Err(error)) => return self.fail(error),
        };
        self.take_page(page);
        if *self.numbers.peek() != numbers {
            self.numbers.set(numbers);
        }
    }

    fn take_page(mut self, page: ConversationPage) {
        let was_ready = matches!(
            *self.state.peek(),
            ListState::Ready | ListState::LoadingMore
        );
        merge_conversations_util(&mut self.rows.write(), page.conversations);
        if !was_ready {
            self.next_before.set(page.next_before);
            self.state.set(ListState::Ready);
        }
        if let (Some(total), Some(unread)) = (page.total, page.unread) {
            self.total.set(total);
            self.unread.set(unread);
        }
    }

    /// An error hides the list only where there is none.
    fn fail(mut self, error: AppError) {
        if self.session.ended_by(&error) {
            return;
        }
        if self.rows.peek().is_empty() {
            self.state.set(ListState::Failed(error));
        } else {
            tracing::warn!(%error, "the conversation list could not be loaded");
            self.state.set(ListState::Ready);
        }
    }
}
