create table pre_annotations (
    key text primary key,
    deployment text not null references deployments,
    model_name text not null,
    model_version int not null,
    tasks int not null,
    at timestamptz not null
);

-- The newest look of a model at a frame. Embeddings are comparable within one model only.
create table frame_detections (
    frame uuid primary key references frames,
    model_name text not null,
    model_version int not null,
    detections jsonb not null,
    embedding real[],
    at timestamptz not null
);

create table tasks (
    id uuid primary key,
    frame uuid not null unique references frames,
    deployment text not null references deployments,
    lane text not null check (lane in ('Training', 'Evaluation')),
    state text not null check (state in ('Waiting', 'Leased', 'Review', 'Accepted', 'Skipped')),
    priority double precision not null,
    rank double precision not null,
    class_names text[] not null,
    lease uuid,
    lease_until timestamptz,
    annotator text,
    boxes jsonb,
    revision int not null default 1,
    created_at timestamptz not null,
    constraint lease_while_leased check ((state = 'Leased') = (lease is not null and lease_until is not null))
);
create index tasks_waiting on tasks (lane, rank desc, id) where state = 'Waiting';
create index tasks_waiting_of_deployment on tasks (deployment, lane, rank desc, id) where state = 'Waiting';
create index tasks_leased on tasks (lease_until) where state = 'Leased';
create index tasks_state on tasks (deployment, state);

-- Counts claims, so that the lanes take turns.
create sequence claim_turns;

create table task_transitions (
    id bigint generated always as identity primary key,
    task uuid not null references tasks,
    from_state text,
    to_state text not null,
    reason text not null,
    actor text not null,
    at timestamptz not null
);
create index task_transitions_task on task_transitions (task, id);

-- What a person typed, kept whatever becomes of the lease.
create table drafts (
    task uuid not null references tasks,
    annotator text not null,
    boxes jsonb not null,
    saved_at timestamptz not null,
    primary key (task, annotator)
);

create table annotations (
    frame uuid not null references frames,
    version int not null,
    task uuid not null references tasks,
    class_names text[] not null,
    boxes jsonb not null,
    annotator text not null,
    accepted_at timestamptz not null,
    primary key (frame, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'Rows of % are immutable', tg_table_name;
end $$;

create trigger annotations_immutable before update or delete on annotations for each statement execute function refuse_change();
create trigger task_transitions_immutable before update or delete on task_transitions for each statement execute function refuse_change();
