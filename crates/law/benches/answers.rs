//! A due date in under 20 µs, all packs and calendars loaded in under 20 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use law::{BreachAsk, DueAsk, Files, Library};

fn due(pack: &str, region: &str, request: &str, received: &str) -> DueAsk {
    let json = serde_json::json!({ "pack": pack, "region": region, "request": request, "received": received });
    serde_json::from_value(json).unwrap_or_else(|e| unreachable!("{e}"))
}

fn answers(c: &mut Criterion) {
    let files = Files::shipped();
    c.bench_function("load all packs and calendars", |b| b.iter(|| Library::load(black_box(&files)).is_ok()));
    let Ok(library) = Library::load(&files) else { return };
    let asks = [
        ("due gdpr DE, moved over Easter", due("gdpr", "DE", "access", "2026-03-03")),
        ("due gdpr DE, instant", due("gdpr", "DE", "access", "2026-01-31T10:00:00+01:00")),
        ("due ccpa, business days", due("ccpa", "US-CA", "delete", "2026-12-18")),
        ("due pipl, working days", {
            let mut ask = due("pipl", "CN", "correct", "2026-02-09");
            ask.facts.insert("cn.app".into(), law::Fact::YesNo(true));
            ask
        }),
    ];
    for (name, ask) in &asks {
        c.bench_function(name, |b| b.iter(|| library.due(black_box(ask)).is_ok()));
    }
    let json = serde_json::json!({
        "pack": "pipl", "known": "2026-11-02T09:15:00+08:00", "facts": { "persons": 1_200_000 }
    });
    if let Ok(ask) = serde_json::from_value::<BreachAsk>(json) {
        c.bench_function("breach pipl", |b| b.iter(|| library.breach(black_box(&ask)).is_ok()));
    }
}

criterion_group!(benches, answers);
criterion_main!(benches);
