use dioxus::{
    core::{Runtime, ScopeId, current_scope_id},
    prelude::*,
};

/// Starts tasks that live as long as the component that made it.
///
/// `spawn` ties a task to whichever component runs it: the row or window in which somebody presses
/// a button may be gone before the answer comes, and the task would end with it. `spawn_forever`
/// would let it outlive the page. This ties it to the page, from wherever it is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeTasks(ScopeId);

/// Starts tasks for the component that calls this.
pub fn use_scope_tasks() -> ScopeTasks {
    use_hook(|| ScopeTasks(current_scope_id()))
}

impl ScopeTasks {
    /// Starts a task.
    pub fn spawn(self, task: impl Future<Output = ()> + 'static) {
        Runtime::current().in_scope(self.0, || spawn(task));
    }
}
