//! Writes the page of facts to be confirmed to standard output.
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = law::open_points_page(&law::Library::shipped()?);
    Ok(std::io::stdout().write_all(page.as_bytes())?)
}
