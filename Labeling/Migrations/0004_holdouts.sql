-- The evaluation sets and the training set that a deployment uses now.
create table holdouts (
    deployment text primary key,
    locked bigint references dataset_versions,
    previous_locked bigint references dataset_versions,
    live bigint references dataset_versions,
    recent bigint references dataset_versions,
    training bigint references dataset_versions
);

create table freezes (
    key text primary key,
    deployment text not null,
    training bigint not null references dataset_versions,
    recent bigint not null references dataset_versions,
    at timestamptz not null
);

create table holdout_requests (
    key text primary key,
    deployment text not null,
    result jsonb not null,
    at timestamptz not null
);
