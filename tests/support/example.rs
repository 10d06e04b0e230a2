//! The built examples.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use escargot::CargoBuild;

/// Path of an example as `cargo test` built it beside this test. If it is missing or older than its sources
/// (`cargo test --test search` builds no examples), it is built now.
pub(crate) fn path(name: &str) -> PathBuf {
    let built_with_the_test = built_beside_this_test(name);
    let modified = fs::metadata(&built_with_the_test).and_then(|metadata| metadata.modified());
    if modified.is_ok_and(|built| built >= newest_source(name)) {
        return built_with_the_test;
    }
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let build = CargoBuild::new().manifest_path(package).example(name).current_release().run();
    build.unwrap_or_else(|error| panic!("{name} cannot be built: {error}")).path().to_path_buf()
}

/// `examples/NAME`, relative to this test's path, `deps/TEST-…`.
fn built_beside_this_test(name: &str) -> PathBuf {
    let this_test = env::current_exe().expect("a test knows its own path");
    let profile = this_test.ancestors().nth(2).expect("a test lies two levels deep");
    profile.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION)
}

fn newest_source(name: &str) -> SystemTime {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = package.join("examples");
    let folders = [package.join("src"), examples.join(name), examples.join("shared")];
    folders.iter().flat_map(|folder| files_below(folder)).map(|file| modified(&file)).max().expect("sources")
}

fn modified(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|metadata| metadata.modified()).expect("files have times")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
