-- What colleagues are told: ids only. The text opens through the gate when the notice is opened.

create table notice (
    id uuid primary key,                   -- one notice to one colleague
    actor uuid not null,                   -- whom it is for
    kind text not null,                    -- why: mention, approval, pool, steward
    object text not null,                  -- the object of the record it leads to
    record uuid not null,                  -- the record it leads to
    by_actor uuid,                         -- who caused it; null: a job
    at timestamptz not null,               -- when
    seen_at timestamptz                    -- when it was put aside
);
create index notice_actor on notice (actor, seen_at, at);
