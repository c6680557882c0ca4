# make run     builds Custos and serves a demo company on https://127.0.0.1:8443
# make test    every test, on SQLite and PostgreSQL
# make bench   the benchmarks; writes docs/benchmarks.md
# make check   format, lints, licences, documentation
# make setup   what all of these need, from the distribution's packages

DATA ?= data
LISTEN ?= 127.0.0.1:8443

.PHONY: run test bench check setup

run:
	@tools/setup run
	@cargo run --release --locked --package cli --bin custos -- serve --data $(DATA) --listen $(LISTEN) --demo

test:
	@tools/setup test
	@tools/test

bench:
	@tools/setup test
	@if [ -x tools/bench ]; then tools/bench; else cargo bench --workspace --locked --benches; fi

check:
	@tools/setup check
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --locked --quiet
	tools/deny

setup:
	@tools/setup pages
	@tools/setup check
