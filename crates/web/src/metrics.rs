//! Counters in Prometheus' text format. Routes are templates, never addresses; nothing here is personal.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 8] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];

/// What is counted.
#[derive(Default, Debug)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(String, String, u16), u64>>,
    latency: Mutex<([u64; 9], f64, u64)>,
}

impl Metrics {
    /// Counts one answered request.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        *self
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((method.to_owned(), route.to_owned(), status))
            .or_default() += 1;
        let seconds = took.as_secs_f64();
        let mut latency = self.latency.lock().unwrap_or_else(PoisonError::into_inner);
        let at = BUCKETS.iter().position(|bound| seconds <= *bound).unwrap_or(BUCKETS.len());
        latency.0[at] += 1;
        latency.1 += seconds;
        latency.2 += 1;
    }

    /// The text that Prometheus scrapes; `gauges` are names with a value and help.
    pub fn text(&self, gauges: &[(&str, u64, &str)]) -> String {
        let mut out =
            String::from("# HELP custos_requests_total Answered requests.\n# TYPE custos_requests_total counter\n");
        for ((method, route, status), n) in self.requests.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ =
                writeln!(out, "custos_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {n}");
        }
        out.push_str("# HELP custos_request_seconds Time to answer.\n# TYPE custos_request_seconds histogram\n");
        let (counts, sum, total) = *self.latency.lock().unwrap_or_else(PoisonError::into_inner);
        let mut up_to = 0;
        for (bound, n) in BUCKETS.iter().zip(counts) {
            up_to += n;
            let _ = writeln!(out, "custos_request_seconds_bucket{{le=\"{bound}\"}} {up_to}");
        }
        let _ = writeln!(out, "custos_request_seconds_bucket{{le=\"+Inf\"}} {total}");
        let _ = writeln!(out, "custos_request_seconds_sum {sum}\ncustos_request_seconds_count {total}");
        for (name, value, help) in gauges {
            let _ = writeln!(out, "# HELP custos_{name} {help}\n# TYPE custos_{name} gauge\ncustos_{name} {value}");
        }
        out
    }
}
