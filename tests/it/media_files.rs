//! Files of every kind arrive, are shown or offered, and are served in parts.

use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{
    Agent, CUSTOMER, MAIN_LINE, ObjectStore, Organization, World, eventually_within,
};

const LIMIT: std::time::Duration = std::time::Duration::from_secs(60);
/// Twilio's most for one message.
const FILES_A_MESSAGE: usize = 10;

/// Type as Twilio says it, the end of the name it is saved under, what it is called, and whether
/// it is shown: Twilio's accepted types, those of its other channels, and what people send beside.
/// https://www.twilio.com/docs/messaging/guides/accepted-mime-types
#[rustfmt::skip]
const KINDS: &[(&str, &str, &str, bool)] = &[
    ("image/jpeg", "jpg", "photo", true), ("image/jpg", "jpg", "photo", true),
    ("image/gif", "gif", "photo", true), ("image/png", "png", "photo", true),
    ("image/bmp", "bmp", "photo", true), ("image/tiff", "tif", "photo", false),
    ("image/heic", "heic", "photo", false), ("image/heif", "heif", "photo", false),
    ("audio/basic", "au", "audio", false), ("audio/L24", "l24", "audio", false),
    ("audio/mp4", "m4a", "audio", true), ("audio/mpeg", "mp3", "audio", true),
    ("audio/ogg", "ogg", "audio", true), ("audio/vorbis", "ogg", "audio", true),
    ("audio/vnd.rn-realaudio", "ra", "audio", false), ("audio/vnd.wave", "wav", "audio", true),
    ("audio/3gpp", "3gp", "audio", false), ("audio/3gpp2", "3g2", "audio", false),
    ("audio/ac3", "ac3", "audio", false), ("audio/webm", "weba", "audio", true),
    ("audio/amr-nb", "amr", "audio", false), ("audio/amr", "amr", "audio", false),
    ("video/mpeg", "mpg", "video", false), ("video/mp4", "mp4", "video", true),
    ("video/quicktime", "mov", "video", true), ("video/webm", "webm", "video", true),
    ("video/3gpp", "3gp", "video", true), ("video/3gpp2", "3g2", "video", true),
    ("video/3gpp-tt", "3gp", "video", false), ("video/H261", "h261", "video", false),
    ("video/H263", "h263", "video", false), ("video/H263-1998", "h263", "video", false),
    ("video/H263-2000", "h263", "video", false), ("video/H264", "h264", "video", false),
    ("text/vcard", "vcf", "contact", false), ("text/x-vcard", "vcf", "contact", false),
    ("text/csv", "csv", "document", false), ("text/rtf", "rtf", "document", false),
    ("text/richtext", "rtx", "document", false), ("text/calendar", "ics", "event", false),
    ("text/directory", "vcf", "contact", false), ("application/pdf", "pdf", "pdf", false),
    ("application/vcard", "vcf", "contact", false),
    ("application/vnd.apple.pkpass", "pkpass", "file", false),
    ("application/msword", "doc", "document", false),
    ("application/vnd.ms-excel", "xls", "document", false),
    ("application/vnd.ms-powerpoint", "ppt", "document", false),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "document", false),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "document", false),
    ("audio/ogg; codecs=opus", "ogg", "audio", true), ("audio/aac", "aac", "audio", true),
    ("video/mpeg4", "mp4", "video", true), ("image/webp", "webp", "photo", true),
    ("text/html", "html", "file", false), ("image/svg+xml", "svg", "file", false),
    ("application/javascript", "js", "file", false), ("application/zip", "zip", "file", false),
    ("application/xhtml+xml", "xhtml", "file", false), ("text/plain", "txt", "document", false),
    ("application/octet-stream", "bin", "file", false), ("application/x-unheard-of", "bin", "file", false),
];
const RUNNING: [&str; 4] = [
    "text/html",
    "image/svg+xml",
    "application/javascript",
    "application/xhtml+xml",
];

/// The bytes of a file of this type, which no other one has.
fn bytes_of(content_type: &str) -> Vec<u8> {
    format!("<script>alert(1)</script> {content_type} ")
        .repeat(40)
        .into_bytes()
}

/// Gives a file to the simulator; returns the address for a message.
async fn upload(world: &World, content_type: &str, bytes: Vec<u8>) -> String {
    let url = format!("{}/sim/uploads", world.simulator().base_url());
    let request = reqwest::Client::new()
        .post(url)
        .header("content-type", content_type);
    let answer = request.body(bytes).send().await.expect("an answer");
    let answer: Value = answer.json().await.expect("JSON");
    answer["url"].as_str().expect("an address").to_owned()
}

