use dioxus::prelude::*;

/// Whether a window is open that is about something: it opens with the subject, and Esc, Close and
/// Cancel take the subject away.
pub fn use_dialog_about<T: 'static>(mut subject: Signal<Option<T>>) -> Signal<bool> {
    let mut open = use_signal(|| false);
    use_effect(move || {
        let wanted = subject.read().is_some();
        if *open.peek() != wanted {
            open.set(wanted);
        }
    });
    use_effect(move || {
        if !open() && subject.peek().is_some() {
            subject.set(None);
        }
    });
    open
}
