-- Old frames that Inference sends through a deployment. They live in tables of their own: nothing live reads them, nothing live can be changed by
-- them, retention by age does not touch them, and deleting one is one statement.
create table replays (
    id uuid primary key,
    deployment text not null,
    start jsonb not null, -- ReplayStart
    from_at timestamptz not null, -- the first frame's minute
    to_at timestamptz not null,
    baseline_until timestamptz not null,
    last_sequence bigint not null default 0, -- batches come in order, so the last number says which are counted
    watermark timestamptz not null, -- every second before it is counted
    judged_until timestamptz not null,
    judgement jsonb, -- ReplayJudgement: where the rules stand
    received_at timestamptz not null
);
create index replays_deployment on replays (deployment, received_at desc);

create table replay_buckets (
    replay uuid not null references replays (id) on delete cascade,
    start timestamptz not null, -- of the minute
    region text not null,
    camera text not null,
    sketch bytea not null,
    primary key (replay, start, region, camera)
);

create table replay_periods (
    replay uuid not null references replays (id) on delete cascade,
    from_at timestamptz not null,
    period jsonb not null, -- ReplayPeriod
    primary key (replay, from_at)
);
