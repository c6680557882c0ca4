-- What the pages of administration and sign-in keep.

create table invitation (
    digest bytea primary key,              -- keyed digest of the link's secret
    actor uuid not null,                   -- whose password it sets
    kind text not null,                    -- invite or reset
    created_at timestamptz not null,       -- when made
    expires_at timestamptz not null        -- refused from then on; used ones are deleted
);
create index invitation_actor on invitation (actor);

create table second_factor (
    actor uuid primary key,                -- whose
    secret bytea not null,                 -- seed of the codes, wrapped under the root key
    confirmed boolean not null,            -- false until a first code has proved that it arrived
    used_step bigint not null,             -- the last 30-second step whose code was taken: a code works once
    recovery text not null                 -- JSON list of keyed digests of the recovery codes that are left
);

create table policy_version (
    id text not null,                      -- `matrix`, or the name of an expert policy
    version bigint not null,               -- as in policy
    body text not null,                    -- the text saved then; empty when it was removed
    changed_at timestamptz not null,       -- when
    changed_by uuid not null,              -- by whom
    primary key (id, version)
);

alter table session add column pending boolean not null default false;  -- the second factor is still owed
alter table session add column tries text;                              -- role:NAME or user:ID that it looks through
alter table token add column used_at timestamptz;                       -- last request, noted now and then
