create table rollouts (
    id uuid primary key,
    key text not null unique,
    deployment text not null references deployments (name),
    candidate_name text not null,
    candidate_version integer not null,
    champion_name text not null,
    champion_version integer not null,
    state text not null,
    step integer not null,
    steps jsonb not null,
    step_started_at timestamptz not null,
    loop_run text,
    created_at timestamptz not null,
    finished_at timestamptz,
    foreign key (candidate_name, candidate_version) references model_versions (name, version),
    foreign key (champion_name, champion_version) references model_versions (name, version)
);
create unique index rollouts_one_active on rollouts (deployment) where state in ('Running', 'Paused');
create index rollouts_by_deployment on rollouts (deployment, created_at desc);

create table rollout_transitions (
    id bigint generated always as identity primary key,
    rollout uuid not null references rollouts (id),
    from_state text not null,
    to_state text not null,
    reason text not null,
    actor text not null,
    at timestamptz not null
);
create index rollout_transitions_by_rollout on rollout_transitions (rollout, id);
