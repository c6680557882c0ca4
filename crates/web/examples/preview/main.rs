//! Renders every page with sample data, in both languages and themes, as static HTML beside the style sheet:
//! `cargo run -p web --example preview -- OUTDIR`, then open `OUTDIR/index.html`.

mod samples;

use std::{error::Error, fs, path::PathBuf};

use web::{
    Lang,
    ui::{Theme, assets},
};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("usage: preview OUTDIR")?);
    fs::create_dir_all(out.join("assets"))?;
    for asset in &assets::ALL {
        fs::write(out.join(asset.path().trim_start_matches('/')), asset.body)?;
    }
    let mut index = String::from("<!doctype html><meta charset=utf-8><title>Custos preview</title>\n");
    for lang in Lang::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            for (name, page) in samples::pages(lang, theme) {
                let file = format!("{name}.{}.{}.html", lang.tag(), theme.word());
                fs::write(out.join(&file), page.html().replace("\"/assets/", "\"assets/"))?;
                index += &format!("<p><a href=\"{file}\">{file}</a>\n");
            }
        }
    }
    fs::write(out.join("index.html"), index)?;
    Ok(())
}
