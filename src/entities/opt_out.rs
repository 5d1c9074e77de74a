//! Whether a customer may be texted from a number, in one place, as a piece of SQL.

/// Whether the contact of this alias wants no texts from this number of ours (an SQL expression).
///
/// Twilio blocks by sender, and so do we: a START opens the number that it was sent to, and no
/// other. A STOP closes its number; by the organization's policy, which is the default, all of
/// them.
pub fn is_closed(contact: &str, number: &str) -> String {
    format!(
        "(EXISTS (
             SELECT 1 FROM contact_sender_opt_out s
             JOIN organization policy ON policy.id = s.organization_id
             LEFT JOIN contact_sender_opt_out own
               ON own.organization_id = s.organization_id AND own.contact_id = s.contact_id
              AND own.sender = {number}
             WHERE s.organization_id = {contact}.organization_id AND s.contact_id = {contact}.id
               AND (policy.stop_closes_all OR s.sender IN ('', {number}))
               AND s.stopped_at >= coalesce(own.started_at, '-infinity'))
          OR ({contact}.opted_out_at IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM contact_sender_opt_out s
             WHERE s.organization_id = {contact}.organization_id
               AND s.contact_id = {contact}.id)))"
    )
}
