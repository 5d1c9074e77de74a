use serde_json::{Value, json};
use twilio_sim::{NewHistory, Sid};

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, TOKEN, World, text};

/// A client that follows no redirect.
fn careful() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

async fn get(client: &reqwest::Client, url: &str, with_token: bool) -> reqwest::Response {
    let mut request = client.get(url);
    if with_token {
        request = request.basic_auth(ACCOUNT, Some(TOKEN));
    }
    request.send().await.expect("an answer")
}

/// Where the API sends the reader of a file.
async fn location(world: &World, media: &Value) -> String {
    let uri = text(media, "uri").replace(".json", "");
    let redirect = get(&careful(), &world.url(&uri), true).await;
    assert_eq!(redirect.status(), 307);
    redirect.headers()["location"]
        .to_str()
        .expect("ASCII")
        .to_owned()
}

async fn media_of(world: &World, message_sid: &str) -> Vec<Value> {
    let (status, list) = world
        .get(&world.account_url(&format!("/Messages/{message_sid}/Media.json")))
        .await;
    assert_eq!(status, 200, "{list}");
    list["media_list"].as_array().expect("a list").clone()
}

fn history_with_media(world: &World) {
    let mut history = NewHistory::new(Sid::parse(ACCOUNT).expect("a SID"), 60, 4);
    history.media_share = 1.0;
    world.simulator.add_history(history).expect("it is valid");
}

#[tokio::test]
async fn every_file_of_the_history_is_listed_and_its_bytes_are_those_of_the_truth() {
    let world = World::start().await;
    history_with_media(&world);
    let history = world.simulator.histories(ACCOUNT)[0].clone();
    let mut types = std::collections::HashSet::new();
    for mut message in history.messages() {
        history.add_digests(&mut message);
        let listed = media_of(&world, message.sid.as_str()).await;
        assert_eq!(listed.len(), message.media.len());
        for (row, file) in listed.iter().zip(&message.media) {
            assert_eq!(row["sid"], json!(file.sid));
            assert_eq!(row["content_type"], file.content_type);
            assert_eq!(row["parent_sid"], json!(message.sid));
            let url = location(&world, row).await;
            let answer = get(&careful(), &url, false).await;
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["content-type"], file.content_type);
            let bytes = answer.bytes().await.expect("bytes");
            assert_eq!(Some(bytes.len()), file.size);
            let (expected, _) = history
                .file_bytes(message.sid.as_str(), file.sid.as_str())
                .expect("it exists");
            assert_eq!(bytes, expected);
            types.insert(file.content_type);
        }
    }
    assert_eq!(types.len(), 6, "{types:?}");
    assert!(
        world
            .simulator
            .cdn_requests_after(0)
            .iter()
            .all(|one| one.status == 200 && !one.carried_authorization)
    );
}

#[tokio::test]
async fn a_redirect_leads_to_another_host_that_refuses_and_logs_credentials() {
    let world = World::start().await;
    history_with_media(&world);
    let history = world.simulator.histories(ACCOUNT)[0].clone();
    let message = history.message(0).expect("it exists");
    let listed = media_of(&world, message.sid.as_str()).await;
    let url = location(&world, &listed[0]).await;
    assert!(url.starts_with(&format!("{}/", world.simulator.cdn_base_url())));
    assert!(!url.starts_with(world.simulator.base_url()));

    assert_eq!(get(&careful(), &url, true).await.status(), 400);
    let (_, log) = world.get(&world.url("/sim/cdn")).await;
    assert_eq!(log["requests"][0]["carried_authorization"], true);
    assert_eq!(log["base_url"], world.simulator.cdn_base_url());

    let forged = url.replace("Signature=", "Signature=0");
    assert_eq!(get(&careful(), &forged, false).await.status(), 403);
    let unsigned = url.split('?').next().expect("a path").to_owned();
    assert_eq!(get(&careful(), &unsigned, false).await.status(), 403);

    // A client that follows redirects drops the credentials on the way to the other host.
    let uri = text(&listed[0], "uri").replace(".json", "");
    let followed = get(&world.http, &world.url(&uri), true).await;
    assert_eq!(followed.status(), 200);
    let requests = world.simulator.cdn_requests_after(0);
    assert!(!requests.last().expect("a request").carried_authorization);
}

