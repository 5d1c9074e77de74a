use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    error_handling::HandleError,
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use s3s::{HttpError, auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

const BUCKET: &str = "loquent-media";
const ACCESS_KEY: &str = "an-access-key";
const SECRET_KEY: &str = "a-secret-key";

/// A server of S3's protocol that keeps objects as files, and checks signatures.
#[derive(Debug)]
pub struct ObjectStore {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    directory: TempDir,
    watch: Watch,
    serving: JoinHandle<()>,
}

#[derive(Debug, Clone, Default)]
struct Watch {
    is_down: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl ObjectStore {
    /// Starts it, with one bucket.
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(directory.path().join(BUCKET)).expect("a bucket");
        let files = FileSystem::new(directory.path()).expect("a store of files");
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = HandleError::new(service.build(), async |error: HttpError| {
            (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:?}"))
        });
        let watch = Watch::default();
        let router = Router::new()
            .fallback_service(service)
            .layer(from_fn_with_state(watch.clone(), watched));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            url: format!("http://{address}"),
            directory,
            watch,
            serving,
        }
    }

    /// The settings of a server that uses it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("S3_BUCKET", BUCKET.to_owned()),
            ("S3_ENDPOINT", self.url.clone()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ]
    }

    /// Where an object is on disk.
    pub fn path_of(&self, key: &str) -> PathBuf {
        self.directory.path().join(BUCKET).join(key)
    }

    /// The address of an object, without a signature.
    pub fn address_of(&self, key: &str) -> String {
        format!("{}/{BUCKET}/{key}", self.url)
    }

    /// Lets every call fail with 503, or no longer.
    pub fn set_down(&self, is_down: bool) {
        self.watch.is_down.store(is_down, Ordering::Relaxed);
    }

    /// The calls that came, as method and the names in their query.
    pub fn seen(&self) -> Vec<String> {
        let seen = self.watch.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Files of uploads that were begun and neither completed nor given up.
    pub fn unfinished(&self) -> Vec<String> {
        std::fs::read_dir(self.directory.path())
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name())
            .filter_map(|name| name.into_string().ok())
            .filter(|name| name.starts_with(".upload"))
            .collect()
    }
}

impl Drop for ObjectStore {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn watched(State(watch): State<Watch>, request: Request, next: Next) -> Response {
    let names: Vec<&str> = request
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .filter(|name| ["uploads", "uploadId", "partNumber"].contains(name))
        .collect();
    // A GET is a browser's; what the server asks for is looked at, but for its look at the bucket.
    let is_check = request.uri().path().ends_with("/check/write");
    if request.method() != Method::GET && !is_check {
        let call = format!("{} {}", request.method(), names.join("&"));
        let mut seen = watch.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(call.trim().to_owned());
    }
    if watch.is_down.load(Ordering::Relaxed) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}
