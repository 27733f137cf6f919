-- A deployment owns its aliases. The revision grows with each change; replicas converge on the highest.
create table deployments (
    name text primary key,
    champion_name text not null,
    champion_version integer not null,
    candidate_name text,
    candidate_version integer,
    previous_name text,
    previous_version integer,
    candidate_weight double precision not null default 0 check (candidate_weight between 0 and 1),
    latency_budget_ms double precision not null,
    zone text not null,
    operating_point double precision not null,
    regions jsonb not null,
    sampling jsonb not null,
    active_rollout uuid,
    revision bigint not null,
    updated_at timestamptz not null,
    foreign key (champion_name, champion_version) references model_versions (name, version),
    foreign key (candidate_name, candidate_version) references model_versions (name, version),
    foreign key (previous_name, previous_version) references model_versions (name, version)
);

-- Who changed which alias, and why.
create table deployment_transitions (
    id bigint generated always as identity primary key,
    deployment text not null references deployments (name),
    from_champion text,
    to_champion text not null,
    reason text not null,
    actor text not null,
    at timestamptz not null
);

-- Replicas that are alive: each shows itself every few seconds.
create table replicas (
    name text primary key,
    seen_at timestamptz not null
);
