-- "Try this model on last week's frames": two detection jobs over the same sampled frames. It goes with its jobs.
create table comparisons (
    id uuid primary key,
    deployment text not null references deployments (name),
    info jsonb not null,   -- what was asked and chosen
    frames jsonb not null, -- array: id, region, camera, time and image of each frame
    operating_point double precision not null,
    model_job uuid not null references detection_jobs (id) on delete cascade,
    champion_job uuid not null references detection_jobs (id) on delete cascade,
    agreements integer,
    only_model integer,
    only_champion integer,
    created_at timestamptz not null
);
create index comparisons_by_deployment on comparisons (deployment, created_at desc);
create index comparisons_by_model_job on comparisons (model_job);
create index comparisons_by_champion_job on comparisons (champion_job);
create index detection_jobs_finished on detection_jobs (finished_at) where finished_at is not null;
create index detection_jobs_by_result on detection_jobs ((result ->> 'sha256')) where result is not null;
