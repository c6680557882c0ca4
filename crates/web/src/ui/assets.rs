//! The style sheet, the modules and the mark, built into the binary under names that change with their content, so that
//! browsers may keep them for ever.

/// A file of the interface.
#[derive(Debug)]
pub struct Asset {
    /// `custos.css`.
    pub name: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes.
    pub body: &'static str,
    hash: u64,
}

/// Every asset.
pub static ALL: [Asset; 9] = [
    asset("custos.css", "text/css; charset=utf-8", include_str!("../../assets/custos.css")),
    asset("keys.js", "text/javascript; charset=utf-8", include_str!("../../assets/keys.js")),
    asset("unsaved.js", "text/javascript; charset=utf-8", include_str!("../../assets/unsaved.js")),
    asset("selection.js", "text/javascript; charset=utf-8", include_str!("../../assets/selection.js")),
    asset("board.js", "text/javascript; charset=utf-8", include_str!("../../assets/board.js")),
    asset("palette.js", "text/javascript; charset=utf-8", include_str!("../../assets/palette.js")),
    asset("swaps.js", "text/javascript; charset=utf-8", include_str!("../../assets/swaps.js")),
    // Not ours: `build.rs` fetches it.
    asset("htmx.js", "text/javascript; charset=utf-8", include_str!(concat!(env!("OUT_DIR"), "/htmx.js"))),
    asset("mark.svg", "image/svg+xml", include_str!("../../assets/mark.svg")),
];

/// What the answer to an asset carries: its address changes whenever it does.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

const fn asset(name: &'static str, media: &'static str, body: &'static str) -> Asset {
    Asset { name, media, body, hash: fnv1a(body.as_bytes()) }
}

/// FNV-1a, 64 bits: names a version of a file, protects nothing.
const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

impl Asset {
    /// Its address: `/assets/1f0c….custos.css`.
    pub fn path(&self) -> String {
        format!("/assets/{:016x}.{}", self.hash, self.name)
    }
}

/// The asset at the last part of an address (`1f0c….custos.css`); `None` for any other name or an older version.
pub fn find(file: &str) -> Option<&'static Asset> {
    let (hash, name) = file.split_once('.')?;
    ALL.iter().find(|asset| asset.name == name && u64::from_str_radix(hash, 16) == Ok(asset.hash))
}

/// The asset of this name; the style sheet for names that are not there, which a test rules out.
pub(crate) fn named(name: &str) -> &'static Asset {
    ALL.iter().find(|asset| asset.name == name).unwrap_or(&ALL[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_at_its_path_and_modules_stay_small() {
        for asset in &ALL {
            let path = asset.path();
            assert_eq!(find(path.strip_prefix("/assets/").unwrap()).unwrap().name, asset.name);
            let most = if asset.name == "htmx.js" { 40 * 1024 } else { 3 * 1024 };
            assert!(!asset.name.ends_with(".js") || asset.body.len() < most, "{} is too big", asset.name);
        }
        assert!(find("0.custos.css").is_none());
        assert!(find("custos.css").is_none());
    }
}
