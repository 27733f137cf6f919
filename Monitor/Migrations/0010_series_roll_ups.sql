-- Series by resolution, each partitioned by time: a table per resolution, because each is kept for another length of time and dropped by partition.
-- A bucket may have several rows ("parts": what came late is appended, never merged in place); reading sums them.
-- Before the first release nothing has to be carried over from the single table.
drop table series_buckets;

-- level 0: one camera; level 1: all cameras of a region together (camera is ''), which is what deployment-wide questions read.
alter table series add column level smallint not null default 0;
do $$ begin -- PostgreSQL cut the constraint's name short
    execute (select format('alter table series drop constraint %I', conname) from pg_constraint where conrelid = 'series'::regclass and contype = 'u');
end $$;
alter table series add constraint series_key unique (deployment, level, model_name, model_version, slot, region, camera);

-- The five columns are the parts of a sketch as SketchCodec writes them; a question reads only those it needs.
create table series_seconds (
    series integer not null,
    start timestamptz not null,
    counts bytea not null,
    latency bytea,
    stages bytea,
    distributions bytea,
    images bytea
) partition by range (start);
create index series_seconds_series on series_seconds (series, start);

create table series_ten_seconds (like series_seconds including all) partition by range (start);
create table series_minutes (like series_seconds including all) partition by range (start);
create table series_hours (like series_seconds including all) partition by range (start);
create table series_days (like series_seconds including all) partition by range (start);

-- Every bucket of this resolution that starts before the instant is written; what comes later for it is appended as a part.
-- Days follow the zone of their deployment and so have a frontier each; for the others deployment is ''.
create table series_frontiers (
    resolution integer not null,
    deployment text not null default '',
    until timestamptz not null,
    primary key (resolution, deployment)
);

-- Which seconds a waiting batch holds, in Unix seconds, and how far they are folded.
alter table telemetry_batches
    add column first_second bigint not null default 0,
    add column last_second bigint not null default 0,
    add column folded_until bigint not null default 0,
    alter column body set storage external; -- compact already, and gone within seconds
alter table telemetry_batches set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
drop index telemetry_batches_waiting;
create index telemetry_batches_waiting on telemetry_batches (first_second) where body is not null;

-- What a replica has reported; "watermark" stays what is folded of it.
alter table telemetry_replicas add column received_watermark timestamptz;
update telemetry_replicas set received_watermark = watermark;
alter table telemetry_replicas alter column received_watermark set not null;
