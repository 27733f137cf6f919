-- API keys: only hashes are kept. A revoked key stays as a row, for the record of who had access when.
create table api_keys (
    id uuid primary key,
    name text not null,
    sha256 text not null unique,
    role text not null,
    deployments text[] not null,
    from_configuration boolean not null default false,
    created_at timestamptz not null,
    created_by text not null,
    revoked_at timestamptz,
    revoked_by text
);

-- The revision of the published snapshot. It never falls behind the clock, so that a stack whose database was made anew still outbids
-- the revisions that services remember from before.
create table api_key_revision (
    only_row boolean primary key default true check (only_row),
    revision bigint not null
);
insert into api_key_revision (revision) values (0);
