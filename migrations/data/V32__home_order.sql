-- How somebody arranged the blocks of their first page.
create table home_order (
    actor uuid primary key,                -- whose page
    blocks text not null                   -- names of blocks in order, by commas; a leading `-` hides one
);
