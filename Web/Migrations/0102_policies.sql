-- Retrain policies that differ from the default of the configuration.
create table policies (
    deployment text primary key,
    policy jsonb not null,
    updated_at timestamptz not null,
    updated_by text not null
);