#[tokio::test]
async fn the_pictures_of_a_customers_text_and_of_ours_are_listed_and_can_be_read() {
    let world = World::start().await;
    let message = json!({
        "from": CUSTOMER, "to": MAIN_LINE, "body": "",
        "media_urls": ["https://example.com/a.png", "https://example.com/card.vcf"],
    });
    let (_, inbound) = world.control("customer-messages", message).await;
    let (_, outbound) = world
        .send(&[("MediaUrl", "https://example.com/b.jpg")])
        .await;
    let types = async |sid: &str| -> Vec<String> {
        let media = media_of(&world, sid).await;
        media.iter().map(|one| text(one, "content_type")).collect()
    };
    assert_eq!(
        types(&text(&inbound, "sid")).await,
        ["image/png", "text/vcard"]
    );
    assert_eq!(types(&text(&outbound, "sid")).await, ["image/jpeg"]);

    let picture = &media_of(&world, &text(&inbound, "sid")).await[0];
    let (status, described) = world.get(&world.url(&text(picture, "uri"))).await;
    assert_eq!((status, &described), (200, picture));
    let bytes = get(&world.http, &location(&world, picture).await, false)
        .await
        .bytes()
        .await
        .expect("bytes");
    assert!(bytes.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn an_uploaded_picture_reaches_the_reader_byte_for_byte() {
    let world = World::start().await;
    let upload = async |content_type: &str, bytes: Vec<u8>| {
        let request = world.http.post(world.url("/sim/uploads"));
        let request = request.header("content-type", content_type).body(bytes);
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap_or_default())
    };
    let picture = b"\x89PNG and anything else".to_vec();
    let (status, uploaded) = upload("image/png", picture.clone()).await;
    assert_eq!(status, 200, "{uploaded}");
    assert_eq!(upload("no type", picture.clone()).await.0, 400);
    assert_eq!(upload("image/png", Vec::new()).await.0, 400);
    assert_eq!(
        upload("image/png", vec![0; 5 * 1024 * 1024 + 1]).await.0,
        413
    );

    let message = json!({
        "from": CUSTOMER, "to": MAIN_LINE, "media_urls": [text(&uploaded, "url")],
    });
    let (_, sent) = world.control("customer-messages", message).await;
    let media = &media_of(&world, &text(&sent, "sid")).await[0];
    assert_eq!(media["content_type"], "image/png");
    let on_the_page = world.url(&format!(
        "/sim/media/{ACCOUNT}/{}/{}",
        text(&sent, "sid"),
        text(media, "sid")
    ));
    for url in [
        location(&world, media).await,
        text(&uploaded, "url"),
        on_the_page.clone(),
    ] {
        let answer = get(&careful(), &url, false).await;
        assert_eq!(answer.status(), 200, "{url}");
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert_eq!(answer.bytes().await.expect("bytes"), picture);
    }
    world.simulator.reset();
    assert_eq!(get(&careful(), &on_the_page, false).await.status(), 404);
}

#[tokio::test]
async fn a_message_without_files_has_an_empty_list_and_what_is_not_there_is_not_found() {
    let world = World::start().await;
    let (_, message) = world.send(&[]).await;
    let sid = text(&message, "sid");
    assert_eq!(media_of(&world, &sid).await, [] as [Value; 0]);
    for path in [
        format!("/Messages/{sid}/Media/ME00000000000000000000000000000001.json"),
        format!("/Messages/{sid}/Media/ME00000000000000000000000000000001"),
        "/Messages/SM00000000000000000000000000000001/Media.json".to_owned(),
    ] {
        let (status, error) = world.get(&world.account_url(&path)).await;
        assert_eq!((status, &error["code"]), (404, &json!(20404)), "{path}");
    }
    let without_login = world.account_url(&format!("/Messages/{sid}/Media.json"));
    assert_eq!(get(&world.http, &without_login, false).await.status(), 401);
}
