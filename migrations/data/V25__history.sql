-- Which entries of the ledger changed which record, so that a record's history is found without reading the ledger.

create table history (
    record uuid not null,                  -- the record that was changed
    at timestamptz not null,               -- when
    entry uuid not null,                   -- the ledger's entry; old and new values lie there, sealed
    primary key (record, at, entry)
);
