use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::Bytes;

/// Files that are kept; the oldest makes room for a new one.
const MAX_FILES: usize = 50;

/// A file that was given to the simulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    /// Last part of its address.
    pub name: String,
    pub content_type: String,
    pub bytes: Bytes,
}

/// The files that were given to the simulator, newest last.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    files: VecDeque<Arc<Upload>>,
}

impl Uploads {
    /// Path of the uploaded files.
    pub const PATH: &str = "/sim/uploads/";

    /// Keeps a file.
    pub fn add(&mut self, upload: Upload) {
        if self.files.len() == MAX_FILES {
            self.files.pop_front();
        }
        self.files.push_back(Arc::new(upload));
    }

    /// The file with this name.
    pub fn get(&self, name: &str) -> Option<Arc<Upload>> {
        self.files.iter().find(|one| one.name == name).cloned()
    }

    /// The file with this address.
    pub fn behind_url(&self, url: &str) -> Option<Arc<Upload>> {
        let (_, name) = url.rsplit_once(Self::PATH)?;
        self.get(name)
    }

    /// Forgets every file.
    pub fn clear(&mut self) {
        self.files.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_files_are_kept_and_found_by_their_address() {
        let mut uploads = Uploads::default();
        for number in 0..=MAX_FILES {
            uploads.add(Upload {
                name: format!("{number}.png"),
                content_type: "image/png".to_owned(),
                bytes: Bytes::from_static(b"x"),
            });
        }
        let url = |name: &str| format!("http://127.0.0.1:1/sim/uploads/{name}");
        assert!(uploads.behind_url(&url("0.png")).is_none());
        assert!(uploads.behind_url(&url("50.png")).is_some());
        assert!(uploads.behind_url("https://example.com/50.png").is_none());
    }
}
