-- The ledger: a file of its own (SQLite), so that reads never queue behind an import, or a schema of its own (PostgreSQL).

create table entry (
    seq bigint primary key,                -- position in the tree, from 0 without gaps
    id uuid not null unique,               -- the entry's own id
    at timestamptz not null,               -- copied from the line, to search by
    actor uuid not null,                   -- copied
    act text not null,                     -- copied
    object text,                           -- copied
    records bytea not null,                -- the ids of its records, 16 bytes each, to search by
    body bytea                             -- the line itself; null once its retention has ended
);

create table tile (
    level bigint not null,                 -- C2SP tlog-tiles level
    n bigint not null,                     -- index within the level
    hashes bytea not null,                 -- 256 hashes of 32 bytes; only full tiles are stored
    primary key (level, n)
);

create table head (
    one bigint primary key,                -- always 1
    size bigint not null,                  -- entries sequenced
    edge bytea not null,                   -- right edge of the tree, to append without reading back
    checkpoint text not null               -- the signed note over size and root
);
