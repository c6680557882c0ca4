-- The keyring: a file of its own (SQLite) or a schema of its own (PostgreSQL). It is never part of a data backup.

create table secret (
    name text primary key,                 -- `index`, `ledger`: keys that stand directly under the root key
    wrapped bytea not null                 -- wrapped by the root key
);

create table epoch (
    number bigint primary key,             -- counted up by each rotation
    wrapped bytea not null,                -- wrapped by the root key; emptied when destroyed
    created_at timestamptz not null,       -- when made
    destroyed_at timestamptz               -- from then on no copy opens what was wrapped under it alone
);

create table subject_key (
    subject uuid primary key,              -- a person, or the stand-in of an object
    epoch bigint not null,                 -- the epoch it is wrapped under; changed by rotation
    wrapped bytea not null                 -- the key, wrapped
);
create index subject_key_epoch on subject_key (epoch);
