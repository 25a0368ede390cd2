//! Tells cargo to look at the embedded folders: a macro alone would not notice files that come or go. The app's folder
//! is made when it is not there, because cargo would take a missing folder for a change, every time.

fn main() {
    // Where the sources may not be written to, the app is simply not there.
    let _ = std::fs::create_dir_all("app/build");
    println!("cargo::rerun-if-changed=app/build");
    println!("cargo::rerun-if-changed=operations");
}
