//! The program: in the browser it takes over the page, on the server it reads its command line.

#[cfg(all(feature = "web", not(feature = "server")))]
fn main() {
    loquent::ui::start_with_chunks(|| dioxus::launch(loquent::app::App));
}

#[cfg(feature = "server")]
fn main() -> std::process::ExitCode {
    loquent::cli::main()
}

#[cfg(not(any(feature = "web", feature = "server")))]
fn main() {
    compile_error!("build with `--features server`, or with `--features web` for wasm32");
}
