create table baselines (
    id uuid primary key,
    key text not null unique,
    deployment text not null,
    model_name text not null,
    model_version integer not null,
    state text not null,
    window_from timestamptz not null,
    counted_until timestamptz not null, -- requests and detections hold [window_from, counted_until)
    locked_at timestamptz,
    progress double precision not null default 0,
    requests bigint not null default 0,
    detections bigint not null default 0,
    loop_run text,
    mean_average_precision double precision,
    content jsonb -- BaselineContent, once locked
);
create unique index baselines_one_locked on baselines (deployment) where state = 'locked';
create index baselines_deployment on baselines (deployment, window_from desc);

create table baseline_transitions (
    id bigint generated always as identity primary key,
    baseline uuid not null references baselines (id),
    from_state text not null,
    to_state text not null,
    reason text not null,
    actor text not null,
    at timestamptz not null
);

create table drift_reports (
    id uuid primary key,
    deployment text not null,
    baseline uuid not null references baselines (id),
    evaluated_at timestamptz not null,
    window_from timestamptz not null,
    level text not null,
    report jsonb not null
);
create index drift_reports_deployment on drift_reports (deployment, evaluated_at desc);
create index drift_reports_baseline on drift_reports (baseline, evaluated_at desc);

create table diagnoses (
    id uuid primary key,
    deployment text not null,
    made_at timestamptz not null,
    diagnosis jsonb not null
);
create index diagnoses_deployment on diagnoses (deployment, made_at desc);
