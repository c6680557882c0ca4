-- Mail on its way out.

create table mail (
    id uuid primary key,                   -- a message
    actor uuid not null,                   -- to whom; the address is read through the gate when it goes
    kind text not null,                    -- invite, reset or test
    words bytea not null,                  -- subject and body, wrapped under the root key; emptied when done with
    made_at timestamptz not null,          -- when it was put on its way
    next_at timestamptz,                   -- when it is tried next; null when it has left or was given up
    tries bigint not null,                 -- how often it was tried
    failed text,                           -- why the last try failed, as a word
    sent_at timestamptz                    -- when it left
);
create index mail_next on mail (next_at);
