-- Old frames that go through a deployment. Worked on by whoever holds the lease; frames before done are counted by Monitor.
create table replays (
    id uuid primary key,
    key text not null unique,
    name text not null,
    deployment text not null references deployments (name),
    deployment_info jsonb not null, -- as it was when the replay was asked for
    model_name text not null,
    model_version integer not null,
    source jsonb not null,
    baseline_days double precision,
    state text not null,
    frames integer not null,
    done integer not null default 0,
    unreadable integer not null default 0,
    cameras integer not null,
    ignored integer not null,
    chunk_size integer not null, -- a batch's number is its chunk's, so chunks never change their size
    from_at timestamptz not null,
    to_at timestamptz not null,
    error text,
    requested_by text not null,
    lease_owner uuid,
    lease_until timestamptz,
    run_started_at timestamptz,
    run_started_done integer not null default 0,
    created_at timestamptz not null,
    finished_at timestamptz,
    foreign key (model_name, model_version) references model_versions (name, version)
);
create index replays_open on replays (created_at) where state in ('Queued', 'Running');
create index replays_by_deployment on replays (deployment, created_at desc);

create table replay_frames (
    replay uuid not null references replays (id) on delete cascade,
    position integer not null, -- from 0 in the order in which they were taken
    file text not null,
    region text not null,
    camera text not null,
    captured_at timestamptz not null,
    primary key (replay, position)
);
