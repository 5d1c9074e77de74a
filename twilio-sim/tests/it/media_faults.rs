//! Faults while files are fetched.

use twilio_sim::{Fault, FaultRule, FaultTarget};

use crate::fault_support::{arm, history};
use crate::harness::{ACCOUNT, TOKEN};

#[tokio::test]
async fn fresh_media_can_be_missing_at_first_and_the_bytes_can_fail_at_the_other_host() {
    let world = history(40, 1.0).await;
    let rule = |on, fault| FaultRule {
        first_per_path: Some(2),
        ..FaultRule::always(on, fault)
    };
    arm(
        &world,
        vec![
            rule(FaultTarget::MediaBytes, Fault::NotFound),
            FaultRule::next(1, FaultTarget::Cdn, Fault::ServerError { status: 503 }),
            FaultRule::next(1, FaultTarget::Cdn, Fault::Cut),
            FaultRule::next(
                1,
                FaultTarget::ListMedia,
                Fault::ServerError { status: 500 },
            ),
        ],
    );
    let history = world.simulator.histories(ACCOUNT)[0].clone();
    let message = history.message(5).expect("it exists");
    let list = world.account_url(&format!("/Messages/{}/Media.json", message.sid));
    assert_eq!(world.get(&list).await.0, 500);
    assert_eq!(world.get(&list).await.0, 200);
    let file = &message.media[0].sid;
    let bytes = world.account_url(&format!("/Messages/{}/Media/{file}", message.sid));
    assert_eq!(world.get(&format!("{bytes}.json")).await.0, 200);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let request = world.http.get(&bytes).basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        seen.push(match answer.bytes().await {
            Ok(bytes) if status == 200 => format!("{} bytes", bytes.len()),
            Ok(_) => status.to_string(),
            Err(_) => "cut".to_owned(),
        });
    }
    let (expected, _) = history
        .file_bytes(message.sid.as_str(), file.as_str())
        .expect("it exists");
    let whole = format!("{} bytes", expected.len());
    assert_eq!(seen, ["404", "404", "503", "cut", &whole]);
    let requests = world.simulator.cdn_requests_after(0);
    let faults: Vec<Option<&str>> = requests.iter().map(|one| one.fault).collect();
    assert_eq!(faults, [Some("server_error"), Some("cut"), None]);
    let fired = world.simulator.fired_faults_after(0);
    assert_eq!(fired.len(), 5);
    assert!(fired.iter().any(|one| one.subject.ends_with(file.as_str())));
}

#[tokio::test]
async fn a_file_can_turn_out_to_be_a_page_and_a_redirect_can_lead_astray() {
    let world = history(20, 1.0).await;
    arm(
        &world,
        vec![
            FaultRule::next(1, FaultTarget::Cdn, Fault::WrongType),
            FaultRule::next(1, FaultTarget::MediaBytes, Fault::ForeignRedirect),
        ],
    );
    let history = world.simulator.histories(ACCOUNT)[0].clone();
    let message = history.message(0).expect("it exists");
    let file = &message.media[0].sid;
    let bytes = world.account_url(&format!("/Messages/{}/Media/{file}", message.sid));
    let careful = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let redirect = careful.get(&bytes).basic_auth(ACCOUNT, Some(TOKEN));
    let redirect = redirect.send().await.expect("an answer");
    assert_eq!(redirect.status(), 307);
    let location = redirect.headers()["location"].to_str().expect("ASCII");
    assert!(location.starts_with("http://localhost:"), "{location}");
    let read = async || {
        let request = world.http.get(&bytes).basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.expect("an answer");
        answer.headers()["content-type"]
            .to_str()
            .expect("ASCII")
            .to_owned()
    };
    assert_eq!(read().await, "text/html; charset=utf-8");
    assert_eq!(read().await, message.media[0].content_type);
    let requests = world.simulator.cdn_requests_after(0);
    assert_eq!(requests.len(), 2);
    assert!(
        requests
            .iter()
            .all(|one| one.host.starts_with("127.0.0.1:"))
    );
}
