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
