//! The files built into the program. A test holds this list against the folder.

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../regulations/", $folder, $name)))),*]
    };
}

/// Packs.
pub(crate) const PACKS: &[(&str, &str)] = files!["":
    "appi.toml",
    "ccpa.toml",
    "dpdp.toml",
    "gdpr.toml",
    "lgpd.toml",
    "pdpa.toml",
    "pipa.toml",
    "pipl.toml",
    "uk_gdpr.toml",
];

/// Calendars.
pub(crate) const CALENDARS: &[(&str, &str)] = files!["calendars/":
    "at.toml",
    "be.toml",
    "bg.toml",
    "br.toml",
    "cn.toml",
    "cy.toml",
    "cz.toml",
    "de.toml",
    "dk.toml",
    "ee.toml",
    "es.toml",
    "fi.toml",
    "fr.toml",
    "gb.toml",
    "gr.toml",
    "hr.toml",
    "hu.toml",
    "ie.toml",
    "in.toml",
    "it.toml",
    "jp.toml",
    "kr.toml",
    "lt.toml",
    "lu.toml",
    "lv.toml",
    "mt.toml",
    "nl.toml",
    "pl.toml",
    "pt.toml",
    "ro.toml",
    "se.toml",
    "sg.toml",
    "si.toml",
    "sk.toml",
    "us-ca.toml",
];

/// The scenarios the packs are held to.
const SCENARIOS: &[(&str, &str)] = files!["scenarios/":
    "L01.toml",
    "L02.toml",
    "L03.toml",
    "L04.toml",
    "L05.toml",
    "L06.toml",
    "L07.toml",
    "L08.toml",
    "L09.toml",
    "L10.toml",
    "L11.toml",
    "L12.toml",
    "L13.toml",
    "L14.toml",
    "L15.toml",
    "L16.toml",
    "L17.toml",
    "L18.toml",
    "L19.toml",
    "L20.toml",
    "L21.toml",
    "L22.toml",
    "L23.toml",
    "L24.toml",
    "L25.toml",
];

/// The scenario files built into the program.
pub fn shipped_scenarios() -> Vec<crate::File> {
    SCENARIOS.iter().map(|(name, text)| crate::File { name: (*name).into(), text: (*text).into() }).collect()
}
