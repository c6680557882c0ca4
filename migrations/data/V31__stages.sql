-- When an opportunity came to a stage: written with each change of the stage, so that days in a stage can be counted.
create table stage_change (
    id uuid primary key,                   -- one change, time-ordered
    record uuid not null,                  -- the opportunity
    stage text not null,                   -- the stage it came to
    actor uuid not null,                   -- who moved it
    at timestamptz not null                -- when; the stage lasts until the next change
);
create index stage_change_record on stage_change (record, at);
