//! What drawing a page costs, next to the milliseconds that a request may take.

#[allow(dead_code, reason = "only two of the samples are measured")]
#[path = "../examples/preview/samples/mod.rs"]
mod samples;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use web::{Lang, ui::Theme, view};

fn pages(c: &mut Criterion) {
    let shell = samples::shell(Lang::En, Theme::Auto, "/contacts");
    let mut contacts = samples::contacts(Lang::En);
    let rows = contacts.rows.clone();
    contacts.rows = rows.into_iter().cycle().take(50).collect();
    c.bench_function("list of 50", |b| b.iter(|| view::list(&shell, black_box(&contacts))));
    let ada = samples::person(Lang::En);
    c.bench_function("record", |b| b.iter(|| view::record(&shell, black_box(&ada))));
    c.bench_function("text", |b| b.iter(|| Lang::Zh.t(black_box("filter-apply"))));
    c.bench_function("text with variables", |b| {
        b.iter(|| Lang::Zh.with("pager-range-of", &[("from", 1.into()), ("to", 50.into()), ("total", 1_234.into())]));
    });
}

criterion_group!(benches, pages);
criterion_main!(benches);
