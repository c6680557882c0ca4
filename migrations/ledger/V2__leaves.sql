-- The hashes of the entries after those that `head.edge` covers: one small row for each entry instead of the whole edge
-- written again with every group. Emptied whenever a full tile has the edge written anew.

create table leaf (
    seq bigint primary key,                -- position in the tree
    hash bytea not null                    -- the entry's leaf hash, 32 bytes
);
