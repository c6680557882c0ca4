//! Fetches the scripts that are not ours, as `package-lock.json` pins them by version and hash, and lays them where the
//! binary takes them from (`ui/assets.rs`). Nothing of them is kept in the repository, and no script of theirs is run.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What to do about it, said once for every way in which it can fail.
const CURE: &str = "the scripts of the pages are fetched with npm, once for each build folder.\n\
    1. Node and npm must be there: `tools/setup run`, or `apt-get install nodejs npm`.\n\
    2. A registry must be reached, or have been reached before: `npm ping`; `npm config get registry`.\n\
    3. Then build again.";

fn main() {
    for file in ["build.rs", "package.json", "package-lock.json"] {
        println!("cargo::rerun-if-changed={file}");
    }
    if let Err(error) = fetch() {
        for line in format!("{error}\n{CURE}").lines() {
            println!("cargo::error={line}");
        }
    }
}

fn fetch() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(told("OUT_DIR")?);
    let here = PathBuf::from(told("CARGO_MANIFEST_DIR")?);
    let folder = out.join("npm");
    fs::create_dir_all(&folder)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(here.join(file), folder.join(file))?;
    }
    let done = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"])
        .current_dir(&folder)
        .output()
        .map_err(|error| format!("npm could not be started: {error}"))?;
    if !done.status.success() {
        return Err(format!("npm ci failed: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    copy(&folder.join("node_modules/htmx.org/dist/htmx.min.js"), &out.join("htmx.js"))
}

fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    fs::copy(from, to).map_err(|error| format!("{} is not in the package: {error}", from.display()))?;
    Ok(())
}

/// What cargo tells a build script; no setting of the product.
#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by the environment alone")]
fn told(name: &str) -> Result<std::ffi::OsString, String> {
    std::env::var_os(name).ok_or_else(|| format!("cargo did not say {name}"))
}
