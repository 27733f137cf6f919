create table notification_channels (
    id uuid primary key,
    name text not null,
    kind text not null,
    target text not null,
    secret text, -- protected; the key is a file of the service
    minimum_severity text not null,
    deployment text,
    send_resolved boolean not null,
    enabled boolean not null,
    since timestamptz not null, -- alerts that were over before this are none of its business
    deleted_at timestamptz
);
create unique index notification_channels_name on notification_channels (name) where deleted_at is null;

-- What a channel was told of a group of alerts, so that each is told once.
create table notification_groups (
    channel uuid not null references notification_channels (id),
    name text not null,
    state jsonb not null,
    primary key (channel, name)
);

create table notification_deliveries (
    id uuid primary key,
    channel uuid not null references notification_channels (id),
    group_name text not null,
    notification jsonb not null,
    state text not null,
    attempts integer not null default 0,
    answer text,
    created_at timestamptz not null,
    next_attempt_at timestamptz,
    delivered_at timestamptz
);
create index notification_deliveries_waiting on notification_deliveries (next_attempt_at) where state = 'waiting';
create index notification_deliveries_age on notification_deliveries (created_at desc);