/// A customer sends these files, and its event is posted; returns the SID.
async fn files_arrive(world: &World, organization: &Organization, urls: &[String]) -> String {
    let text = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": "Look", "media_urls": urls });
    let text = serde_json::from_value(text).expect("a message");
    let sent = world.simulator().send_as_customer(text);
    let sid = sent.expect("it is sent").to_string();
    let mut event = world.text(organization, "Look").about(&sid).json();
    event["data"]["numMedia"] = json!(urls.len());
    let posted = world.account.post(&world.server.url, &json!([event])).await;
    assert_eq!(posted, 200);
    sid
}

/// The files of a message, once all of them are here.
async fn stored_files(world: &World, agent: &Agent, sid: &str) -> Vec<Value> {
    eventually_within(LIMIT, "the files are here", async || {
        let contact: Option<(uuid::Uuid,)> =
            sqlx::query_as("SELECT contact_id FROM message WHERE external_id = $1")
                .bind(sid)
                .fetch_optional(&world.rows.0)
                .await
                .expect("a contact");
        let path = format!("/api/messages?contact_id={}", contact?.0);
        let thread = agent.get(&path).await.ok();
        let mut messages = thread["messages"].as_array()?.iter();
        let message = messages.find(|message| message["external_id"] == sid)?;
        let files = message["attachments"].as_array()?;
        let is_here = |file: &Value| file["state"] == "stored";
        (!files.is_empty() && files.iter().all(is_here)).then(|| files.clone())
    })
    .await
}

fn path_of(file: &Value) -> String {
    format!("/api/media/{}", file["id"].as_str().expect("an id"))
}

fn header(answer: &Response, name: &str) -> String {
    let value = answer.headers().get(name);
    value
        .map_or("", |value| value.to_str().expect("text"))
        .to_owned()
}

#[tokio::test]
async fn every_kind_of_file_arrives_is_shown_or_offered_and_saved_under_the_right_name() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    assert!(KINDS.len() >= 43);
    for kinds in KINDS.chunks(FILES_A_MESSAGE) {
        let mut urls = Vec::new();
        for (content_type, ..) in kinds {
            urls.push(upload(&world, content_type, bytes_of(content_type)).await);
        }
        let sid = files_arrive(&world, &organization, &urls).await;
        let files = stored_files(&world, &agent, &sid).await;
        assert_eq!(files.len(), kinds.len());
        for (file, kind) in files.iter().zip(kinds) {
            check_file(&agent, file, kind).await;
        }
    }
}

async fn check_file(
    agent: &Agent,
    file: &Value,
    (content_type, extension, kind, is_shown): &(&str, &str, &str, bool),
) {
    assert_eq!(file["kind"], *kind, "{content_type}");
    assert_eq!(file["is_shown"], *is_shown, "{content_type}");
    let end = format!(".{extension}");
    let answer = agent.get_raw(&path_of(file)).await;
    assert_eq!(answer.status(), 200, "{content_type}");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    let disposition = header(&answer, "content-disposition");
    let how = if *is_shown { "inline" } else { "attachment" };
    let policy = header(&answer, "content-security-policy");
    assert!(
        disposition.starts_with(how),
        "{content_type}: {disposition}"
    );
    assert!(
        disposition.ends_with(&format!("{end}\"")),
        "{content_type}: {disposition}"
    );
    assert!(
        policy.contains("default-src 'none'"),
        "{content_type}: {policy}"
    );
    assert!(!policy.contains("script"), "{content_type}: {policy}");
    assert!(policy.contains("sandbox"), "{content_type}: {policy}");
    let served_as = header(&answer, "content-type");
    assert!(served_as.contains('/'), "{content_type}: {served_as}");
    if RUNNING.contains(content_type) {
        assert_eq!(served_as, "application/octet-stream", "{content_type}");
    }
    let bytes = answer.bytes().await.expect("bytes");
    assert_eq!(bytes, bytes_of(content_type), "{content_type}");
    let saved = agent.get_raw(&format!("{}?download", path_of(file))).await;
    let disposition = header(&saved, "content-disposition");
    assert!(
        disposition.starts_with("attachment"),
        "{content_type}: {disposition}"
    );
}

