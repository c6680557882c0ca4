//! What the ledger costs without storage: a line, an append, a signed checkpoint, a verification.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ledger::{Edge, Entry, memory::Memory, prove, verify};

#[path = "../tests/common/mod.rs"]
mod common;

fn benches(c: &mut Criterion) {
    let entry = common::entry(1);
    let line = entry.to_line().unwrap();
    let mut group = c.benchmark_group("ledger");

    group.throughput(Throughput::Elements(1));
    group.bench_function("to_line", |b| b.iter(|| black_box(&entry).to_line()));
    group.bench_function("parse", |b| b.iter(|| Entry::parse(black_box(&line))));
    let mut edge = Edge::empty();
    group.bench_function("append", |b| b.iter(|| edge.append(black_box(&line))));
    let mut edge = Edge::empty();
    group.bench_function("to_line_and_append", |b| {
        b.iter(|| edge.append(&black_box(&entry).to_line().unwrap()));
    });

    let mut edge = Edge::empty();
    for _ in 0..65_535 {
        edge.append(&line);
    }
    group.bench_function("root", |b| b.iter(|| black_box(&edge).root()));
    group.bench_function("to_bytes_at_its_longest", |b| b.iter(|| black_box(&edge).to_bytes()));
    group.bench_function("from_bytes_at_its_longest", |b| {
        let bytes = edge.to_bytes();
        b.iter(|| Edge::from_bytes(black_box(&bytes)));
    });
    let signer = common::signer();
    group.bench_function("checkpoint", |b| b.iter(|| signer.checkpoint(edge.size(), edge.root())));

    let ledger = common::ledger(100_000);
    let key = signer.verifier().unwrap();
    group.bench_function("prove_of_100_000", |b| b.iter(|| prove(&ledger, black_box(54_321))));
    group.sample_size(10).throughput(Throughput::Elements(100_000));
    group.bench_function("append_100_000", |b| {
        b.iter_batched(
            Edge::empty,
            |mut edge| {
                for _ in 0..100_000 {
                    black_box(edge.append(&line));
                }
                edge
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("verify_100_000", |b| b.iter(|| verify(&ledger as &Memory, &key, None, &mut |_, _| ())));
    group.finish();
}

criterion_group!(ledger_benches, benches);
criterion_main!(ledger_benches);
