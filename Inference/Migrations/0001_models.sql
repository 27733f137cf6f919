-- A model version never changes, so what is known of it is one document beside the columns that must be unique.
create table model_versions (
    name text not null,
    version integer not null check (version > 0),
    sha256 text not null,
    registration_key text unique,
    info jsonb not null,
    created_at timestamptz not null,
    primary key (name, version),
    unique (name, sha256)
);
