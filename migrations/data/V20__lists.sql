-- What people set up for their lists: views, favourites, changes of many records.

create table saved_view (
    id uuid primary key,                   -- named in addresses
    object text not null,                  -- whose list it is
    actor uuid not null,                   -- who made it and may change it
    team uuid,                             -- the team it is shared with; null: with nobody
    body bytea not null,                   -- name, filters, columns, sealed under the house's key; changed by its maker
    at timestamptz not null                -- last changed
);
create index saved_view_object on saved_view (object);

create table favourite (
    actor uuid not null,                   -- who marked it
    object text not null,                  -- of which object the record is
    record uuid not null,                  -- the record; its title is read through the gate when it is shown
    at timestamptz not null,               -- when
    primary key (actor, record)
);

create table bulk (
    id uuid primary key,                   -- named in addresses
    actor uuid not null,                   -- who asked for it; nobody else reaches it
    object text not null,                  -- of which object the records are
    purpose text not null,                 -- what for
    body bytea not null,                   -- what is to become of them, sealed under the house's key
    state text not null,                   -- drafted, running, done, undoing, undone; set by the job
    skipped bigint not null,               -- chosen, but not for this actor to change: counted, not named
    at timestamptz not null,               -- drafted
    done_at timestamptz                    -- when the job ended; it can be undone for a day from then on
);

create table bulk_row (
    bulk uuid not null,                    -- of which change
    record uuid not null,                  -- a record it is about
    outcome text not null,                 -- todo, done, undone, or why it failed, as a stable word
    version bigint,                        -- the record's version after the change: undone only if it still has it
    before bytea,                          -- what it was before, sealed under the house's key; gone after a day or with the person
    primary key (bulk, record)
);
create index bulk_row_record on bulk_row (record);
