/// Twilio's text for an error of delivery.
pub(crate) fn delivery_error_text(code: u32) -> Option<&'static str> {
    match code {
        30001 => Some("Queue overflow"),
        30002 => Some("Account suspended"),
        30003 => Some("Unreachable destination handset"),
        30004 => Some("Message blocked"),
        30005 => Some("Unknown destination handset"),
        30006 => Some("Landline or unreachable carrier"),
        30007 => Some("Message filtered"),
        30008 => Some("Unknown error"),
        30034 => Some("US A2P 10DLC - Message from an Unregistered Number"),
        21610 => Some("Attempt to send to unsubscribed recipient"),
        _ => None,
    }
}
