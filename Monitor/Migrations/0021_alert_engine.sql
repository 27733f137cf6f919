-- A deleted rule stays for the history of its alerts.
alter table alert_rules add deleted_at timestamptz;
alter table alert_rules drop constraint alert_rules_name_key;
create unique index alert_rules_name on alert_rules (name) where deleted_at is null;

-- Test alerts stand beside the real one of the same rule and deployment.
alter table alerts
    add acknowledgement jsonb,
    add test boolean not null default false,
    add replay boolean not null default false;
alter table alerts drop constraint alerts_rule_deployment_key;
create unique index alerts_one_per_rule on alerts (rule, deployment) where not test and not replay;

create index alert_transitions_at on alert_transitions (at desc);

-- What a rule compares with: computed once from the series of a locked baseline, which go sooner than the baseline does.
create table alert_references (
    rule uuid not null references alert_rules (id),
    baseline uuid not null references baselines (id),
    reference jsonb not null,
    primary key (rule, baseline)
);

-- The evaluator's sign of life.
create table alert_rounds (
    only_row boolean primary key default true check (only_row),
    ran_at timestamptz not null,
    closed_until timestamptz not null
);

-- Recurring jobs of other services, by their own account.
create table schedules (
    name text primary key,
    deployment text,
    heartbeat jsonb not null,
    received_at timestamptz not null
);
