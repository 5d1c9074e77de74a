/// The kinds of answers that a caller can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// As the organization's other numbers.
    Organization,
    Say,
    Forward,
}
