-- One row per occasion on which a deployment's live holdout is renewed and its champion scored on it.
create table holdout_checks (
    id uuid primary key,
    deployment text not null,
    occasion text not null, -- local time of the deployment's zone, to the minute
    model jsonb,
    dataset jsonb,
    evaluation uuid,
    outcome text,
    created_at timestamptz not null,
    finished_at timestamptz,
    unique (deployment, occasion)
);
create index holdout_checks_open on holdout_checks (created_at) where finished_at is null;
