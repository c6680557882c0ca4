//! The figures, as a table for people.

use std::{fmt, time::Duration};

/// Rows of the table.
pub struct Report {
    contacts: usize,
    rows: Vec<(String, String, String)>,
}

impl Report {
    /// An empty table.
    pub fn new(contacts: usize) -> Self {
        Self { contacts, rows: Vec::new() }
    }

    fn row(&mut self, work: &str, figure: String, target: &str) {
        println!("{work}: {figure}  (target {target})");
        self.rows.push((work.to_owned(), figure, target.to_owned()));
    }

    /// Percentiles of many times.
    pub fn times(&mut self, work: &str, mut all: Vec<Duration>, target: &str) {
        all.sort();
        let at = |p: usize| ms(all[(all.len() * p / 100).min(all.len() - 1)]);
        let figure = format!("p50 {} · p95 {} · p99 {} ({} requests)", at(50), at(95), at(99), all.len());
        self.row(work, figure, target);
    }

    /// Something per second.
    pub fn rate(&mut self, work: &str, rate: f64, target: &str) {
        self.row(work, format!("{rate:.0}"), target);
    }

    /// One time.
    pub fn fact(&mut self, work: &str, took: Duration, target: &str) {
        self.row(work, ms(took), target);
    }

    /// One size.
    pub fn fact_kib(&mut self, work: &str, kib: u64, target: &str) {
        self.row(work, format!("{} MiB", kib / 1024), target);
    }

    /// Ours beside theirs.
    pub fn share(&mut self, work: &str, ours: f64, theirs: f64, target: &str) {
        self.row(work, format!("{:.0} % ({ours:.0}/s of {theirs:.0}/s)", 100.0 * ours / theirs), target);
    }

    /// With beside without.
    pub fn cost(&mut self, work: &str, with: Duration, without: Duration, target: &str) {
        let more = 100.0 * (with.as_secs_f64() / without.as_secs_f64() - 1.0);
        self.row(work, format!("{more:.0} % (p95 {} with, {} without)", ms(with), ms(without)), target);
    }

    /// Writes the page.
    pub fn write(&self, file: &str) {
        std::fs::write(file, self.to_string()).unwrap();
    }
}

fn ms(took: Duration) -> String {
    format!("{:.2} ms", took.as_secs_f64() * 1_000.0)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Benchmarks\n")?;
        writeln!(
            f,
            "Written by `make bench` (`cargo bench -p cli --bench load`): the real server over TLS on SQLite, with sealing,\n\
             policy and a durable ledger on; clients on the same machine. {} contacts.\n",
            self.contacts
        )?;
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        writeln!(f, "Machine of this run: {cores} cores, {}.\n", std::env::consts::ARCH)?;
        writeln!(f, "| work | measured | target |\n|---|---|---|")?;
        for (work, figure, target) in &self.rows {
            writeln!(f, "| {work} | {figure} | {target} |")?;
        }
        Ok(())
    }
}
