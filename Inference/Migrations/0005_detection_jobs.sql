-- A job is worked on by whoever holds its lease; finished chunks survive a crash.
create table detection_jobs (
    id uuid primary key,
    key text not null unique,
    request jsonb not null,
    images jsonb,
    state text not null,
    total integer not null,
    done integer not null default 0,
    result jsonb,
    error text,
    lease_owner uuid,
    lease_until timestamptz,
    created_at timestamptz not null,
    finished_at timestamptz
);
create index detection_jobs_open on detection_jobs (created_at) where state in ('Queued', 'Running');

create table detection_job_chunks (
    job uuid not null references detection_jobs (id) on delete cascade,
    chunk integer not null,
    images integer not null,
    detections bytea not null, -- gzipped JSON array
    primary key (job, chunk)
);
