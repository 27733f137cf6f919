-- One row per pass of the loop; its history is rows of its own.
create table loop_runs (
    id uuid primary key,
    deployment text not null,
    stage text not null,
    stage_since timestamptz not null,
    attempt int not null,
    asked_in text,
    on_accept text,
    question text,
    reason text not null,
    started_by text not null,
    trigger_key text unique, -- the diagnosis that began it, so that reading it twice begins one pass
    policy jsonb not null,
    lineage jsonb not null,
    progress jsonb,
    hold jsonb,
    created_at timestamptz not null,
    finished_at timestamptz,
    closed boolean not null default false
);
create unique index loop_runs_one_active on loop_runs (deployment) where finished_at is null;
create index loop_runs_open on loop_runs (stage) where not closed;
create index loop_runs_newest on loop_runs (created_at desc);

create table loop_run_transitions (
    id bigint generated always as identity primary key,
    loop_run uuid not null references loop_runs,
    from_stage text,
    to_stage text not null,
    reason text not null,
    actor text not null,
    at timestamptz not null
);
create index loop_run_transitions_run on loop_run_transitions (loop_run, id);
