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

    /// Percentiles of many times. Returns the 95th.
    pub fn times(&mut self, work: &str, mut all: Vec<Duration>, target: &str) -> Duration {
        all.sort();
        let at = |p: usize| ms(all[(all.len() * p / 100).min(all.len() - 1)]);
        let figure = format!("p50 {} · p95 {} · p99 {} ({} requests)", at(50), at(95), at(99), all.len());
        self.row(work, figure, target);
        all[all.len() * 95 / 100]
    }

    /// Something per second.
    pub fn rate(&mut self, work: &str, rate: f64, target: &str) {
        self.row(work, format!("{rate:.0}"), target);
    }

    /// One time.
    pub fn fact(&mut self, work: &str, took: Duration, target: &str) {
        self.row(work, ms(took), target);
    }

    /// The memory of a process: its own, and pages of files that the system takes back when it needs room.
    pub fn memory(&mut self, work: &str, own: u64, mapped: u64, target: &str) {
        self.row(work, format!("{} MiB, and {} MiB of mapped files", own / 1024, mapped / 1024), target);
    }

    /// Ours beside theirs.
    pub fn share(&mut self, work: &str, ours: f64, theirs: f64, target: &str) {
        self.row(work, format!("{:.0} % ({ours:.0}/s of {theirs:.0}/s)", 100.0 * ours / theirs), target);
    }

    /// One time as a multiple of another.
    pub fn ratio(&mut self, work: &str, this: Duration, that: Duration, target: &str) {
        let times = this.as_secs_f64() / that.as_secs_f64();
        self.row(work, format!("{times:.2} × ({} against {})", ms(this), ms(that)), target);
    }

    /// With and without, and the difference as a share of the whole.
    pub fn cost(&mut self, work: &str, with: Duration, without: Duration, whole: Duration, target: &str) {
        let more = with.saturating_sub(without);
        let share = 100.0 * more.as_secs_f64() / whole.as_secs_f64();
        let figure =
            format!("{share:.0} % ({} of {}: {} with, {} without)", ms(more), ms(whole), ms(with), ms(without));
        self.row(work, figure, target);
    }

    /// Writes the page.
    pub fn write(&self, file: &str) {
        std::fs::write(file, self.to_string()).unwrap();
    }
}

fn ms(took: Duration) -> String {
    match took.as_secs_f64() {
        long @ 1.0.. => format!("{long:.1} s"),
        short => format!("{:.2} ms", short * 1_000.0),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Benchmarks\n")?;
        writeln!(
            f,
            "Written by `make bench` (`cargo bench -p cli --bench load`): the real server over TLS on SQLite, with sealing,\n\
             policy and a durable ledger on; clients on the same machine. {} contacts.\n\n\
             What limits the figures that miss their target: [performance.md](performance.md).\n",
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
