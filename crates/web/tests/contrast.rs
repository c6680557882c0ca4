//! Every pair of colours that the style sheet puts on each other can be read, in both themes: WCAG 2.2, 1.4.3 (4.5:1
//! for text) and 1.4.11 (3:1 for controls and the focus ring), computed from the file itself.

use std::collections::HashMap;

type Rgb = [f64; 3];

const CSS: &str = include_str!("../assets/custos.css");

/// The tokens of one theme: `--name: light-dark(#light, #dark);`.
fn tokens(dark: bool) -> HashMap<&'static str, Rgb> {
    CSS.lines()
        .filter_map(|line| {
            let (name, rest) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, rest) = rest.split_once(", ")?;
            let colour = if dark { rest.split_once(')')?.0 } else { light };
            Some((name, hex(colour)?))
        })
        .collect()
}

fn hex(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok().map(|n| f64::from(n) / 255.0);
    Some([part(0)?, part(2)?, part(4)?])
}

fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn mix(share: f64, a: Rgb, b: Rgb) -> Rgb {
    std::array::from_fn(|i| share * a[i] + (1.0 - share) * b[i])
}

const GROUNDS: [&str; 5] = ["canvas", "surface", "sunken", "hover", "selected"];
const TONES: [&str; 6] = ["accent", "ok", "warn", "danger", "mask", "hold"];

#[test]
fn text_can_be_read_on_every_ground() {
    for dark in [false, true] {
        let token = tokens(dark);
        let mut pairs = Vec::new();
        for ground in GROUNDS {
            pairs
                .extend(TONES.iter().chain(&["text", "muted"]).map(|tone| (*tone, token[tone], ground, token[ground])));
        }
        for tone in TONES {
            let tint = format!("{tone}-tint");
            let tint_colour = token[tint.as_str()];
            for ink in [tone, "text", "muted", "mask"] {
                pairs.push((ink, token[ink], tone, tint_colour));
            }
        }
        pairs.push(("on-accent", token["on-accent"], "accent", token["accent"]));
        pairs.push(("canvas", token["canvas"], "danger", token["danger"]));
        // Keys on buttons and in the bar stand on a seventh of their own colour.
        pairs.push(("key", token["on-accent"], "accent", mix(0.14, token["on-accent"], token["accent"])));
        pairs.push(("key", token["muted"], "canvas", mix(0.14, token["muted"], token["canvas"])));
        for (ink, a, ground, b) in pairs {
            let found = contrast(a, b);
            assert!(found >= 4.5, "{ink} on {ground}, dark {dark}: {found:.2}");
        }
    }
}

#[test]
fn controls_and_the_ring_stand_out() {
    for dark in [false, true] {
        let token = tokens(dark);
        for ground in GROUNDS {
            for ink in ["control", "focus", "accent", "danger"] {
                let found = contrast(token[ink], token[ground]);
                assert!(found >= 3.0, "{ink} on {ground}, dark {dark}: {found:.2}");
            }
        }
    }
}

#[test]
fn colours_are_written_as_tokens_only() {
    let rules = CSS.split_once("color-scheme: light; }").unwrap().1;
    for (i, line) in rules.lines().enumerate() {
        let colour = line
            .match_indices('#')
            .any(|(at, _)| line[at + 1..].chars().take_while(char::is_ascii_hexdigit).count() >= 3);
        assert!(!colour || line.trim_start().starts_with('#'), "a colour outside the tokens, rule line {i}: {line}");
    }
    assert!(!CSS.contains("url("), "nothing is loaded from the style sheet");
}
