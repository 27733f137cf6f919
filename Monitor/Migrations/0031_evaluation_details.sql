-- What lies behind an evaluation: gzipped EvaluationDetails for people, and its matches for comparing it with a later one image by image.
create table evaluation_details (
    evaluation uuid primary key references evaluations (id) on delete cascade,
    details bytea not null,
    matches bytea not null
);

-- Differences of two evaluations: costly to resample, never to change.
create table evaluation_differences (
    first uuid not null references evaluations (id) on delete cascade,
    last uuid not null references evaluations (id) on delete cascade,
    change jsonb not null,
    primary key (first, last)
);