#[tokio::test]
async fn a_contact_is_named_as_on_its_card() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë Okafor\r\nTEL:+14155550163\r\nEND:VCARD\r\n";
    let url = upload(&world, "text/x-vcard", card.as_bytes().to_vec()).await;
    let sid = files_arrive(&world, &organization, &[url]).await;
    let files = stored_files(&world, &agent, &sid).await;
    assert_eq!(files[0]["name"], "Zoë Okafor");
    let answer = agent.get_raw(&path_of(&files[0])).await;
    assert_eq!(
        header(&answer, "content-disposition"),
        "attachment; filename=\"Zo_ Okafor.vcf\"; filename*=UTF-8''Zo%C3%AB%20Okafor.vcf"
    );
}

/// A film of which each part can be told from the others.
fn film() -> Vec<u8> {
    (0..20_000_u32).flat_map(u32::to_be_bytes).collect()
}

#[tokio::test]
async fn ranges_of_a_film_are_served_from_the_disk() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let url = upload(&world, "video/mp4", film()).await;
    let sid = files_arrive(&world, &organization, &[url]).await;
    let path = path_of(&stored_files(&world, &agent, &sid).await[0]);
    let ask = async |headers: &[(&str, &str)]| agent.get_with(&path, headers).await;

    let whole = ask(&[("accept-encoding", "gzip, br")]).await;
    assert_eq!(whole.status(), 200);
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    assert_eq!(header(&whole, "content-length"), film().len().to_string());
    assert_eq!(header(&whole, "content-encoding"), "");
    assert_eq!(header(&whole, "cache-control"), "private, no-cache");
    let etag = header(&whole, "etag");
    assert!(etag.len() > 40, "{etag}");

    for (range, part, told) in [
        ("bytes=0-1", 0..2, "bytes 0-1/80000"),
        ("bytes=4000-", 4_000..80_000, "bytes 4000-79999/80000"),
        ("bytes=-8", 79_992..80_000, "bytes 79992-79999/80000"),
    ] {
        let answer = ask(&[("range", range), ("if-range", &etag)]).await;
        assert_eq!(answer.status(), 206, "{range}");
        assert_eq!(header(&answer, "content-range"), told);
        assert_eq!(header(&answer, "content-type"), "video/mp4");
        assert_eq!(header(&answer, "etag"), etag);
        let bytes = answer.bytes().await.expect("bytes");
        assert_eq!(bytes, film()[part], "{range}");
    }
    let beyond = ask(&[("range", "bytes=80000-")]).await;
    assert_eq!(beyond.status(), 416);
    assert_eq!(header(&beyond, "content-range"), "bytes */80000");
    for ignored in [
        [("range", "bytes=0-1"), ("if-range", "\"another\"")],
        [("range", "bytes=0-1,4-5"), ("accept", "*/*")],
        [("range", "seconds=0-1"), ("accept", "*/*")],
    ] {
        let answer = ask(&ignored).await;
        assert_eq!(answer.status(), 200, "{ignored:?}");
        assert_eq!(answer.bytes().await.expect("bytes"), film(), "{ignored:?}");
    }
    assert_eq!(ask(&[("if-none-match", &etag)]).await.status(), 304);

    let other = world.other_organization("+14155550187").await;
    let stranger = world.agent(&other).await;
    let answer = stranger.get_with(&path, &[("range", "bytes=0-1")]).await;
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn ranges_of_a_film_are_served_from_a_bucket() {
    let bucket = ObjectStore::start().await;
    let world = World::with_direct_twilio(bucket.environment()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let url = upload(&world, "video/mp4", film()).await;
    let sid = files_arrive(&world, &organization, &[url]).await;
    let path = path_of(&stored_files(&world, &agent, &sid).await[0]);
    let answer = agent.get_with(&path, &[("range", "bytes=4-7")]).await;
    assert!(
        answer.url().as_str().starts_with(&bucket.url),
        "it is sent there"
    );
    assert_eq!(answer.status(), 206);
    assert_eq!(header(&answer, "content-range"), "bytes 4-7/80000");
    assert_eq!(header(&answer, "content-type"), "video/mp4");
    assert_eq!(answer.bytes().await.expect("bytes"), film()[4..8]);
    let again = agent.get_with(&path, &[]).await;
    assert_eq!(again.status(), 200);
    assert!(header(&again, "content-disposition").starts_with("inline; filename=\"video-"));
}
