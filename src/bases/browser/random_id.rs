use uuid::Uuid;

/// A new random id (UUIDv4).
pub fn random_id() -> Uuid {
    #[cfg_attr(
        not(feature = "web"),
        expect(unused_mut, reason = "only a browser fills it")
    )]
    let mut bytes = [0_u8; 16];
    #[cfg(feature = "web")]
    {
        let filled = web_sys::window()
            .and_then(|window| window.crypto().ok())
            .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
        if !filled {
            bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
        }
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
