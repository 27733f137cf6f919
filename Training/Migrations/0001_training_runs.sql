-- A run and where it stands. The request is kept whole; state, attempt and lease belong to the state machine.
create table training_runs (
    id uuid primary key,
    key text not null unique,
    request jsonb not null,
    state text not null check (state in ('Queued', 'Running', 'Succeeded', 'Failed', 'Cancelled')),
    attempt int not null default 0,
    worker uuid,
    lease_until timestamptz,
    onnx jsonb,
    checkpoint jsonb,
    metrics jsonb,
    error text,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz
);
create index training_runs_open on training_runs (created_at) where state in ('Queued', 'Running');
create index training_runs_newest on training_runs (created_at desc);

create table run_epochs (
    run uuid not null references training_runs,
    epoch int not null,
    info jsonb not null,
    primary key (run, epoch)
);

create table run_transitions (
    id bigint generated always as identity primary key,
    run uuid not null references training_runs,
    from_state text not null,
    to_state text not null,
    reason text not null,
    actor text not null,
    at timestamptz not null
);
create index run_transitions_run on run_transitions (run, id);
