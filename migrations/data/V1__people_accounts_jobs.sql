-- Tables of fixed shape. Tables of objects (r_contact, …) are made from their definitions.
-- The same text runs on SQLite and PostgreSQL; SQLite reads the type names as affinities.

create table person (
    id uuid primary key,                   -- the data subject; records about them point here
    laws text not null,                    -- JSON: law → why it applies; set when the person is added
    live_purposes bigint not null,         -- bit set of purposes live now; kept by every change of bases
    live_until timestamptz,                -- when the next of them ends; null if none ends by itself
    last_activity timestamptz not null,    -- last change to or activity on any record about them; retention counts from it
    restricted boolean not null,           -- processing restricted (GDPR art. 18): storage only
    created_at timestamptz not null,       -- when the person was added
    erased_at timestamptz                  -- when the person was erased; the row stays as the erasure's proof
);
create index person_live_until on person (live_until);

create table basis (
    id uuid primary key,                   -- one ground for one purpose of one person
    person uuid not null,                  -- whose
    purpose bigint not null,               -- the purpose's number in purposes.toml
    law text not null,                     -- under which law
    basis text not null,                   -- which ground of that law: consent, contract, …
    since timestamptz not null,            -- live from
    until timestamptz,                     -- agreed end; null: the purpose's retention decides
    ended_at timestamptz,                  -- withdrawn, expired or ended by hand
    source bytea,                          -- where the data came from, sealed under the person's key
    evidence bytea                         -- what proves the ground, sealed under the person's key
);
create index basis_person on basis (person);

create table erasure (
    person uuid primary key,               -- erased people, so that a restore can erase them again
    at timestamptz not null,               -- when
    done boolean not null                  -- false while rows are still being emptied; finished at the next start
);

create table team (
    id uuid primary key,                   -- a node of the tree of teams
    parent uuid,                           -- its parent; null at the top
    name text not null                     -- its name, not personal
);

create table account (
    actor uuid primary key,                -- the actor; also the id of its record in r_user
    login bytea not null unique,           -- keyed digest of the lower-cased e-mail address
    password text not null,                -- argon2id, PHC string
    roles text not null,                   -- JSON list of role names
    team uuid,                             -- its team
    language text not null,                -- en or zh-CN
    disabled boolean not null,             -- may not sign in
    created_at timestamptz not null        -- when made
);

create table session (
    id uuid primary key,                   -- named in ledger entries
    digest bytea not null unique,          -- keyed digest of the cookie's secret
    actor uuid not null,                   -- whose
    created_at timestamptz not null,       -- signed in at
    seen_at timestamptz not null,          -- last request; idle sessions end
    expires_at timestamptz not null        -- ends at the latest
);
create index session_actor on session (actor);

create table token (
    id uuid primary key,                   -- named in ledger entries; also the acting actor
    digest bytea not null unique,          -- keyed digest of the secret
    name text not null,                    -- what it is for, in the administrator's words
    role text not null,                    -- the one role it acts in
    purpose text not null,                 -- the one purpose it acts for
    team uuid,                             -- the team it acts in
    created_by uuid not null,              -- who made it
    created_at timestamptz not null,       -- when made
    expires_at timestamptz not null,       -- refused from then on
    revoked_at timestamptz                 -- refused since
);

create table throttle (
    bucket bytea primary key,              -- keyed digest of an address or login
    fails bigint not null,                 -- failures in a row
    until timestamptz not null             -- refused until
);

create table definition (
    name text primary key,                 -- file name of an administrator's layer
    version bigint not null,               -- counted up by each apply
    body text not null,                    -- the TOML document
    changed_at timestamptz not null        -- when applied
);

create table policy (
    id text primary key,                   -- `matrix`, or the name of an expert policy
    version bigint not null,               -- counted up by each save
    body text not null,                    -- roles.toml or Cedar text
    changed_at timestamptz not null        -- when saved
);

create table meta (
    name text primary key,                 -- a fact about this installation: `blind:contact.email`, `demo`, …
    body text not null                     -- its value
);

create table outbox (
    id uuid primary key,                   -- entry id
    line bytea not null                    -- a ledger entry written with its change, not yet sequenced
);

create table change (
    id uuid primary key,                   -- time-ordered; nodes read what is newer than they know
    object text not null,                  -- the object
    record uuid not null,                  -- the record that was created, changed or erased
    at timestamptz not null                -- when; old rows are swept
);

create table idempotency (
    key bytea primary key,                 -- keyed digest of actor and Idempotency-Key
    request bytea not null,                -- keyed digest of method, path and body: a reuse for something else is refused
    object text not null,                  -- what was made
    record uuid not null,                  -- which; the answer is read again through the gate
    at timestamptz not null                -- when; swept after a day
);

create table handle (
    id uuid primary key,                   -- names a stored search in a URL
    actor uuid not null,                   -- who made it; its body is sealed under the house key of searches
    body bytea not null,                   -- the sealed filter and search text
    at timestamptz not null                -- when; swept after 30 days
);

create table emergency (
    id uuid primary key,                   -- one emergency access
    actor uuid not null,                   -- who opened it
    reason bytea not null,                 -- why, in words, sealed under the house key of emergencies
    since timestamptz not null,            -- from
    until timestamptz not null,            -- to: the time box
    seen_by uuid                           -- the privacy officer who took note
);
create index emergency_actor on emergency (actor);
