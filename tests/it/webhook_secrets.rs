//! Webhooks that somebody has set at Twilio may hold secrets: they never reach an agent's browser.

use serde_json::json;
use twilio_sim::ChangedNumber;

use crate::support::{MAIN_LINE, World};

const OLD_HOOK: &str = "https://hook:S3cr3tPw@old.example/T0K3N/sms?api_key=abcdef123";
const SECRETS: [&str; 4] = ["S3cr3tPw", "T0K3N", "abcdef123", "hook:"];

#[tokio::test]
async fn an_agent_sees_of_a_former_webhook_its_host_and_an_admin_sees_it_whole() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let (admin, agent) = (
        world.admin(&organization).await,
        world.agent(&organization).await,
    );
    let set = |sms_url: &str, voice_url: &str| {
        let settings = json!({ "settings": { "sms_url": sms_url, "voice_url": voice_url } });
        let settings: ChangedNumber = serde_json::from_value(settings).expect("settings");
        world
            .simulator()
            .change_phone_number(MAIN_LINE, &settings)
            .expect("it is there");
    };
    set(OLD_HOOK, OLD_HOOK);
    world.sink_by_hand(&world.account, OLD_HOOK).await;
    let which = json!({ "phone_number_id": organization.number_id });
    for call in ["configure-phone-sms", "configure-phone-voice"] {
        admin
            .post(&format!("/api/twilio/{call}"), &which)
            .await
            .ok();
    }
    // Somebody changes it: the health report shows what is there instead.
    set(OLD_HOOK, OLD_HOOK);
    admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();

    for path in [
        "/api/twilio/account-changes",
        "/api/twilio/account-changes.csv",
        "/api/twilio/imported-numbers",
        "/api/twilio/health",
        "/api/twilio/event-forwarding",
        "/api/twilio/connection",
        "/api/settings/twilio-overview",
        "/settings/twilio",
    ] {
        let shown = agent.get_raw(path).await;
        assert_eq!(shown.status(), 200, "{path}");
        let shown = shown.text().await.expect("text");
        for secret in SECRETS {
            assert!(!shown.contains(secret), "{path} shows {secret}: {shown}");
        }
        if path.ends_with("changes") || path.ends_with("numbers") || path.ends_with("health") {
            assert!(shown.contains("https://old.example/"), "{path}: {shown}");
            let whole = admin.get_raw(path).await.text().await.expect("text");
            assert!(whole.contains(OLD_HOOK), "{path}: {whole}");
        }
    }
}
