/// Waits. On the server nothing waits for a browser, so it never ends there.
pub async fn sleep(milliseconds: u32) {
    #[cfg(feature = "web")]
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
    #[cfg(not(feature = "web"))]
    {
        let _ = milliseconds;
        std::future::pending::<()>().await;
    }
}
