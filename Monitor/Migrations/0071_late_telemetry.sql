-- Closed stretches of time that got telemetry afterwards: written by folding with the telemetry itself, deleted by the evaluator with what it found.
create table late_telemetry (
    id bigint generated always as identity primary key,
    deployment text, -- null = who was heard changed, which concerns every deployment
    from_at timestamptz not null,
    to_at timestamptz not null
);

-- When late telemetry showed a change of state of an earlier time; null = it was judged in its turn.
alter table alert_transitions add column found_late_at timestamptz;
