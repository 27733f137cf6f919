-- Batches as they arrived. The key stays after folding, so that a batch that comes again is known; the body goes.
create table telemetry_batches (
    replica text not null,
    boot_id uuid not null,
    sequence bigint not null,
    received_at timestamptz not null,
    body bytea,
    primary key (replica, boot_id, sequence)
);
create index telemetry_batches_waiting on telemetry_batches (received_at) where body is not null;
create index telemetry_batches_age on telemetry_batches (received_at);

-- What each boot of a replica has covered: every second in [covered_from, watermark) is folded.
create table telemetry_replicas (
    replica text not null,
    boot_id uuid not null,
    covered_from timestamptz not null,
    watermark timestamptz not null,
    received_at timestamptz not null,
    primary key (replica, boot_id)
);

create table series (
    id integer generated always as identity primary key,
    deployment text not null,
    model_name text not null,
    model_version integer not null,
    slot smallint not null,
    region text not null,
    camera text not null,
    unique (deployment, model_name, model_version, slot, region, camera)
);

-- One half-open time bucket of one series; resolution in seconds; sketch as SketchCodec writes it.
create table series_buckets (
    series integer not null references series (id),
    resolution smallint not null,
    start timestamptz not null,
    sketch bytea not null,
    primary key (series, resolution, start)
);
create index series_buckets_age on series_buckets (resolution, start);
