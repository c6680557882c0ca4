//! Passwords that are guessed first: too short, or made of words, dates, keys in a row and passwords of known breaches.
//!
//! The judgement is made here and nowhere else goes a password: no service is asked. `zxcvbn` has the lists (30,000
//! passwords of breaches, names, words) and knows how they are usually bent.

use crate::{FieldError, MIN_PASSWORD};

/// The longest password, in characters: more would only make hashing slow.
const MAX_PASSWORD: usize = 1_000;
/// So many characters are judged; what is longer than that and still weak is one short thing many times over.
const JUDGED: usize = 100;

/// What is wrong with a password, if something is. `known` are words a guesser would begin with: name, address.
pub(crate) fn weak(password: &str, known: &[&str]) -> Option<FieldError> {
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        return Some(FieldError::new("password", "password_short", format!("at least {MIN_PASSWORD} characters")));
    }
    if length > MAX_PASSWORD {
        return Some(FieldError::new("password", "too_long", format!("at most {MAX_PASSWORD} characters")));
    }
    let judged: String = password.chars().take(JUDGED).collect();
    let words: Vec<&str> = known.iter().flat_map(|text| text.split(['@', '.', ' ', '-', '_'])).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| word.chars().count() > 2).collect();
    // Who is known by these words tries them first, in any order and with anything between: they count for nothing.
    let own = words.iter().fold(judged.to_lowercase(), |rest, word| rest.replace(&word.to_lowercase(), ""));
    let guessed = own.chars().count() < MIN_PASSWORD / 2;
    (guessed || zxcvbn::zxcvbn(&judged, &words).score() < zxcvbn::Score::Three).then(|| {
        let what = "this is guessed soon: take words that have nothing to do with each other or with you";
        FieldError::new("password", "password_guessed", what)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_is_not_enough() {
        for (password, code) in [
            ("short", "password_short"),
            ("passwordpassword", "password_guessed"),
            ("aaaaaaaaaaaaaaaaaaaa", "password_guessed"),
            ("1234567890123456", "password_guessed"),
            ("qwertyuiopasdfghjkl", "password_guessed"),
            ("ada.king@starway", "password_guessed"),
        ] {
            let wrong = weak(password, &["Ada King", "ada.king@starway.example"]);
            assert_eq!(wrong.map(|wrong| wrong.code), Some(code), "{password}");
        }
        for password in ["correct horse battery staple", "custos-demo-2026", "一只猫坐在红色的窗台上看雨下个不停"]
        {
            assert_eq!(weak(password, &["Ada King", "ada.king@starway.example"]), None, "{password}");
        }
    }
}
