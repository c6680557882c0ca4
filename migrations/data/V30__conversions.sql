-- A lead that became a contact: what was made for it, so that it can be shown and taken back.
create table conversion (
    id uuid primary key,                   -- one conversion
    lead uuid not null,                    -- the lead
    contact uuid not null,                 -- the contact made or linked
    company uuid not null,                 -- the company made or linked
    opportunity uuid,                      -- the opportunity made, if one was
    contact_made boolean not null,         -- false: linked; such a conversion cannot be taken back
    company_made boolean not null,         -- false: linked
    bases text not null,                   -- ids of the bases stated with it, by commas
    status text not null,                  -- the lead's status before
    actor uuid not null,                   -- who converted
    at timestamptz not null,               -- when
    undone_at timestamptz                  -- when it was taken back
);
create index conversion_lead on conversion (lead);
