create table alert_rules (
    id uuid primary key,
    name text not null unique,
    deployment text, -- null = every deployment
    metric text not null,
    threshold double precision,
    for_minutes integer not null,
    severity text not null,
    runbook text not null,
    enabled boolean not null
);

-- One rule on one deployment, and how far its minutes have been judged.
create table alerts (
    id uuid primary key,
    rule uuid not null references alert_rules (id),
    deployment text not null,
    evaluated_until timestamptz not null,
    status jsonb not null,
    unique (rule, deployment)
);

create table alert_transitions (
    id bigint generated always as identity primary key,
    alert uuid not null references alerts (id),
    from_state text not null,
    to_state text not null,
    reason text not null,
    at timestamptz not null
);
create index alert_transitions_alert on alert_transitions (alert, at desc);

insert into alert_rules (id, name, deployment, metric, threshold, for_minutes, severity, runbook, enabled) values
    ('5b0e1f3a-0001-4c55-9a53-2f6f6f1d0a01', 'p95 latency over budget', null, 'latencyP95', null, 5, 'critical', 'latency-p95', true),
    ('5b0e1f3a-0002-4c55-9a53-2f6f6f1d0a02', 'Detections dropped', null, 'detectionDrop', 0.5, 10, 'critical', 'detection-drop', true);
