-- Requests that failed or of which an image was sampled. A bounded log: see section Requests.
create table requests (
    position bigint generated always as identity primary key,
    id text not null unique,
    deployment text not null,
    outcome text not null,
    at timestamptz not null,
    info jsonb not null,  -- what is the same for all images
    images jsonb not null -- array
);
create index requests_by_deployment on requests (deployment, position);
create index requests_by_outcome on requests (outcome, position);
create index requests_by_time on requests (at);
